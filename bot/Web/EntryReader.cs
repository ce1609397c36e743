using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
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
    private const string Between = " · ";

    public async Task<EntryJson> ReadAsync(RoomEntry entry, CancellationToken cancel)
    {
        var message = entry.Message;
        var reading = new Reading(await core.HiddenFromAsync(reader, cancel), reader.Zone ?? core.Clock.LocalTimeZone);
        var text = message.Author is null ? reading.Of(message.Text) : reading.Hidden.Hide(message.Text);
        var (buttons, next) = (message.Buttons, message.Author is null ? NextLines.In(text) : []);
        if (await ChangeOfAsync(message, cancel) is var (state, change))
        {
            var decisions = core.DecisionsOf(reader);
            buttons = change is null || buttons.IsEmpty ? [] : decisions.Of(state, change).May;
            var works = decisions.Sayable(state, next).ToImmutableArray();
            (text, next) = (Offering(text, next, works), works);
        }

        var folded = message.Folded is { } all ? all with { Lines = [.. all.Lines.Select(reading.Of)] } : null;
        var diff = message.Diff is { } files ? reading.Hidden.Hide(files) : null;
        var (key, author, tone) = (message.Key, message.Author, message.Tone);
        return new(entry.Sequence, entry.At, key, author, text, folded, diff, buttons, next, tone, message.File, message.Download);
    }

    // Of a card, the gateway and the change.
    private async Task<(GatewayState State, Change? Change)?> ChangeOfAsync(ChatMessage message, CancellationToken cancel)
    {
        if (message.Author is not null || !ChangeRef.TryParse(message.Key, out var key) || key.Gateway is not { } gateway)
            return null;
        var state = await core.Ledger.LoadAsync(gateway, cancel);
        return (state, state.Changes.GetValueOrDefault(key.Number));
    }

    // A card ends with what can be typed next, by whoever may; to each reader with what they may.
    private static string Offering(string text, ImmutableArray<string> next, ImmutableArray<string> works)
    {
        var (begin, last) = text.LastIndexOf('\n') is >= 0 and var at ? (text[..at], text[(at + 1)..]) : ("", text);
        var offered = last.Split(Between);
        if (works.Length == next.Length || !offered.All(next.Contains))
            return text;
        var left = string.Join(Between, offered.Where(works.Contains));
        return left.Length == 0 ? begin : $"{begin}\n{left}";
    }
}
