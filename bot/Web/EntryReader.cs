using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Core.Domain.Authority;

namespace ChatOps.Bot.Web;

/// <param name="Author">The person who said it; null for the bot.</param>
/// <param name="Folded">What of its text is only counted there; null for none.</param>
/// <param name="Diff">File diffs; null for none.</param>
/// <param name="Next">The parts of its text that are lines to type next, and work for the reader.</param>
internal sealed record EntryJson(
    long Sequence,
    DateTimeOffset At,
    string Key,
    string? Author,
    string Text,
    FoldedLines? Folded,
    string? Diff,
    ImmutableArray<ChatButton> Buttons,
    ImmutableArray<string> Next,
    Tone Tone,
    string? File,
    string? Download
);

/// <summary>Reads the room for one person. The room is one, and not everybody may see all of it, nor press all that it offers.</summary>
internal sealed class EntryReader(ConversationCore core, Speaker reader)
{
    private readonly Offers _offers = new(core.Ledger);

    public async Task<EntryJson> ReadAsync(RoomEntry entry, CancellationToken cancel)
    {
        var message = entry.Message;
        var reading = new Reading(await core.HiddenFromAsync(reader, cancel), reader.Zone ?? core.Clock.LocalTimeZone);
        var text = message.Author is null ? reading.Of(message.Text) : reading.Hidden.Hide(message.Text);
        var (buttons, next) = (message.Buttons, message.Author is null ? NextLines.In(text) : []);
        if (await _offers.ChangeOfAsync(message, cancel) is var (state, change))
        {
            var decisions = core.DecisionsOf(reader);
            buttons = change is null || buttons.IsEmpty ? [] : decisions.Of(state, change).May;
            var works = decisions.Sayable(state, next).ToImmutableArray();
            (text, next) = (Offers.With(text, next, l => works.Contains(l) ? l : null), works);
        }

        var folded = message.Folded is { } all ? all with { Lines = [.. all.Lines.Select(reading.Of)] } : null;
        var diff = message.Diff is { } files ? reading.Hidden.Hide(files) : null;
        var (key, author, tone) = (message.Key, message.Author, message.Tone);
        return new(entry.Sequence, entry.At, key, author, text, folded, diff, buttons, next, tone, message.File, message.Download);
    }
}
