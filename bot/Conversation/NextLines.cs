using System.Collections.Immutable;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Conversation;

/// <summary>Which parts of a message are lines to type next, and the message with those of one reader.</summary>
internal static class NextLines
{
    private const string Next = "Next: ";

    private const string Or = ", or ",
        Dot = " · ";

    private static readonly string[] Between = [Dot, Or, ", "];

    /// <summary>The lines of what begins with <c>Next:</c>, and of the last line of a message, where all of it is lines.</summary>
    public static ImmutableArray<string> In(string text)
    {
        var lines = text.Split('\n');
        return [.. lines.Where((_, i) => IsPlace(lines, i)).SelectMany(Of).Distinct()];
    }

    /// <summary>The text with each of these lines as somebody is to see it; where none is left, its place goes too.</summary>
    /// <param name="offered">A line as it is offered; null for one that is not.</param>
    public static string Written(string text, Func<string, string?> offered)
    {
        var lines = text.Split('\n');
        return string.Join('\n', lines.Select((l, i) => IsPlace(lines, i) ? Written(Of(l), l, offered) : l).OfType<string>());
    }

    private static string? Written(string[] parts, string line, Func<string, string?> offered)
    {
        var left = parts.Select(offered).ToList();
        if (left.SequenceEqual(parts))
            return line;
        var isSentence = IsSentence(line);
        left.RemoveAll(l => l is null);
        return left.Count == 0 ? null : $"{(isSentence ? Next : "")}{string.Join(isSentence ? Or : Dot, left)}";
    }

    private static bool IsPlace(string[] lines, int at) => at == lines.Length - 1 || IsSentence(lines[at]);

    private static bool IsSentence(string line) => line.StartsWith(Next, StringComparison.Ordinal);

    private static string[] Of(string line)
    {
        var parts = (IsSentence(line) ? line[Next.Length..] : line).Split(Between, StringSplitOptions.None);
        return parts.All(p => Parser.Parse(Parser.WithAReason(p)) is ParseResult.Understood { Meant: null }) ? parts : [];
    }
}
