namespace ChatOps.Discord;

/// <summary>What the bot may send in all: 50 requests in any second, and nothing while Discord says so.</summary>
internal sealed class GlobalLimit(TimeProvider clock)
{
    private const int PerSecond = 50;

    // Discord counts when requests arrive, and the first of them may have been the slowest.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1.1);

    // Timers may fire a little early, and of less than a millisecond there are none.
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<DateTimeOffset> _sent = new();
    private DateTimeOffset _blockedUntil;

    public async Task EnterAsync(CancellationToken cancel)
    {
        while (WaitFor() is { } wait)
            await Task.Delay(wait, clock, cancel);
    }

    public void Block(TimeSpan time)
    {
        lock (_lock)
        {
            var until = clock.GetUtcNow() + time;
            _blockedUntil = until > _blockedUntil ? until : _blockedUntil;
        }
    }

    private TimeSpan? WaitFor()
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (now < _blockedUntil)
                return _blockedUntil - now + Early;
            while (_sent.TryPeek(out var oldest) && now - oldest >= Second)
                _sent.Dequeue();
            if (_sent.Count >= PerSecond)
                return _sent.Peek() + Second - now + Early;
            _sent.Enqueue(now);
            return null;
        }
    }
}
