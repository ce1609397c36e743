namespace ChatOps.Discord;

/// <summary>Beats as Discord wants it, and notices when nobody listens any more: a connection that looks open and is dead.</summary>
internal sealed class Heartbeat(TimeSpan interval, Func<CancellationToken, Task> beat, TimeProvider clock, Random random)
{
    private volatile bool _isUnanswered;

    public void Acknowledge() => _isUnanswered = false;

    /// <summary>Beats until a beat stays unanswered for a whole interval.</summary>
    public async Task BeatAsync(CancellationToken cancel)
    {
        // The first beat comes at any moment, so that bots which came back together do not beat together.
        await Task.Delay(interval * random.NextDouble(), clock, cancel);
        while (!_isUnanswered)
        {
            _isUnanswered = true;
            await beat(cancel);
            await Task.Delay(interval, clock, cancel);
        }
    }
}
