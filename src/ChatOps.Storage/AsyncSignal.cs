namespace ChatOps.Storage;

/// <summary>
/// Wakes whoever waits for new records. Take <see cref="Next"/> before looking at the log: a record that comes after the look has rung it.
/// </summary>
internal sealed class AsyncSignal
{
    private TaskCompletionSource _next = New();

    public Task Next => Volatile.Read(ref _next).Task;

    public void Ring() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
