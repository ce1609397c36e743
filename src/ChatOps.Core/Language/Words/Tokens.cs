using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ChatOps.Core.Language.Words;

/// <summary>A word of a line, or a quoted text.</summary>
/// <param name="Text">The word, without its quotes.</param>
/// <param name="Quoted">True when it stood in quotes: then it is never a keyword.</param>
/// <param name="Start">Where it begins in the line, in characters.</param>
public readonly record struct Token(string Text, bool Quoted, int Start);

/// <summary>Splits a line into words. Quotes keep words together; a quote mark inside a word is an ordinary character.</summary>
public static class Tokens
{
    /// <summary>The words of a line, or null when a quote does not end.</summary>
    public static ImmutableArray<Token>? Split(string line)
    {
        var tokens = ImmutableArray.CreateBuilder<Token>();
        var i = 0;
        while (i < line.Length)
        {
            if (line[i] == ' ')
            {
                i++;
                continue;
            }

            var start = i;
            if (Closing(line[i]) is { } closing)
            {
                var end = line.IndexOf(closing, i + 1);
                if (end < 0)
                    return null;
                tokens.Add(new(line[(i + 1)..end].Trim(), true, start));
                i = end + 1;
            }
            else
            {
                while (i < line.Length && line[i] != ' ')
                    i++;
                tokens.Add(new(line[start..i], false, start));
            }
        }

        return tokens.ToImmutable();
    }

    /// <summary>
    /// A person's text made harmless: whatever could steer a terminal, hide text or change its direction becomes a space, and the text is
    /// cut at <paramref name="limit"/> characters.
    /// </summary>
    public static string Clean(string text, int limit)
    {
        var clean = new StringBuilder(Math.Min(text.Length, limit));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= limit)
                break;
            var isHidden =
                Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                        or UnicodeCategory.PrivateUse
                        or UnicodeCategory.OtherNotAssigned
                || rune == Rune.ReplacementChar;
            clean.Append(isHidden || Rune.IsWhiteSpace(rune) ? " " : rune.ToString());
        }

        return clean.ToString().Trim();
    }

    private static char? Closing(char opening) =>
        opening switch
        {
            '"' => '"',
            '\'' => '\'',
            '“' or '”' => '”',
            _ => null,
        };
}
