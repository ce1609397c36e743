using System.Text;

namespace ChatOps.Bot.Exports;

/// <summary>Texts in the cells of tables that other programs open. They hold what people wrote, and must stay text there.</summary>
internal static class Cells
{
    private static readonly string[] MeansMore = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"];

    /// <summary>A cell of a CSV file (RFC 4180). One that a spreadsheet would take for a formula gets an apostrophe in front.</summary>
    public static string Csv(string text)
    {
        var plain = MeansMore.Any(m => text.TrimStart(' ').StartsWith(m, StringComparison.Ordinal)) ? "'" + text : text;
        return plain.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : plain;
    }

    /// <summary>A cell of a Markdown table: no mark-up, no link, no mention, no end of the row.</summary>
    public static string Markdown(string text)
    {
        var cell = new StringBuilder(text.Length + 8);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            // Any ASCII punctuation may stand after a backslash (CommonMark 0.31, section 2.4); these could mean something here.
            if (
                c
                is '\\'
                    or '`'
                    or '*'
                    or '_'
                    or '{'
                    or '}'
                    or '['
                    or ']'
                    or '<'
                    or '>'
                    or '('
                    or ')'
                    or '#'
                    or '+'
                    or '-'
                    or '.'
                    or '!'
                    or '|'
                    or '~'
                    or '@'
                    or ':'
                    or '&'
                    or '$'
            )
                cell.Append('\\');
            cell.Append(c);
        }

        return cell.ToString();
    }
}
