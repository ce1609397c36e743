using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ChatOps.Bot.Chat;

namespace ChatOps.Bot.Local;

/// <summary>A message with its place in the room.</summary>
/// <param name="Sequence">Grows with every post and every edit.</param>
/// <param name="At">When it was posted or edited.</param>
public sealed record RoomEntry(long Sequence, DateTimeOffset At, ChatMessage Message);

/// <summary>
/// The one room of the local edition, which terminal and web page look at together. Remembers the last messages as they are now; the log
/// remembers everything.
/// </summary>
public sealed class ChatRoom(TimeProvider clock) : IChatRoom
{
    private const int CacheSize = 500;

    private readonly Lock _lock = new();
    private readonly List<RoomEntry> _entries = [];
    private readonly List<Channel<RoomEntry>> _followers = [];
    private long _sequence;

    /// <summary>The sequence of the last post or edit.</summary>
    public long Sequence => Interlocked.Read(ref _sequence);

    /// <summary>The keys of the messages that are there.</summary>
    public IReadOnlySet<string> Keys
    {
        get
        {
            lock (_lock)
                return _entries.Select(e => e.Message.Key).ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <inheritdoc/>
    public void Post(ChatMessage message)
    {
        lock (_lock)
        {
            var entry = new RoomEntry(++_sequence, clock.GetUtcNow(), message);
            var at = _entries.FindIndex(e => e.Message.Key == message.Key);
            if (at >= 0)
                _entries[at] = entry;
            else
                _entries.Add(entry);
            if (_entries.Count > CacheSize)
                _entries.RemoveAt(0);
            foreach (var follower in _followers)
                follower.Writer.TryWrite(entry);
        }
    }

    /// <summary>The messages that are there now, in their order, and then every post and edit, until cancelled.</summary>
    public async IAsyncEnumerable<RoomEntry> FollowAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var channel = Channel.CreateUnbounded<RoomEntry>(new() { SingleReader = true });
        RoomEntry[] present;
        lock (_lock)
        {
            present = [.. _entries];
            _followers.Add(channel);
        }

        try
        {
            foreach (var entry in present)
                yield return entry;
            await foreach (var entry in channel.Reader.ReadAllAsync(cancel))
                yield return entry;
        }
        finally
        {
            lock (_lock)
                _followers.Remove(channel);
        }
    }
}
