using System.Collections.Immutable;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Conversation;

/// <summary>Which parts of a message are lines to type next, for surfaces on which they can be pressed.</summary>
internal static class NextLines
{
    private const string Next = "Next: ";

    private static readonly string[] Between = [" · ", ", or ", ", "];

    /// <summary>The lines of what begins with <c>Next:</c>, and of the last line of a message, where all of it is lines.</summary>
    public static ImmutableArray<string> In(string text)
    {
        var lines = text.Split('\n');
        return [.. lines.Where((l, i) => i == lines.Length - 1 || l.StartsWith(Next, StringComparison.Ordinal)).SelectMany(Of).Distinct()];
    }

    private static IEnumerable<string> Of(string line)
    {
        var parts = (line.StartsWith(Next, StringComparison.Ordinal) ? line[Next.Length..] : line).Split(Between, StringSplitOptions.None);
        return parts.All(p => Parser.Parse(Parser.WithAReason(p)) is ParseResult.Understood { Meant: null }) ? parts : [];
    }
}
