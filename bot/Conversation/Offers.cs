using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Language.Words;

namespace ChatOps.Bot.Conversation;

/// <summary>
/// What the card of a change offers, for those who read it. The room is one, and not everybody may say all that it offers.
/// </summary>
internal sealed class Offers(Ledger ledger)
{
    private const string Between = " · ";

    /// <summary>The gateway and the change that a message is the card of; null for any other message.</summary>
    public async Task<(GatewayState State, Change? Change)?> ChangeOfAsync(ChatMessage message, CancellationToken cancel)
    {
        if (message.Author is not null || !ChangeRef.TryParse(message.Key, out var key) || key.Gateway is not { } gateway)
            return null;
        var state = await ledger.LoadAsync(gateway, cancel);
        return (state, state.Changes.GetValueOrDefault(key.Number));
    }

    /// <summary>
    /// A card's text with other words for the lines that it ends with. One that ends with anything else stays as it is.
    /// </summary>
    /// <param name="said">What stands in a line's place; null for nothing.</param>
    public static string With(string text, ImmutableArray<string> next, Func<string, string?> said)
    {
        var (begin, last) = text.LastIndexOf('\n') is >= 0 and var at ? (text[..at], text[(at + 1)..]) : ("", text);
        var offered = last.Split(Between);
        if (next.IsEmpty || !offered.All(next.Contains))
            return text;
        var left = string.Join(Between, offered.Select(said).OfType<string>());
        return left.Length == 0 ? begin : $"{begin}\n{left}";
    }
}
