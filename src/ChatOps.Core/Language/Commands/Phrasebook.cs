using System.Collections.Frozen;
using System.Collections.Immutable;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

/// <summary>
/// Reads lines as people say them, by what the catalogue declares: other names of commands, other orders of words, polite words around
/// them. It writes the line that is meant, and that line is read as any other is.
/// </summary>
/// <param name="exactly">Reads a line as it stands; null when it is none.</param>
internal sealed class Phrasebook(Func<string, ParseResult.Understood?> exactly)
{
    private const int MostOffered = 3;
    private const int MostWords = 40;
    private const int MostNameWords = 3;

    // Each name that something has, the name of its command, and whether that is the same.
    private static readonly Lazy<FrozenDictionary<string, (string Name, bool Is)>> Names = new(() =>
        Catalogue
            .All.SelectMany(s => s.Aliases.Select(a => (Said: a, s.Name)).Append((Said: s.Name, s.Name)))
            .DistinctBy(n => n.Said, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(n => n.Said, n => (n.Name, n.Said == n.Name), StringComparer.OrdinalIgnoreCase)
    );

    // By the word that they begin with; those that begin with a value, by an empty one.
    private static readonly Lazy<ILookup<string, (Phrase Phrase, CommandSpec Spec, ImmutableArray<string> Parts)>> Phrases = new(() =>
        Catalogue
            .All.SelectMany(s => s.Phrases.SelectMany(p => p.Beginnings(s).Select(b => (Phrase: p, Spec: s, Parts: b))))
            .ToLookup(
                p => p.Parts[0][0] is var c && (char.IsAsciiLetterUpper(c) || c == '[') ? "" : p.Parts[0],
                StringComparer.OrdinalIgnoreCase
            )
    );

    /// <param name="Meant">The line that it means; null when it is none, or may mean several.</param>
    public readonly record struct Readings(string? Meant, ImmutableArray<string> Offered);

    /// <summary>
    /// The line with the command's own name in place of another one, and without the polite words; null when it has neither.
    /// </summary>
    public static string? Named(string line)
    {
        var polite = Wording.Polite(line);
        return Renamed(polite) ?? (polite == line ? null : polite);
    }

    /// <summary>
    /// The line with the command's own name in place of another one; null when it begins with none, or with the name of a command that is
    /// as long.
    /// </summary>
    public static string? Renamed(string line)
    {
        if (Tokens.Split(line) is not { } tokens)
            return null;
        for (var length = Math.Min(MostNameWords, tokens.Length); length > 0; length--)
        {
            var said = tokens.Take(length).ToList();
            if (said.TrueForAll(t => !t.Quoted) && Names.Value.TryGetValue(string.Join(' ', said.Select(t => t.Text)), out var name))
                return name.Is ? null
                    : length < tokens.Length ? $"{name.Name} {line[tokens[length].Start..]}"
                    : name.Name;
        }

        return null;
    }

    /// <summary>Reads a line that does not stand in the catalogue as it is.</summary>
    public Readings Read(string line)
    {
        var polite = Wording.Polite(line);
        if (polite != line && exactly(polite) is not null)
            return new(polite, []);
        var (words, reason) = Wording.Of(polite);
        if (words.IsEmpty || words.Length > MostWords)
            return new(Named(polite) is { } renamed && exactly(renamed) is not null ? renamed : null, []);
        if (Asked(words) is { } asked)
            return new(asked, []);
        var phrases = Found(words, reason).ToList();
        var meant = phrases.Where(p => !p.IsOffered).SelectMany(p => p.Lines).Distinct().ToImmutableArray();
        if (meant.Length == 1)
            return new(meant[0], []);
        var plain = string.Join(' ', words.Select(Phrase.Written)) + reason;
        foreach (var candidate in meant.IsEmpty ? new[] { Named(polite), plain, Named(plain) } : [])
        {
            if (candidate is not null && candidate != line && exactly(candidate) is not null)
                return new(candidate, []);
        }

        // Help is what is left when there is nothing better.
        var offered = meant
            .Concat(phrases.Where(p => p.IsOffered).SelectMany(p => p.Lines))
            .Distinct()
            .ToLookup(l => l.StartsWith("help", StringComparison.Ordinal));
        return new(null, [.. (offered[false].Any() ? offered[false] : offered[true]).Take(MostOffered)]);
    }

    private IEnumerable<(bool IsOffered, ImmutableArray<string> Lines)> Found(ImmutableArray<Token> words, string reason)
    {
        foreach (var found in Phrases.Value[words[0].Text].Concat(Phrases.Value[""]).GroupBy(p => p.Phrase))
        {
            // Of the ways in which one pattern fits, the first that makes sense.
            var lines = found
                .SelectMany(p => p.Phrase.Read(p.Parts, p.Spec, words))
                .Select(all =>
                    all.Select(l => exactly(l) is { Command: Query } ? l : l + reason).Where(l => exactly(l) is not null).ToImmutableArray()
                );
            if (lines.FirstOrDefault(l => !l.IsEmpty) is { IsDefault: false } some)
                yield return (found.Key.IsOffered, some);
        }
    }

    // "expose --help", "how do I expose": the longest command that is named.
    private string? Asked(ImmutableArray<Token> words)
    {
        var isAsked = words.Length > 1 && words[^1].Text is "--help" or "-h" or "help" or "?" or "usage";
        var isHow =
            words.Length > 2
            && words[0].Text.Equals("how", StringComparison.OrdinalIgnoreCase)
            && words[1].Text.ToLowerInvariant() is "to" or "do" or "can";
        if (!isAsked && !isHow)
            return null;
        var topic = (
            isAsked ? words[..^1] : words.Skip(2).SkipWhile(w => w.Text.ToLowerInvariant() is "i" or "we" or "you").ToImmutableArray()
        )
            .Select(w => w.Text)
            .ToList();
        for (var length = Math.Min(2, topic.Count); length > 0; length--)
        {
            var line = $"help {string.Join(' ', topic.Take(length))}";
            if (exactly(line) is { Command: Help { Topic: { } about } })
                return $"help {about.Name}";
        }

        return null;
    }
}
