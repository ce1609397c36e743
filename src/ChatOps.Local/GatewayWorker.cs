using System.Collections.Concurrent;
using ChatOps.Core.Gateways;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;
using ChatOps.Functions.Apply;
using ChatOps.Functions.Reconcile;
using ChatOps.Functions.Statistics;

namespace ChatOps.Local;

/// <summary>
/// Plays the part of the Functions host in one process: hands nudges to Apply, one at a time a gateway and gateways side by side, nudges again
/// with growing pauses while a gateway does not answer, and calls Reconcile and the sampler by timers.
/// </summary>
internal sealed class GatewayWorker(Apply apply, Reconcile reconcile, TimeSpan reconcileEvery, Sampler sampler, INudgeQueue queue, TimeProvider clock, Action<string> complain)
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Name<Gateway>, int> _misses = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    /// <summary>Works until cancelled, and then until what it had begun is stopped.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        Task[] timers = [EveryAsync(reconcileEvery, "reconciling", reconcile.RunAsync, cancel), EveryAsync(SampleEvery, "asking for statistics", sampler.RunAsync, cancel)];
        try
        {
            await foreach (var taken in queue.ReceiveAsync(cancel))
                Track(ApplyAsync(taken, cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Task.WhenAll([.. _running.Keys, .. timers]);
        }
    }

    private void Track(Task task)
    {
        _running[task] = true;
        _ = task.ContinueWith(t => _running.TryRemove(t, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task ApplyAsync(TakenNudge taken, CancellationToken cancel)
    {
        var nudge = taken.Nudge;
        try
        {
            var following = reconcile.FollowAsync(nudge.Gateway, cancel);
            var result = await apply.RunAsync(nudge.Gateway, cancel);
            await following;
            await taken.CompleteAsync();
            if (result == ApplyResult.Settled)
            {
                // What has failed is not to be on the mirrors either, and a new mirror is to begin.
                await reconcile.FollowAsync(nudge.Gateway, cancel);
                _misses.TryRemove(nudge.Gateway, out _);
                return;
            }

            await PauseAsync(nudge.Gateway, cancel);
            await queue.SendAsync(nudge, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The log knows what is unfinished; the next start goes on with it.
        }
        catch (Exception e)
        {
            complain($"applying {nudge.Gateway} revision {nudge.Revision}: {e.Message}\n{e.StackTrace}");
            await GiveBackAsync(taken, cancel);
        }
    }

    private async Task GiveBackAsync(TakenNudge taken, CancellationToken cancel)
    {
        try
        {
            await PauseAsync(taken.Nudge.Gateway, cancel);
            await taken.AbandonAsync();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // As above.
        }
        catch (Exception e)
        {
            complain($"giving back the nudge for {taken.Nudge.Gateway}: {e.Message}. It comes again by itself");
        }
    }

    // Longer each time, until it works once.
    private Task PauseAsync(Name<Gateway> gateway, CancellationToken cancel)
    {
        var misses = _misses.AddOrUpdate(gateway, 1, (_, n) => n + 1);
        return Task.Delay(TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, misses - 1))), clock, cancel);
    }

    private async Task EveryAsync(TimeSpan period, string what, Func<CancellationToken, Task> act, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(period, clock);
        try
        {
            do
            {
                try
                {
                    await act(cancel);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    complain($"{what}: {e.Message}");
                }
            } while (await timer.WaitForNextTickAsync(cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }
}
