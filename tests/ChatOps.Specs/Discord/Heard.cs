using ChatOps.Discord;

namespace ChatOps.Specs.Discord;

/// <summary>What a gateway client has handed on so far.</summary>
internal sealed class Heard
{
    private readonly List<DiscordEvent> _events = [];
    private readonly CancellationTokenSource _stop;

    public Heard(DiscordGateway gateway, CancellationToken cancel)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Listening = Task.Run(() => ListenAsync(gateway, _stop.Token), CancellationToken.None);
    }

    /// <summary>Ends when the gateway does, with its exception.</summary>
    public Task Listening { get; }

    public IReadOnlyList<T> All<T>()
        where T : DiscordEvent
    {
        lock (_events)
            return [.. _events.OfType<T>()];
    }

    /// <summary>Waits until there are so many of a kind; gives the last.</summary>
    public Task<T> UntilAsync<T>(int count = 1)
        where T : DiscordEvent =>
        Eventually.ThereAsync(
            async () =>
            {
                if (All<T>() is var all && all.Count >= count)
                    return all[count - 1];
                if (Listening.IsFaulted)
                    await Listening;
                return null;
            },
            () => $"{typeof(T).Name} did not come {count} times; heard: {string.Join(", ", All<DiscordEvent>())}"
        );

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Listening);
    }

    private async Task ListenAsync(DiscordGateway gateway, CancellationToken cancel)
    {
        await foreach (var @event in gateway.ListenAsync(cancel))
        {
            lock (_events)
                _events.Add(@event);
        }
    }
}
