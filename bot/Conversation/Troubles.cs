using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Conversation;

/// <summary>What of this process itself does not work: said in its own log, in the room, and in <c>status</c> until it is over.</summary>
public sealed partial class Troubles(IChatRoom room, ILogger<Troubles> log)
{
    private ImmutableArray<string> _now = [];

    /// <summary>A sentence each.</summary>
    public ImmutableArray<string> Now => _now;

    /// <summary>A part does not work until somebody has done something.</summary>
    /// <param name="sentence">What does not work, and what to do.</param>
    /// <param name="key">The key of its message; one like an alert's is shown where alerts are.</param>
    public void Add(string sentence, string? key = null)
    {
        Began(sentence);
        ImmutableInterlocked.Update(ref _now, t => t.Add(sentence));
        room.Post(new(key ?? $"trouble:{sentence}", null, sentence, null, [], Tone.Bad));
    }

    /// <summary>It works again.</summary>
    /// <param name="key">The key of its message.</param>
    public void Mended(string sentence, string key)
    {
        ImmutableInterlocked.Update(ref _now, t => t.Remove(sentence));
        room.Post(new(key, null, $"over: {sentence}", null, [], Tone.Good));
    }

    /// <summary>Says what people should know, and need not do anything about.</summary>
    public void Notice(string key, string sentence)
    {
        Noticed(sentence);
        room.Post(new(key, null, sentence, null, [], Tone.Plain));
    }

    [LoggerMessage(1, LogLevel.Warning, "{Sentence}")]
    private partial void Began(string sentence);

    [LoggerMessage(2, LogLevel.Information, "{Sentence}")]
    private partial void Noticed(string sentence);
}
