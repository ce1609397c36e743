namespace ChatOps.Core.Loops;

/// <summary>
/// The work in the background without which a process would only look alive. When one of the loops ends before it is told to, the process is to end with an
/// error, so that whoever watches over it starts it again: nothing is held that the log does not say.
/// </summary>
public sealed class BackgroundLoops : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<Task> _running = [];

    /// <summary>Never completes while all loops run; fails with <see cref="LoopEndedException"/> when the first has ended.</summary>
    public Task Broken => _broken.Task;

    /// <summary>Starts a loop, which runs until it is cancelled.</summary>
    /// <param name="what">What it does, such as <c>showing the log</c>.</param>
    /// <param name="loop">The loop.</param>
    public void Start(string what, Func<CancellationToken, Task> loop)
    {
        lock (_lock)
            _running.Add(WatchAsync(what, loop, _stop.Token));
    }

    /// <summary>Does something for as long as all loops run.</summary>
    /// <param name="act">What is done; cancelled when a loop has ended.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="LoopEndedException">A loop has ended.</exception>
    public async Task<T> WhileRunningAsync<T>(Func<CancellationToken, Task<T>> act, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var acting = act(over.Token);
        if (await Task.WhenAny(acting, Broken) == Broken)
        {
            await over.CancelAsync();
            await ((Task)acting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Broken;
        }

        return await acting;
    }

    /// <summary>Stops all loops. What one dies of meanwhile is no news any more.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_lock)
            running = [.. _running];
        await Task.WhenAll(running);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WatchAsync(string what, Func<CancellationToken, Task> loop, CancellationToken stop)
    {
        try
        {
            await loop(stop);
            if (!stop.IsCancellationRequested)
                Break(new(what, null));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception e)
        {
            Break(new(what, e));
        }
    }

    private void Break(LoopEndedException e)
    {
        // Looked at, also when nobody waits for it.
        if (_broken.TrySetException(e))
            _ = _broken.Task.Exception;
    }
}
