using ChatOps.Core.Changes;
using ChatOps.Core.Loops;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Operations.Applying;
using ChatOps.Operations.Reconciling;
using ChatOps.Operations.Statistics;
using Microsoft.Extensions.Logging;

namespace ChatOps.Operations.Running;

/// <summary>All that looks after gateways where no Functions host calls it: nudges as they come, and reconciling and statistics by timers.</summary>
/// <param name="receiver">Takes nudges.</param>
/// <param name="reconcile">Looks after all gateways.</param>
/// <param name="reconcileEvery">How often.</param>
/// <param name="sampler">Asks for statistics.</param>
/// <param name="clock">For the timers.</param>
/// <param name="log">Where it is logged what goes wrong; the timer goes on.</param>
public sealed partial class GatewayWorker(NudgeReceiver receiver, Reconcile reconcile, TimeSpan reconcileEvery, Sampler sampler, TimeProvider clock, ILogger<GatewayWorker> log) : IDisposable
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);

    /// <summary>One within a process of its own parts, without a host.</summary>
    public static GatewayWorker Create(Ledger ledger, ApplyTools tools, INudgeQueue queue, IHealthBoard board, ChangePolicy policy, ReconcileOptions looks, ILoggerFactory logs)
    {
        var reconcile = new Reconcile(ledger, queue, tools.Shell, board, policy, tools.Clock, looks);
        var handler = new NudgeHandler(new Apply(ledger, tools), reconcile, ledger, queue, board, tools.Clock);
        var sampler = new Sampler(ledger, tools.Shell, board, tools.Clock);
        return new(new NudgeReceiver(queue, handler, tools.Clock, logs.CreateLogger<NudgeReceiver>()), reconcile, looks.Every, sampler, tools.Clock, logs.CreateLogger<GatewayWorker>());
    }

    /// <summary>Starts to work.</summary>
    public void Start(BackgroundLoops loops)
    {
        loops.Start("taking nudges", receiver.RunAsync);
        loops.Start("reconciling by a timer", cancel => EveryAsync(reconcileEvery, "reconciling", reconcile.RunAsync, cancel));
        loops.Start("asking for statistics by a timer", cancel => EveryAsync(SampleEvery, "asking for statistics", sampler.RunAsync, cancel));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        receiver.Dispose();
        reconcile.Dispose();
    }

    private async Task EveryAsync(TimeSpan period, string what, Func<CancellationToken, Task> act, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(period, clock);
        do
        {
            try
            {
                await act(cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                // One time; the next may do. That something gave up waiting is no reason to stop either.
                Missed(what, e.Message);
            }
        } while (await timer.WaitForNextTickAsync(cancel));
    }

    [LoggerMessage(1, LogLevel.Warning, "{Work}: {Problem}")]
    private partial void Missed(string work, string problem);
}
