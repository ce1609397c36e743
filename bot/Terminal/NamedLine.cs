using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;

namespace ChatOps.Bot.Terminal;

/// <summary>
/// A line typed at the terminal with the name of the one who says it in front: <c>operator: expose vm2:8080 on 80</c>, or as a transcript
/// shows it, <c>operator> expose ...</c>.
/// </summary>
internal static class NamedLine
{
    /// <summary>Who says what: a line without a name is <paramref name="otherwise"/>'s. Null when the name is nobody's.</summary>
    public static (Speaker Speaker, string Text)? Read(string line, ImmutableArray<Speaker> users, Speaker otherwise)
    {
        var trimmed = line.Trim();
        var end = trimmed.AsSpan().IndexOfAny(':', '>');
        if (end <= 0 || trimmed[..end].Any(char.IsWhiteSpace))
            return (otherwise, trimmed);
        var user = users.FirstOrDefault(u => u.Actor.Id.Equals(trimmed[..end], StringComparison.OrdinalIgnoreCase));
        return user is null ? null : (user, trimmed[(end + 1)..].Trim());
    }

    /// <summary>Who somebody is from now on: <c>as operator</c>. Null for any other line, and for a name that is nobody's.</summary>
    public static Speaker? Becoming(string line, ImmutableArray<Speaker> users) =>
        line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var word, var name]
        && word.Equals("as", StringComparison.OrdinalIgnoreCase)
            ? users.FirstOrDefault(u => u.Actor.Id.Equals(name, StringComparison.OrdinalIgnoreCase))
            : null;
}
