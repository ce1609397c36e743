namespace ChatOps.Bot.Conversation;

/// <summary>Passes on how far something has come, once in a while, and not at all when it is quick.</summary>
internal sealed class SlowProgress(TimeProvider clock, TimeSpan every, Action<long> show) : IProgress<long>
{
    private long _last = clock.GetTimestamp();

    /// <inheritdoc/>
    public void Report(long value)
    {
        if (clock.GetElapsedTime(_last) < every)
            return;
        _last = clock.GetTimestamp();
        show(value);
    }
}
