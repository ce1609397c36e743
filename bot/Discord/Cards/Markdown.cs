using System.Text;
using System.Text.RegularExpressions;

namespace ChatOps.Bot.Discord.Cards;

/// <summary>
/// Our texts, with what people typed in them, as Discord's markdown. The one place where text is made harmless: it looks as it was typed,
/// mentions nobody, hides no address behind a word, and does not get out of a code block.
/// </summary>
internal static partial class Markdown
{
    private const char Nothing = '\u200b';

    public static string Prose(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (c is '\\' or '*' or '_' or '~' or '`' or '|' or '<')
                escaped.Append('\\');
            escaped.Append(c);

            // With something between, "@everyone" and "@here" are two words.
            if (c == '@')
                escaped.Append(Nothing);
        }

        // Brackets are in IPv6 addresses; only together with a parenthesis do they make a link of words.
        return LineStart().Replace(escaped.Replace("](", "]\\(").ToString(), "${before}\\${mark}");
    }

    /// <param name="language">What it is coloured as; <c>diff</c>, or empty.</param>
    public static string Block(string text, string language = "") =>
        $"```{language}\n{Backticks().Replace(text, $"${{one}}{Nothing}")}\n```";

    // Headings, quotes, lists and small print begin a line; so do the numbers of a list. "#12" is none of them.
    [GeneratedRegex(
        "(?<before>^ *([0-9]+(?=[.)] ))?)(?<mark>#(?=#{0,2} )|>|[+-](?=[ #])|[.)](?= ))",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex LineStart();

    // A backtick before another one.
    [GeneratedRegex("(?<one>`)(?=`)")]
    private static partial Regex Backticks();
}
