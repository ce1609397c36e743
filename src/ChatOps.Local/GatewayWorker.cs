using System.Collections.Concurrent;
using ChatOps.Core.Gateways;
using ChatOps.Core.Loops;
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
internal sealed class GatewayWorker(NudgedWork work, Reconcile reconcile, TimeSpan reconcileEvery, Sampler sampler, INudgeQueue queue, TimeProvider clock, Action<string> complain)
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BrokenPause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Name<Gateway>, int> _broken = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    /// <summary>Starts to work.</summary>
    public void Start(BackgroundLoops loops)
    {
        loops.Start("taking nudges", TakeAsync);
        loops.Start("reconciling by a timer", cancel => EveryAsync(reconcileEvery, "reconciling", reconcile.RunAsync, cancel));
        loops.Start("asking for statistics by a timer", cancel => EveryAsync(SampleEvery, "asking for statistics", sampler.RunAsync, cancel));
    }

    // Until cancelled, and then until what it had begun is stopped.
    private async Task TakeAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var taken in queue.ReceiveAsync(cancel))
                Track(ApplyAsync(taken, cancel));
        }
        finally
        {
            await Task.WhenAll(_running.Keys);
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
            var pause = await work.RunAsync(nudge.Gateway, cancel);
            await taken.CompleteAsync();
            _broken.TryRemove(nudge.Gateway, out _);
            if (pause is { } wait)
                await queue.SendLaterAsync(nudge, wait, clock, cancel);
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

    // As a queue does: some tries, and then it is put aside until somebody says retry.
    private async Task GiveBackAsync(TakenNudge taken, CancellationToken cancel)
    {
        var gateway = taken.Nudge.Gateway;
        try
        {
            if (_broken.AddOrUpdate(gateway, 1, (_, n) => n + 1) < NudgedWork.MostTries)
            {
                await Task.Delay(BrokenPause, clock, cancel);
                await taken.AbandonAsync();
                return;
            }

            _broken.TryRemove(gateway, out _);
            await work.SetAsideAsync(gateway, cancel);
            await taken.CompleteAsync();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // As above.
        }
        catch (Exception e)
        {
            complain($"giving back the nudge for {gateway}: {e.Message}. It comes again by itself");
        }
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
                complain($"{what}: {e.Message}");
            }
        } while (await timer.WaitForNextTickAsync(cancel));
    }
}
