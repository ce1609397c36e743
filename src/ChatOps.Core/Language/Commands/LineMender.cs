using System.Collections.Immutable;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

/// <summary>
/// Mends a line that is nearly one of the forms of a command. It changes one thing, and only by words that the form itself has: what a
/// mended line says of machines, ports, changes and people is what was typed.
/// </summary>
/// <param name="forms">The forms of the command that the line begins with.</param>
/// <param name="reads">True for a line that would be understood.</param>
internal sealed class LineMender(ImmutableArray<CommandSpec> forms, string line, ImmutableArray<Token> tokens, Func<string, bool> reads)
{
    private const int MostWords = 16;
    private const string Because = "because";
    private static readonly ImmutableHashSet<string> Fillers = ["a", "an", "now", "please", "pls", "port", "ports", "thanks", "the"];
    private static readonly ImmutableHashSet<string> Arrows =
    [
        "->",
        "=>",
        ">",
        "=",
        ":",
        "as",
        "at",
        "by",
        "for",
        "in",
        "into",
        "on",
        "onto",
        "over",
        "to",
        "via",
        "with",
    ];

    private readonly ImmutableArray<string> _words =
    [
        .. tokens.Select((t, i) => line[t.Start..(i + 1 < tokens.Length ? tokens[i + 1].Start : line.Length)].TrimEnd()),
    ];

    /// <summary>The mended line; null when one change is not enough.</summary>
    public string? Mend() =>
        _words.Length > MostWords
            ? null
            : Candidates().Where(KeepsTheReason).Select(w => string.Join(' ', w)).FirstOrDefault(c => c != line && reads(c));

    // What somebody gives in quotes as the reason is the reason, all of it and nothing else.
    private bool KeepsTheReason(ImmutableArray<string> words) =>
        Reason(_words) is not { } typed || !tokens[_words.IndexOf(typed)].Quoted || Reason(words) == typed;

    // What follows the word that begins it.
    private static string? Reason(ImmutableArray<string> words) =>
        words.IndexOf(Because, 0, StringComparer.OrdinalIgnoreCase) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : null;

    // The likeliest slip first; a reason takes whatever follows it, so it comes last.
    private IEnumerable<ImmutableArray<string>> Candidates()
    {
        foreach (var spec in forms)
        {
            var name = spec.Words.Length;
            var after = Enumerable.Range(name, Math.Max(0, _words.Length - name)).ToList();
            foreach (var at in after.Where(i => !tokens[i].Quoted))
            {
                if (Fillers.Contains(_words[at].ToLowerInvariant()))
                    yield return _words.RemoveAt(at);
                if (_words[at].TrimEnd('.', '!', '?', ',', ';') is { Length: > 0 } bare && bare != _words[at])
                    yield return _words.SetItem(at, bare);
                if (DidYouMean.Closest(_words[at].ToLowerInvariant(), WordsOf(spec)) is { } meant)
                    yield return _words.SetItem(at, meant);
            }

            foreach (var word in spec.Parts.OfType<Part.Word>().Select(w => w.Text))
            {
                foreach (var at in after)
                    yield return _words.Insert(at, word);
                foreach (var at in after.Where(i => Arrows.Contains(_words[i].ToLowerInvariant())))
                    yield return _words.SetItem(at, word);
            }

            foreach (var at in after.Skip(1))
                yield return _words.RemoveAt(at).SetItem(at - 1, $"{_words[at - 1]}:{_words[at]}");
            // A name that may be one of several things is made none of them.
            var clauses = spec.Parts.OfType<Part.Clause>().ToLookup(IsName);
            foreach (var clause in clauses[false].Concat(clauses[true].Count() == 1 ? clauses[true] : []).OrderBy(c => c.Kind.TakesRest))
            {
                // What begins a clause is not what somebody gives as the reason.
                foreach (var at in after.Where(i => !clause.Kind.TakesRest || !IsOurs(tokens[i])))
                    yield return _words.Insert(at, clause.Keyword);
                foreach (
                    var at in after.Where(i =>
                        Arrows.Contains(_words[i].ToLowerInvariant()) && (!clause.Kind.TakesRest || !IsOurs(tokens[i]))
                    )
                )
                    yield return _words.SetItem(at, clause.Keyword);
            }
        }
    }

    private bool IsOurs(Token token) =>
        forms.Any(f =>
            f.IsClause(token) || f.Parts.OfType<Part.Word>().Any(w => w.Text.Equals(token.Text, StringComparison.OrdinalIgnoreCase))
        );

    // Any word may be one.
    private static bool IsName(Part.Clause clause) => !clause.Kind.TakesRest && clause.Kind.Read("name") is not null;

    private static IEnumerable<string> WordsOf(CommandSpec spec) =>
        spec.Parts.SelectMany(p =>
            p switch
            {
                Part.Word w => [w.Text],
                Part.Flag f => [f.Text],
                Part.Clause c => [c.Keyword],
                Part.Value { Kind: { IsChoice: true } kind } => kind.Placeholder.Split('|'),
                Part.Optional { Kind: { IsChoice: true } kind } => kind.Placeholder.Split('|'),
                _ => Array.Empty<string>(),
            }
        );
}
