using System.Globalization;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Bot.Discord.Cards;

/// <summary>What a message of the room is about, read from its key. The rest of what is in the room is talk of other surfaces.</summary>
internal abstract record CardKey
{
    private CardKey() { }

    /// <summary>A change: <c>gw1#12</c>.</summary>
    public sealed record OfChange(Name<Gateway> Gateway, int Number) : CardKey;

    /// <summary>An alert: <c>gw1!drift@1790000000000</c>.</summary>
    public sealed record OfAlert(Name<Gateway> Gateway, string About) : CardKey;

    /// <summary>Reads a key; null for any other message.</summary>
    public static CardKey? Read(string key)
    {
        if (ChangeRef.TryParse(key, out var change) && change.Gateway is { } of)
            return new OfChange(of, change.Number);
        var (mark, at) = (key.IndexOf('!', StringComparison.Ordinal), key.LastIndexOf('@'));
        return
            mark > 0
            && at > mark
            && Name<Gateway>.TryParse(key[..mark], out var gateway)
            && long.TryParse(key[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? new OfAlert(gateway, key[(mark + 1)..at])
            : null;
    }
}
