using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Local;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Web;

/// <summary>
/// Files with a secret that wait, in memory, to be fetched once by the one person that they are for. Their card in the room is shown to
/// that person only and holds nothing of them but an id.
/// </summary>
internal sealed class PrivateFiles(ChatRoom room, TimeProvider clock)
{
    private const int IdBytes = 16;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Waiting> _files = new(StringComparer.Ordinal);

    public void Offer(Actor to, PrivateFile file)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

        // Not started before the file is there to be taken away.
        var timer = clock.CreateTimer(_ => Expire(id), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _files[id] = new(to, file, timer);
        Show(id, to, $"{file.Name} waits here for you alone. It can be fetched once, within {Minutes} min.", Tone.Waiting, id);
        timer.Change(Lifetime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The file, for its person and the last time; null for anybody else, and when it is gone.</summary>
    public PrivateFile? Take(Actor who, string id)
    {
        if (!_files.TryGetValue(id, out var waiting) || !waiting.To.IsSameAs(who) || !_files.TryRemove(id, out _))
            return null;
        waiting.Timer.Dispose();
        Show(id, waiting.To, $"{waiting.File.Name} was fetched; no copy is kept. When it is lost:\n{waiting.File.Again}", Tone.Good, null);
        return waiting.File;
    }

    private static string Minutes => Lifetime.TotalMinutes.ToString(CultureInfo.InvariantCulture);

    private void Expire(string id)
    {
        if (!_files.TryRemove(id, out var waiting))
            return;
        waiting.Timer.Dispose();
        Show(
            id,
            waiting.To,
            $"{waiting.File.Name} was not fetched within {Minutes} min and is gone. For another one:\n{waiting.File.Again}",
            Tone.Bad,
            null
        );
    }

    private void Show(string id, Actor to, string text, Tone tone, string? file) =>
        room.Post(new($"file:{id}", null, text, null, [], tone, to, file));

    private sealed record Waiting(Actor To, PrivateFile File, ITimer Timer);
}
