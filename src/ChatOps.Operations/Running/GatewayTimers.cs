using ChatOps.Operations.Reconciling;
using ChatOps.Operations.Statistics;
using Microsoft.Extensions.Logging;

namespace ChatOps.Operations.Running;

/// <summary>What a Functions host's timers set off, where there is none.</summary>
internal sealed partial class GatewayTimers(
    Reconcile reconcile,
    ReconcileOptions options,
    Sampler sampler,
    TimeProvider clock,
    ILogger<GatewayTimers> log
)
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);

    /// <summary>Looks after all gateways, again and again.</summary>
    public Task ReconcileAsync(CancellationToken cancel) => EveryAsync(options.Every, "reconciling", reconcile.RunAsync, cancel);

    /// <summary>Asks what they have counted, again and again.</summary>
    public Task SampleAsync(CancellationToken cancel) => EveryAsync(SampleEvery, "asking for statistics", sampler.RunAsync, cancel);

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
