using ChatOps.Functions.Hosting;

namespace ChatOps.Functions.Reconcile;

/// <summary>The timer that looks after everything.</summary>
internal sealed class ReconcileFunction(Reconcile reconcile) : IFunction
{
    public string Name => "Reconcile";

    public Task RunAsync(Invocation call, CancellationToken cancel) => reconcile.RunAsync(cancel);
}
