using ChatOps.Operations.Reconciling;
using ChatOps.Operations.Statistics;
using Microsoft.Azure.Functions.Worker;

namespace ChatOps.Functions;

/// <summary>What a timer sets off.</summary>
public sealed class TimerFunctions(Reconcile reconcile, Sampler sampler)
{
    /// <summary>Looks after everything: what is unfinished, what is due, mirrors, drift.</summary>
    [Function("Reconcile")]
    public Task ReconcileAsync([TimerTrigger("*/15 * * * * *", RunOnStartup = true)] TimerInfo timer, CancellationToken cancel) =>
        reconcile.RunAsync(cancel);

    /// <summary>Asks what gateways have counted.</summary>
    [Function("Statistics")]
    public Task SampleAsync([TimerTrigger("*/5 * * * * *", RunOnStartup = true)] TimerInfo timer, CancellationToken cancel) =>
        sampler.RunAsync(cancel);
}
