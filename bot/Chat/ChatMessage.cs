using System.Collections.Immutable;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Chat;

/// <summary>What a message says at a glance: its colour.</summary>
public enum Tone
{
    /// <summary>No colour: an answer that asks for nothing.</summary>
    Plain,

    /// <summary>Waiting for someone.</summary>
    Waiting,

    /// <summary>A change that is being applied, or waits for its gateway.</summary>
    Working,

    /// <summary>A change that is in force, or an alert that is cleared.</summary>
    Good,

    /// <summary>Refused, failed.</summary>
    Bad,
}

/// <summary>A button: pressing it says a line.</summary>
/// <param name="Label">What stands on it.</param>
/// <param name="Line">The line that it says in the name of whoever presses it.</param>
/// <param name="AsksReason">True when a reason is asked for first; it is added to the line in quotes.</param>
public sealed record ChatButton(string Label, string Line, bool AsksReason = false);

/// <summary>What a text only counts, for surfaces that can unfold it.</summary>
/// <param name="Words">The line of the text that stands for it: <c>and 110 more</c>.</param>
/// <param name="Lines">The lines that it stands for.</param>
public sealed record FoldedLines(string Words, ImmutableArray<string> Lines);

/// <summary>A message in the room. Posting a second one with the same key edits the first.</summary>
/// <param name="Key">What it belongs to: <c>gw1#12</c> for a change, unique for an answer.</param>
/// <param name="Author">The person who said it; null for the bot.</param>
/// <param name="Diff">File diffs, to be folded where that is possible; null for none.</param>
/// <param name="For">The only one who sees it; null for everybody. Surfaces that many look at do not show it at all.</param>
/// <param name="File">The id under which a <see cref="PrivateFile"/> waits to be fetched; null for none.</param>
/// <param name="Download">The id under which an <see cref="AnswerFile"/> waits to be fetched; null for none.</param>
/// <param name="Folded">What of its text is only counted there; null for none.</param>
public sealed record ChatMessage(
    string Key,
    string? Author,
    string Text,
    string? Diff,
    ImmutableArray<ChatButton> Buttons,
    Tone Tone,
    Actor? For = null,
    string? File = null,
    string? Download = null,
    FoldedLines? Folded = null
)
{
    /// <summary>True for what was written for everybody: the message of a change or an alert, and no answer to somebody.</summary>
    internal bool IsForAll => Author is null && !IsAnswer;

    /// <summary>True for the answer to a line.</summary>
    internal bool IsAnswer => Key.StartsWith(AnswerPrefix, StringComparison.Ordinal);

    private const string AnswerPrefix = "answer:";
}

/// <summary>A line that a person said.</summary>
/// <param name="Id">Unique for ever; the same when the same line arrives twice.</param>
/// <param name="Whisper">Hands the speaker something that nobody else sees; null where that cannot be.</param>
/// <param name="Reply">Where its answer goes when that is not the room; what becomes of a change is shown in the room all the same.</param>
/// <param name="Hand">Hands the speaker a file and says where it went, for the answer; null where files stay on this machine.</param>
/// <param name="Progress">Shows the speaker, and nobody else, how far something has come that takes long; null where nobody looks
/// meanwhile.</param>
/// <param name="Decided">Hears what the line has decided about a change; null where nobody asks.</param>
public sealed record ChatLine(
    string Id,
    Speaker Speaker,
    string Text,
    Action<PrivateFile>? Whisper,
    Action<ChatMessage>? Reply = null,
    Func<AnswerFile, CancellationToken, Task<string>>? Hand = null,
    Action<ChatMessage>? Progress = null,
    Action<Outcome.Decided>? Decided = null
)
{
    /// <summary>Hands the speaker a file, and says where it went.</summary>
    public Task<string> HandAsync(AnswerFile file, CancellationToken cancel) =>
        Hand is { } hand ? hand(file, cancel) : Task.FromResult($"written to {file.Path}");

    /// <summary>Shows the speaker how far it is.</summary>
    public void ShowProgress(string text) => Progress?.Invoke(new($"answer:{Id}", null, text, null, [], Tone.Working));
}

/// <summary>Where messages go: all surfaces that people look at.</summary>
public interface IChatRoom
{
    /// <summary>Shows a message, or edits the one with its key.</summary>
    void Post(ChatMessage message);
}
