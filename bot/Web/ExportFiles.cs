using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Local;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Web;

/// <summary>Answers as files that wait to be fetched by the one person who asked, for a while; then they are deleted.</summary>
internal sealed class ExportFiles(ChatRoom room, TimeProvider clock)
{
    private const int IdBytes = 16;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Waiting> _files = new(StringComparer.Ordinal);

    /// <summary>Lets a person fetch a file, and says where it went.</summary>
    public string Offer(Actor to, AnswerFile file)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

        // Not started before the file is there to be taken away.
        var timer = clock.CreateTimer(_ => Expire(id), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _files[id] = new(to, file, timer);
        room.Post(new($"export:{id}", null, $"{file.Name} waits here for {Minutes} min.", null, [], Tone.Good, to, Download: id));
        timer.Change(Lifetime, Timeout.InfiniteTimeSpan);
        return $"for {to.Name}, on their page";
    }

    /// <summary>The file, for its person; null for anybody else, and when it is gone.</summary>
    public AnswerFile? Find(Actor who, string id) =>
        _files.TryGetValue(id, out var waiting) && waiting.To.IsSameAs(who) ? waiting.File : null;

    private static string Minutes => Lifetime.TotalMinutes.ToString(CultureInfo.InvariantCulture);

    private void Expire(string id)
    {
        if (!_files.TryRemove(id, out var waiting))
            return;
        waiting.Timer.Dispose();
        File.Delete(waiting.File.Path);
        room.Post(new($"export:{id}", null, $"{waiting.File.Name} is gone; ask again.", null, [], Tone.Plain, waiting.To));
    }

    private sealed record Waiting(Actor To, AnswerFile File, ITimer Timer);
}
