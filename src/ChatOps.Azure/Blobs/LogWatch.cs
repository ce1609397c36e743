using ChatOps.Hosting;
using ChatOps.Storage;

namespace ChatOps.Azure.Blobs;

/// <summary>
/// Looks for what other processes append, for all followers together: quickly while something happens, slower when nothing does, and
/// patiently while the log is out of reach.
/// </summary>
internal sealed class LogWatch(LogCatchUp catchUp, LogCopy copy, AsyncSignal news, BlobLogOptions options, TimeProvider time)
{
    private static readonly BackOff Away = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));

    private readonly AsyncSignal _hurried = new();
    private long _lastActivity = time.GetTimestamp();

    /// <summary>What the last look came to: null when the log answered.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Why the watch has ended, when it has not been stopped.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Something has happened, or is expected: look quickly for some seconds, beginning now.</summary>
    public void Hurry()
    {
        Volatile.Write(ref _lastActivity, time.GetTimestamp());
        _hurried.Ring();
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        var (seen, failures, quiet) = (copy.Tail.Position, 0, 1);
        try
        {
            while (true)
            {
                var hurried = _hurried.Next;
                try
                {
                    await catchUp.RunAsync(cancel);
                    (Trouble, failures) = (null, 0);
                }
                catch (Exception e) when (AzureErrors.IsTransient(e, cancel))
                {
                    Trouble = AzureErrors.Words(e);
                    failures++;
                }

                // Also what a process that shares the copy, or a reader of this one, has found.
                if (copy.Tail.Position is var position && position != seen)
                {
                    seen = position;
                    Volatile.Write(ref _lastActivity, time.GetTimestamp());
                    news.Ring();
                }

                quiet = time.GetElapsedTime(Volatile.Read(ref _lastActivity)) < options.Lively ? 1 : quiet + 1;
                var pause = failures > 0 ? Away.After(failures) : options.Looks.After(quiet);
                await hurried.WaitAsync(pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancel.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Stopped.
        }
        catch (Exception e)
        {
            // Followers say it.
            Fault = e;
            news.Ring();
        }
    }
}
