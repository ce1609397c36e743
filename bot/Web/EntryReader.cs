using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Language.Words;

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
    public async Task<EntryJson> ReadAsync(RoomEntry entry, CancellationToken cancel)
    {
        var message = entry.Message;
        var reading = new Reading(await core.HiddenFromAsync(reader, cancel), reader.Zone ?? core.Clock.LocalTimeZone);
        var text = message.Author is null ? reading.Of(message.Text) : reading.Hidden.Hide(message.Text);
        var next = message.Author is null ? NextLines.In(text) : [];
        if (!next.IsEmpty)
        {
            var states = await core.Ledger.LoadAllAsync(cancel);
            var decisions = core.DecisionsOf(reader);
            next = [.. next.Where(l => decisions.MaySay(states, l))];
            if (message.IsForAll)
                text = NextLines.Written(text, l => next.Contains(l) ? l : null);
        }

        var folded = message.Folded is { } all ? all with { Lines = [.. all.Lines.Select(reading.Of)] } : null;
        var diff = message.Diff is { } files ? reading.Hidden.Hide(files) : null;
        var (key, author, tone) = (message.Key, message.Author, message.Tone);
        var buttons = await ButtonsAsync(message, cancel);
        return new(entry.Sequence, entry.At, key, author, text, folded, diff, buttons, next, tone, message.File, message.Download);
    }

    private async Task<ImmutableArray<ChatButton>> ButtonsAsync(ChatMessage message, CancellationToken cancel)
    {
        if (message.Buttons.IsEmpty || !ChangeRef.TryParse(message.Key, out var key) || key.Gateway is not { } gateway)
            return message.Buttons;
        var state = await core.Ledger.LoadAsync(gateway, cancel);
        return state.Changes.GetValueOrDefault(key.Number) is { } change ? core.DecisionsOf(reader).Of(state, change).May : [];
    }
}
