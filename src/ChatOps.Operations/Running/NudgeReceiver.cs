using System.Collections.Concurrent;
using ChatOps.Core.Application.Ports;
using ChatOps.Operations.Applying;
using Microsoft.Extensions.Logging;

namespace ChatOps.Operations.Running;

/// <summary>
/// Takes nudges from a queue and works on them, gateways side by side: done, it is completed; broken, it comes again after a pause, and
/// after <see cref="NudgeHandler.MostTries"/> it is put aside.
/// </summary>
internal sealed partial class NudgeReceiver(INudgeQueue queue, NudgeHandler handler, TimeProvider clock, ILogger<NudgeReceiver> log)
    : IDisposable
{
    private const int MostAtOnce = 16;
    private static readonly TimeSpan BrokenPause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly SemaphoreSlim _free = new(MostAtOnce);

    /// <summary>Until cancelled, and then until what it had begun is stopped.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            // A place first: what is not worked on yet is better left to other processes.
            await _free.WaitAsync(cancel);
            await foreach (var taken in queue.ReceiveAsync(cancel))
            {
                Track(HandleAsync(taken, cancel));
                await _free.WaitAsync(cancel);
            }
        }
        finally
        {
            await Task.WhenAll(_running.Keys);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private void Track(Task task)
    {
        _running[task] = true;
        _ = task.ContinueWith(End, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void End(Task task)
    {
        _running.TryRemove(task, out _);
        _free.Release();
    }

    private async Task HandleAsync(TakenNudge taken, CancellationToken cancel)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancel, taken.Lost);
        try
        {
            if (taken.Nudge is not { } nudge)
            {
                Unreadable(taken.Text.Length);
                await handler.TellUnreadableAsync(taken.Text, lost.Token);
                await taken.PutAsideAsync("expected {\"gateway\":\"gw1\",\"revision\":12}");
                return;
            }

            await handler.RunAsync(nudge, taken.Delivery, lost.Token);
            await taken.CompleteAsync();
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // We stop, or somebody else has it by now. The log knows what is unfinished, and a nudge for it comes again.
        }
        catch (Exception e)
        {
            Broke(
                taken.Nudge is { } nudge ? $"applying {nudge.Gateway} revision {nudge.Revision}" : "a message that is no nudge",
                e.Message,
                e
            );
            await GiveBackAsync(taken, e, cancel);
        }
    }

    private async Task GiveBackAsync(TakenNudge taken, Exception broken, CancellationToken cancel)
    {
        try
        {
            if (taken.Delivery >= NudgeHandler.MostTries && broken is not LogUnavailableException)
            {
                await taken.PutAsideAsync(broken.Message);
                return;
            }

            await Task.Delay(BrokenPause, clock, cancel);
            await taken.AbandonAsync();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // As above.
        }
        catch (Exception e)
        {
            NotGivenBack(e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "a message of {Length} characters in the queue is no nudge; it is put aside")]
    private partial void Unreadable(int length);

    [LoggerMessage(2, LogLevel.Error, "{Work}: {Problem}")]
    private partial void Broke(string work, string problem, Exception why);

    [LoggerMessage(3, LogLevel.Warning, "giving back a nudge: {Problem}. It comes again by itself")]
    private partial void NotGivenBack(string problem);
}
