using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

/// <summary>
/// Another order of words for a command, as people type it who know other tools: <c>forward PUBLIC to TARGET</c>. Words in capitals stand
/// for values and are filled into the lines, so that a line says nothing which was not typed; what follows the pattern follows the line.
/// </summary>
/// <param name="Pattern">
/// The words, with <c>a|b</c> for either, <c>[a|b]</c> for one that may be there, <c>NAME</c> for the command's name and its other names,
/// and <c>...</c> as the last word for whatever else is typed; without it only clauses may follow.
/// </param>
/// <param name="Lines">The line that it means; several when it may mean one or the other.</param>
/// <param name="IsOffered">True when it leaves something to be assumed: the lines are then offered and nothing is done.</param>
public sealed record Phrase(string Pattern, ImmutableArray<string> Lines, bool IsOffered)
{
    private readonly ImmutableArray<string> _parts = [.. Pattern.Split(' ')];

    /// <summary>It says everything, and means one line.</summary>
    public static Phrase Means(string pattern, string line) => new(pattern, [line], false);

    /// <summary>It leaves something open: these lines are offered.</summary>
    public static Phrase Offers(string pattern, params ImmutableArray<string> lines) => new(pattern, lines, true);

    /// <summary>The ways in which it begins: its pattern with each name of its command in place of NAME, a part a word.</summary>
    /// <param name="spec">The command that it is declared for.</param>
    public IEnumerable<ImmutableArray<string>> Beginnings(CommandSpec spec)
    {
        // A name may have several words, and stands for as many parts.
        var verbs = _parts[0].Split('|');
        return (verbs.Contains("NAME") ? verbs.Where(v => v != "NAME").Concat(spec.Names) : verbs).Select(v =>
            (ImmutableArray<string>)[.. v.Split(' '), .. _parts.Skip(1)]
        );
    }

    /// <summary>The lines that some words come to, each reading a list of its own; none when they are no such phrase.</summary>
    /// <param name="parts">One of its beginnings.</param>
    /// <param name="spec">The command that it is declared for.</param>
    public IEnumerable<ImmutableArray<string>> Read(ImmutableArray<string> parts, CommandSpec spec, ImmutableArray<Token> words)
    {
        foreach (var (values, end) in Match(parts, 0, words, 0, ImmutableDictionary<string, string>.Empty))
        {
            if (_parts[^1] != "..." && end < words.Length && !spec.IsClause(words[end]))
                continue;
            var rest = _parts[^1] == "..." ? "" : string.Concat(words.Skip(end).Select(w => $" {Written(w)}"));
            yield return
            [
                .. Lines.Select(l =>
                    values.Aggregate(l, (line, v) => line.Replace($"{{{v.Key}}}", v.Value, StringComparison.Ordinal)) + rest
                ),
            ];
        }
    }

    /// <summary>A word as it is typed, in quotes where it had them.</summary>
    internal static string Written(Token word) =>
        !word.Quoted ? word.Text
        : word.Text.Contains('"', StringComparison.Ordinal) ? $"'{word.Text}'"
        : $"\"{word.Text}\"";

    private static IEnumerable<(ImmutableDictionary<string, string> Values, int End)> Match(
        ImmutableArray<string> parts,
        int part,
        ImmutableArray<Token> words,
        int at,
        ImmutableDictionary<string, string> values
    )
    {
        if (part == parts.Length || parts[part] == "...")
        {
            yield return (values, at);
            yield break;
        }

        var text = parts[part];
        var isOptional = text[0] == '[';
        if (at < words.Length && !words[at].Quoted)
        {
            foreach (var choice in text.Trim('[', ']').Split('|'))
            {
                if (Filled(choice, words[at].Text, values) is not { } filled)
                    continue;
                foreach (var match in Match(parts, part + 1, words, at + 1, filled))
                    yield return match;
            }
        }

        if (isOptional)
        {
            foreach (var match in Match(parts, part + 1, words, at, values))
                yield return match;
        }
    }

    // One word of the line as one of the pattern: the same word, a value, or several in one: VM:INNER, --port=PORT.
    private static ImmutableDictionary<string, string>? Filled(string choice, string word, ImmutableDictionary<string, string> values)
    {
        if (choice.Equals(word, StringComparison.OrdinalIgnoreCase))
            return values;
        if (choice.All(char.IsAsciiLetterUpper))
            return ValueOf(choice, word) is { } value ? values.SetItem(choice, value) : null;
        var (names, texts) = (choice.Split(':', '=', ','), word.Split(':', '=', ','));
        if (names.Length == 1 || names.Length != texts.Length)
            return null;
        foreach (var (name, text) in names.Zip(texts))
        {
            if (Filled(name, text, values) is not { } filled)
                return null;
            values = filled;
        }

        return values;
    }

    // The word as a value of that kind, the way it stands in a line; null when it is none.
    private static string? ValueOf(string kind, string word) =>
        kind switch
        {
            "TARGET" when Kinds.Targets.Read(word) is not null => word,
            "PUBLIC" when Kinds.Endpoints.Read(word) is not null => word,
            "PORT" when char.IsAsciiDigit(word[0]) && Kinds.Endpoints.Read(word) is not null => word,
            "INNER" when PortRange.TryParse(word, out _) => word,
            "VM" or "PEER" or "OLD" or "NEW" when Name<Vm>.TryParse(word, out _) && !Wording.IsKeyword(word) => word,
            "GATEWAY" when Name<Gateway>.TryParse(word, out _) && !Wording.IsKeyword(word) => word,
            "NETWORK" when Network.TryParse(word, out _) => word,
            "ADDRESS" when Kinds.Addresses.Read(word) is not null => word,
            "REF" when word.Contains('#', StringComparison.Ordinal) && ChangeRef.TryParse(word, out _) => word,
            "N" when ChangeRef.TryParse(word, out _) => word,
            "SERVICE" when Kinds.Service.Read(word) is not null => word.ToLowerInvariant(),
            "UNIT" when word.TrimEnd('s') is "second" or "sec" or "minute" or "min" or "hour" => word.TrimEnd('s'),
            "RATE" when Rate.TryParse(word, out var rate) => rate.ToString(),
            "COUNT" or "OTHER" when word.All(char.IsAsciiDigit) => word,
            "DEED" when word.ToLowerInvariant() is "opened" or "closed" => word.ToLowerInvariant(),
            _ => null,
        };
}
