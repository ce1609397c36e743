using System.Globalization;
using System.Text;

namespace ChatOps.Gateway.Checking;

/// <summary>
/// A line as a template writes it, with holes: "listen 0.0.0.0:{port} udp;". A line is one of these or it is refused; what stands fast is
/// compared character by character, and a hole takes what its <see cref="Kind"/> understands. Braces that hold no small letters alone stand
/// for themselves.
/// </summary>
internal sealed class Pattern
{
    private readonly List<(string Fixed, Kind? Kind)> _pieces = [];

    private Pattern(string text) => Text = text;

    public string Text { get; }

    /// <summary>True when it begins with a hole, so that any word can be the beginning of it.</summary>
    public bool BeginsWithHole => _pieces[0].Fixed.Length == 0;

    /// <summary>The word that it begins with; empty when it begins with a hole or a sign.</summary>
    public string Word { get; private set; } = "";

    public static Pattern Of(string text)
    {
        var pattern = new Pattern(text);
        var start = 0;
        for (var at = text.IndexOf('{', StringComparison.Ordinal); at >= 0; at = text.IndexOf('{', at + 1))
        {
            var end = at + 1;
            while (end < text.Length && (char.IsAsciiLetterLower(text[end]) || char.IsAsciiDigit(text[end])))
                end++;
            if (end == at + 1 || end == text.Length || text[end] != '}')
                continue;
            pattern._pieces.Add((text[start..at], Kind.Named(text[(at + 1)..end])));
            start = end + 1;
        }

        pattern._pieces.Add((text[start..], null));
        pattern.Word = WordOf(pattern._pieces[0].Fixed).ToString();
        return pattern;
    }

    /// <summary>The letters, digits, hyphens and underscores that a line begins with.</summary>
    public static ReadOnlySpan<char> WordOf(ReadOnlySpan<char> line)
    {
        var end = 0;
        while (end < line.Length && (char.IsAsciiLetterOrDigit(line[end]) || line[end] is '_' or '-'))
            end++;
        return line[..end];
    }

    /// <summary>
    /// Reads a line. When it is not this, says how many of its characters are, and why the next ones are not where that can be told. The
    /// values go into a list that is emptied first.
    /// </summary>
    public bool TryRead(ReadOnlySpan<char> line, Machine machine, List<Value> values, out int length, out string? why)
    {
        values.Clear();
        length = 0;
        why = null;
        foreach (var (text, kind) in _pieces)
        {
            var common = line[length..].CommonPrefixLength(text);
            length += common;
            if (common < text.Length)
                return false;
            if (kind is null)
                continue;
            var end = kind.LengthIn(line[length..]);
            if (kind.Read(line.Slice(length, end), machine, ref why) is not { } value)
                return false;
            values.Add(value);
            length += end;
        }

        return length == line.Length;
    }

    public string Print(IReadOnlyList<Value> values)
    {
        var line = new StringBuilder();
        var next = 0;
        foreach (var (text, kind) in _pieces)
        {
            line.Append(text);
            if (kind is not null)
                line.Append(kind.Print(values[next++]));
        }

        return line.ToString();
    }

    /// <summary>As people read it: with the names of what goes into the holes.</summary>
    public override string ToString() =>
        string.Concat(_pieces.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Fixed}{p.Kind?.Shown}")));
}
