using System.Text;
using System.Text.RegularExpressions;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Docs;

/// <summary>What the program can say: the texts of its sources, templates and page, with a mark where something is filled in.</summary>
internal static partial class SaidTexts
{
    /// <summary>Stands for what is filled in.</summary>
    public const char Hole = '\0';

    private static readonly Lazy<string[]> Texts = new(() => [.. All().Where(t => t.Count(char.IsLetter) >= 4).Distinct()]);

    /// <summary>
    /// How much of a quotation, from 0 to 1, stands so in the text that is most like it; the rest of it fits where something is filled in.
    /// </summary>
    public static double Likeness(string quoted)
    {
        var words = Word().Matches(quoted).Select(m => m.Value).ToArray();
        var letters = quoted.Count(char.IsLetter);
        return Texts
            .Value.Where(t => words.Any(w => t.Contains(w, StringComparison.Ordinal)))
            .Select(t => (double)Standing(quoted, t) / letters)
            .DefaultIfEmpty(0)
            .Max();
    }

    // How many letters of the quotation are the text's own, where it is all of the text or a part of it; less than 0 when it is not.
    private static int Standing(string quoted, string text)
    {
        const int Never = int.MinValue / 2;
        var best = new int[text.Length + 1];
        for (var i = 0; ; i++)
        {
            // What is filled in may be nothing.
            for (var j = 0; j < text.Length; j++)
            {
                if (text[j] == Hole)
                    best[j + 1] = Math.Max(best[j + 1], best[j]);
            }

            if (i == quoted.Length)
                return best.Max();
            var next = new int[text.Length + 1];
            Array.Fill(next, Never);
            for (var j = 0; j < text.Length; j++)
            {
                if (text[j] == Hole)
                    next[j] = Math.Max(next[j], best[j]);
                else if (text[j] == quoted[i])
                    next[j + 1] = best[j] + (char.IsLetter(quoted[i]) ? 1 : 0);
            }

            best = next;
        }
    }

    private static IEnumerable<string> All() =>
        [
            .. Checkout
                .Sources.Where(f => !f.Contains("/tests/", StringComparison.Ordinal))
                .SelectMany(f => InCode(File.ReadAllText(f), "{")),
            .. Files("bot/Web/page", "*.js").SelectMany(f => InCode(File.ReadAllText(f), "${")),
            .. Files("templates/replies", "*.sbn").SelectMany(f => Filled().Replace(File.ReadAllText(f), $"{Hole}").Split('\n')),
        ];

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), pattern);

    // The texts of C# or JavaScript; also those within what is filled in.
    private static List<string> InCode(string code, string opens)
    {
        var found = new List<string>();
        for (var at = 0; at < code.Length; at++)
        {
            if (code[at] == '/' && at + 1 < code.Length && code[at + 1] == '/')
                at = EndOf(code, at, "\n");
            else if (code[at] == '\'' && at + 2 < code.Length && (code[at + 2] == '\'' || code[at + 1] == '\\'))
                at = EndOf(code, at + 2, "'");
            else if (code[at] is '"' or '`')
                at = Read(code, at, opens, found);
        }

        return found;
    }

    // From its quotation mark to the one at its end, whose place is returned.
    private static int Read(string code, int at, string opens, List<string> found)
    {
        var (isFilled, isRaw) = (code[at] == '`' || (at > 0 && code[at - 1] == '$'), code.AsSpan(at).StartsWith("\"\"\""));
        var (end, text) = (isRaw ? "\"\"\"" : $"{code[at]}", new StringBuilder());
        for (at += end.Length; at < code.Length && !code.AsSpan(at).StartsWith(end); at++)
        {
            if (code[at] == '\\' && !isRaw)
            {
                text.Append(
                    code[++at] switch
                    {
                        'n' => '\n',
                        var other => other,
                    }
                );
            }
            else if (isFilled && code.AsSpan(at).StartsWith(opens))
            {
                var last = Closing(code, at + opens.Length, opens, found);
                (at, _) = (last, text.Append(Hole));
            }
            else
            {
                text.Append(code[at]);
            }
        }

        found.AddRange(text.ToString().Split('\n').Select(l => l.Trim()));
        return at + end.Length - 1;
    }

    private static int Closing(string code, int at, string opens, List<string> found)
    {
        for (var depth = 1; at < code.Length; at++)
        {
            depth += code[at] switch
            {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            if (depth == 0)
                return at;
            if (code[at] is '"' or '`')
                at = Read(code, at, opens, found);
        }

        return at;
    }

    private static int EndOf(string code, int at, string what) =>
        code.IndexOf(what, at, StringComparison.Ordinal) is >= 0 and var end ? end : code.Length;

    [GeneratedRegex(@"\{\{.*?\}\}", RegexOptions.Singleline)]
    private static partial Regex Filled();

    [GeneratedRegex(@"\p{L}{4,}")]
    private static partial Regex Word();
}
