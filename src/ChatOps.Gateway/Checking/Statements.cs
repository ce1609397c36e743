using System.Text;

namespace ChatOps.Gateway.Checking;

/// <summary>A line that was understood. It is one and the same object for all lines of a file: look at it, do not keep it.</summary>
internal sealed class Statement
{
    private readonly List<Value> _values = [];

    /// <summary>The part of the file that it stands in; of a line that opens a part, the one around it.</summary>
    public Section Section { get; private set; } = null!;

    /// <summary>What it is; null for a closing brace, which belongs to the part that it ends.</summary>
    public Pattern? Pattern { get; private set; }

    /// <summary>The pattern's text, for a switch; "}" for a closing brace.</summary>
    public string Text => Pattern?.Text ?? "}";

    /// <summary>The line's number, from 1.</summary>
    public int Line { get; private set; }

    public Value this[int hole] => _values[hole];

    public bool TryRead(
        Section section,
        Pattern pattern,
        int number,
        ReadOnlySpan<char> line,
        Machine machine,
        out int length,
        out string? why
    )
    {
        (Section, Pattern, Line) = (section, pattern, number);
        return pattern.TryRead(line, machine, _values, out length, out why);
    }

    public void Close(Section section, int number) => (Section, Pattern, Line) = (section, null, number);

    /// <summary>The line, written from what was understood of it.</summary>
    public string Print() => Pattern?.Print(_values) ?? "}";
}

/// <summary>Reads a file statement by statement. A line is an empty one, a comment that begins it, or one of the statements of its
/// section.</summary>
internal static class Statements
{
    // What could end a comment early or make it more than that, for any of the programs that read our files.
    private static readonly char[] NotInComments = ['"', '\\', '$', '`'];

    /// <summary>What a statement says against itself, or null.</summary>
    public delegate string? Look(Statement statement);

    /// <summary>What is wrong with the first statement that is not one, or against which <paramref name="look"/> says something; null when
    /// nothing is. Comments begin with <paramref name="comment"/> and a space.</summary>
    public static string? Read(ReadOnlySpan<byte> text, Section root, Machine machine, Look look, char comment = '#')
    {
        if (Lines.Complaint(text) is { } complaint)
            return complaint;
        var open = new Stack<Section>([root]);
        var statement = new Statement();
        Span<char> buffer = stackalloc char[Lines.Longest];
        var number = 0;
        while (!text.IsEmpty)
        {
            number++;
            var end = text.IndexOf((byte)'\n');
            var raw = buffer[..Encoding.ASCII.GetChars(text[..end], buffer)];
            text = text[(end + 1)..];
            var line = (ReadOnlySpan<char>)raw.TrimStart(' ');
            if (raw.IsEmpty)
                continue;
            var reason =
                line.IsEmpty || line[^1] == ' ' ? "should not end with a space"
                : line[0] == comment ? CommentComplaint(line)
                : Take(line, number, open, machine, statement, look);
            if (reason is not null)
                return $"line {number}: {reason}";
        }

        while (open.Count > 1)
        {
            if (open.Pop().HasBraces)
                return $"line {number}: a closing brace is missing";
        }

        return null;
    }

    private static string? CommentComplaint(ReadOnlySpan<char> line) =>
        (line.Length > 1 && line[1] != ' ') || line.IndexOfAny(NotInComments) >= 0
            ? $"a comment begins with {line[0]} and a space, and has none of {string.Join(' ', NotInComments)}"
            : null;

    private static string? Take(ReadOnlySpan<char> line, int number, Stack<Section> open, Machine machine, Statement statement, Look look)
    {
        string? reason = null;
        var innermost = open.Peek().Name;
        while (true)
        {
            var section = open.Peek();
            if (line is "}" && open.Count > 1 && section.HasBraces)
            {
                open.Pop();
                statement.Close(section, number);
                return look(statement);
            }

            foreach (var (pattern, inner) in section.For(line))
            {
                if (!statement.TryRead(section, pattern, number, line, machine, out _, out _))
                    continue;
                if (inner is not null)
                    open.Push(inner);
                return look(statement);
            }

            // The innermost part that knows the word has the best reason.
            reason ??= Nearest(section, line, number, machine, statement);
            if (section.HasBraces || open.Count == 1)
                return reason ?? $"{Shown(line)} is not allowed {(innermost.Length == 0 ? "here" : $"in {innermost}")}";
            open.Pop();
        }
    }

    // Why a value of it may not be, or else: of several patterns that begin with the same word the one of which the line has most.
    private static string? Nearest(Section section, ReadOnlySpan<char> line, int number, Machine machine, Statement statement)
    {
        Pattern? nearest = null;
        string? reason = null;
        var most = -1;
        foreach (var (pattern, _) in section.For(line))
        {
            statement.TryRead(section, pattern, number, line, machine, out var length, out var why);

            // Another word is no reason to name this one.
            if ((reason is not null && why is null) || (length == 0 && !pattern.BeginsWithHole))
                continue;
            if (length > most || (reason is null && why is not null))
                (nearest, most, reason) = (pattern, length, why);
        }

        return reason ?? (nearest is null ? null : $"should be: {nearest}");
    }

    private static string Shown(ReadOnlySpan<char> line)
    {
        var end = line.IndexOf(' ');
        var word = end < 0 ? line : line[..end];
        return word.Length > 40 ? $"{word[..40]}..." : word.ToString();
    }
}
