using System.Collections.Immutable;
using ChatOps.Core.Language.Audit;

namespace ChatOps.Core.Language.Commands;

/// <summary>
/// What a line so far may become. Surfaces with completion ask this: the terminal's Tab, a slash command's choices, the page.
/// </summary>
public static class Suggestions
{
    private static readonly string[] Times = ["1h", "24h", "7d", "30d", "today", "yesterday"];
    private static readonly string[] Formats = ["csv", "json", "md"];

    /// <summary>Whole lines, each the line so far with its last word completed; the likeliest first.</summary>
    /// <param name="line">The line so far.</param>
    /// <param name="known">The names that there are.</param>
    /// <param name="most">How many at most; Discord takes 25.</param>
    public static ImmutableArray<string> Of(string line, Vocabulary known, int most = 25)
    {
        var start = line.LastIndexOf(' ') + 1;
        var (before, word) = (line[..start], line[start..]);
        var words = before.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var candidates = CandidatesOf(line, words, known).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return
        [
            .. candidates
                .Where(c => c.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .Concat(candidates.Where(c => word.Length > 1 && c.Contains(word, StringComparison.OrdinalIgnoreCase)))
                .Distinct()
                .Select(c => before + c)
                .Where(c => c.Length <= Parser.MaxLine && c != line)
                .Take(most),
        ];
    }

    private static IEnumerable<string> CandidatesOf(string line, string[] words, Vocabulary known)
    {
        var specs = Catalogue
            .All.Where(s =>
                words.Length >= s.Words.Length && s.Words.Zip(words).All(p => p.First.Equals(p.Second, StringComparison.OrdinalIgnoreCase))
            )
            .ToList();
        if (specs.Count == 0)
        {
            // Another name that people have for a command is completed as the command's own.
            if (words.Length > 0 && Phrasebook.Renamed($"{string.Join(' ', words)} _") is { } renamed)
                return CandidatesOf(renamed, renamed.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^1], known);

            // A name of two words is completed from its first on.
            var begun = string.Concat(words.Select(w => w + " "));
            var names = Catalogue
                .All.Select(s => s.Name)
                .Concat(Catalogue.All.SelectMany(s => s.Aliases).Where(a => !a.Contains(' ', StringComparison.Ordinal)));
            return names.Where(n => n.StartsWith(line, StringComparison.OrdinalIgnoreCase)).Select(n => n[begun.Length..]);
        }

        var rest = words[specs[0].Words.Length..];
        return specs[0].Name switch
        {
            "audit" => OfAudit(rest, known),
            "export" => OfExport(rest, known),
            "at" => OfThen(rest),
            _ => specs.SelectMany(s => OfParts(s, words[s.Words.Length..], known)),
        };
    }

    private static IEnumerable<string> OfAudit(string[] words, Vocabulary known) =>
        words.LastOrDefault()?.ToLowerInvariant() switch
        {
            "by" => known.People.Select(Quoted),
            "at" or "gateway" => known.Gateways,
            "vm" or "peer" => known.Names,
            "port" => known.Endpoints.Where(e => char.IsAsciiDigit(e[0])),
            "host" => known.Endpoints.Where(e => !char.IsAsciiDigit(e[0])),
            "since" or "until" or "on" or "between" or "and" => Times,
            "text" or "page" or "change" => [],
            _ => [.. AuditReader.Keywords.Where(k => !words.Contains(k)), .. known.Names, .. known.Gateways, .. known.Endpoints],
        };

    private static IEnumerable<string> OfExport(string[] words, Vocabulary known) =>
        words switch
        {
            [] => ["audit", "history"],
            [.., "as"] => Formats,
            ["audit", .. var rest] => [.. OfAudit(rest, known), "as"],
            ["history"] => known.Endpoints,
            _ => ["as"],
        };

    private static string[] OfThen(string[] words) =>
        words.Length == 0 ? Times : ["status", "list", "vms", "peers", "rules", "gateways", "pending"];

    private static IEnumerable<string> OfParts(CommandSpec spec, string[] words, Vocabulary known)
    {
        var last = words.LastOrDefault();
        if (spec.Parts.OfType<Part.Clause>().FirstOrDefault(c => c.Keyword.Equals(last, StringComparison.OrdinalIgnoreCase)) is { } clause)
            return ValuesOf(clause.Kind, known);

        if (
            spec
                .Parts.OfType<Part.Flag>()
                .FirstOrDefault(f => f.Kind is not null && f.Text.Equals(last, StringComparison.OrdinalIgnoreCase)) is
            { Kind: { } version }
        )
            return
            [
                .. ValuesOf(version, known),
                .. spec.Parts.OfType<Part.Flag>().Select(f => f.Text).Where(t => !words.Contains(t)),
                .. spec.Parts.OfType<Part.Clause>().Select(c => c.Keyword).Where(k => !words.Contains(k)),
            ];

        // Required parts stand in their places; after them come flags and clauses in any order.
        var required = spec.Parts.Where(p => p is Part.Word or Part.Value).ToList();
        if (words.Length < required.Count)
            return required[words.Length] is Part.Word word ? [word.Text] : ValuesOf(((Part.Value)required[words.Length]).Kind, known);
        return spec.Parts.SelectMany(p =>
            p switch
            {
                Part.Optional o when words.Length == required.Count => ValuesOf(o.Kind, known),
                Part.Flag f when !words.Contains(f.Text) => [f.Text],
                Part.Clause c when !words.Contains(c.Keyword) => [c.Keyword],
                _ => [],
            }
        );
    }

    private static IEnumerable<string> ValuesOf(ArgumentKind kind, Vocabulary known) =>
        kind.Placeholder switch
        {
            "GATEWAY" => known.Gateways,
            _ when kind == Kinds.Change || kind == Kinds.Changes => known.Changes,
            "VM" or "NAME" => known.Names,
            "VM[:PORT]" or "VM:PORT[,VM:PORT...]" => known.Names.Select(n => n + ":"),
            "PORT|HOST" or "PORT" => known.Endpoints,
            "VM|PORT|HOST" => [.. known.Names, .. known.Endpoints],
            "TIME" => Times,
            "COMMAND" => Catalogue.All.Select(s => s.Name),
            _ => kind.IsChoice ? kind.Placeholder.Split('|') : [],
        };

    private static string Quoted(string name) => name.Contains(' ', StringComparison.Ordinal) ? $"\"{name}\"" : name;
}
