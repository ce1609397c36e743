namespace ChatOps.StandIns;

/// <summary>Time that runs faster, so that what takes minutes can be tested over real connections.</summary>
/// <param name="factor">How many times faster.</param>
public sealed class HurriedClock(double factor) : TimeProvider
{
    private readonly long _began = System.GetTimestamp();
    private readonly DateTimeOffset _start = System.GetUtcNow();

    /// <inheritdoc/>
    public override long GetTimestamp() => _began + (long)((System.GetTimestamp() - _began) * factor);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + System.GetElapsedTime(_began) * factor;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(System.CreateTimer(callback, state, Shorter(dueTime), Shorter(period)), this);

    private TimeSpan Shorter(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / factor;

    private sealed class Timer(ITimer inner, HurriedClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(clock.Shorter(dueTime), clock.Shorter(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
