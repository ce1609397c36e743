using System.Buffers;
using System.Text;
using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.Reading;

/// <summary>
/// The difference of two nftables.nft that differ in nothing but elements of sets and maps, and rules of the chain "sources". An element
/// stands alone on a line of six spaces, in a block "    elements = {" ... "    }" of a set or map, such a rule on one of four; all other
/// lines, without the frames of such blocks, are the same in both.
/// </summary>
internal static class Elements
{
    private const string Indent = "      ";
    private const string RuleIndent = "    ";

    // So few because what is added goes to nft as it is: no quote, brace, semicolon, backslash or variable.
    private static readonly SearchValues<char> Harmless = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789 .:/-");

    private static readonly string[] Counted = ["traffic", "answered", "opened"];
    private static readonly string[] Statements = [" limit ", " counter ", " quota ", " timeout "];

    /// <summary>One transaction for "nft -f" from the old table to the new one, empty when they are the same; null when more than elements
    /// differ.</summary>
    public static string? Between(string oldTable, string newTable)
    {
        var (before, after) = (Table.Read(oldTable), Table.Read(newTable));
        if (before is null || after is null || before.Frame != after.Frame || !after.Sources.TrueForAll(r => SourceRules.IsOne(r)))
            return null;
        var (delete, add) = (new StringBuilder(), new StringBuilder());
        var (gone, stays) = (new List<(char Family, string Port)>(), new HashSet<(char Family, string Port)>());
        foreach (var set in before.Sets.Keys.Union(after.Sets.Keys))
        {
            var (less, more) = Differences(oldTable, before.Of(set), newTable, after.Of(set));
            if (less is null || more is null)
                return null;

            // What goes is named by its key.
            Append(delete, "delete", set, less.ConvertAll(KeyOf));
            Append(add, "add", set, more);
            if (set is "dnat4" or "dnat6" or "proxied4" or "proxied6")
            {
                gone.AddRange(less.Select(e => (set[^1], PortOf(KeyOf(e)))));
                stays.UnionWith(more.Select(e => (set[^1], PortOf(e))));
            }
        }

        delete.Append(add);
        if (!before.Sources.SequenceEqual(after.Sources))
            Renew(delete, after.Sources);
        Forget(delete, '4', gone, stays);
        Forget(delete, '6', gone, stays);
        return delete.ToString();
    }

    // A source that is remembered keeps the rate of the rule that first saw it, so all are forgotten with the rules.
    private static void Renew(StringBuilder text, List<string> rules)
    {
        text.Append("flush chain inet chatops sources\n");
        text.Append("flush set inet chatops sources4\n");
        text.Append("flush set inet chatops sources6\n");
        foreach (var rule in rules)
            text.Append("add rule inet chatops sources ").Append(rule).Append('\n');
    }

    // A port that closes takes what was counted with it; one that goes and comes leads elsewhere and stays open. What nobody has used is
    // not there, and adding what is there does no harm.
    private static void Forget(StringBuilder text, char family, List<(char Family, string Port)> gone, HashSet<(char, string)> stays)
    {
        var ports = gone.Where(p => p.Family == family && !stays.Contains(p)).Select(p => p.Port).ToList();
        foreach (var set in Counted)
        {
            Append(text, "add", $"{set}{family}", ports);
            Append(text, "delete", $"{set}{family}", ports);
        }
    }

    private static void Append(StringBuilder text, string verb, string set, List<string> elements)
    {
        if (elements.Count > 0)
            text.Append(verb).Append(" element inet chatops ").Append(set).Append(" { ").AppendJoin(", ", elements).Append(" }\n");
    }

    // Elements of one side alone, without their commas; null for one that is not what we write.
    private static (List<string>? Less, List<string>? More) Differences(
        string oldTable,
        List<Range> before,
        string newTable,
        List<Range> after
    )
    {
        // Most of both lists is the same, in the same order.
        var (start, shorter) = (0, Math.Min(before.Count, after.Count));
        while (start < shorter && oldTable.AsSpan(before[start]).SequenceEqual(newTable.AsSpan(after[start])))
            start++;
        var end = 0;
        while (end < shorter - start && oldTable.AsSpan(before[^(end + 1)]).SequenceEqual(newTable.AsSpan(after[^(end + 1)])))
            end++;
        var (gone, come) = (Middle(oldTable, before, start, end), Middle(newTable, after, start, end));
        return (Checked(gone.Except(come)), Checked(come.Except(gone)));
    }

    private static List<string> Middle(string table, List<Range> lines, int start, int end) =>
        [.. lines[start..^end].Select(line => table[line])];

    private static List<string>? Checked(IEnumerable<string> lines)
    {
        var elements = new List<string>();
        foreach (var line in lines)
        {
            if (line.Length < 2 || line[^1] != ',' || !char.IsAsciiLetterOrDigit(line[0]))
                return null;
            if (line.AsSpan()[..^1].ContainsAnyExcept(Harmless))
                return null;
            elements.Add(line[..^1]);
        }

        return elements;
    }

    private static string KeyOf(string element)
    {
        var first = element.Length;
        foreach (var statement in Statements)
        {
            if (element.IndexOf(statement, StringComparison.Ordinal) is var at and >= 0 && at < first)
                first = at;
        }

        return element[..first];
    }

    private static string PortOf(string key) => key.IndexOf(" : ", StringComparison.Ordinal) is var at and >= 0 ? key[..at] : key;

    /// <summary>A file: what is no element and no rule of "sources", where the elements of each set are, and these rules; both without
    /// their indent.</summary>
    private sealed record Table(string Frame, Dictionary<string, List<Range>> Sets, List<string> Sources)
    {
        public List<Range> Of(string set) => Sets.GetValueOrDefault(set, []);

        // Null when the last line does not end: then it is not what we write.
        public static Table? Read(string text)
        {
            if (text.Length > 0 && text[^1] != '\n')
                return null;
            var frame = new StringBuilder();
            var sets = new Dictionary<string, List<Range>>();
            string? set = null;
            List<Range>? elements = null;
            var sources = new List<string>();
            var isInSources = false;
            for (var at = 0; at < text.Length; )
            {
                var end = text.IndexOf('\n', at);
                var line = text.AsSpan(at, end - at);
                if (elements is not null && line.StartsWith(Indent))
                    elements.Add((at + Indent.Length)..end);
                else if (elements is not null && line is "    }")
                    elements = null;
                else if (elements is null && set is not null && line is "    elements = {")
                    elements = sets.TryGetValue(set, out var known) ? known : sets[set] = [];
                else if (isInSources && line.StartsWith(RuleIndent))
                    sources.Add(line[RuleIndent.Length..].ToString());
                else
                {
                    isInSources = line is "  chain sources {";
                    set = NameOf(line) ?? (line is "  }" ? null : set);
                    frame.Append(line).Append('\n');
                }

                at = end + 1;
            }

            return elements is null ? new Table(frame.ToString(), sets, sources) : null;
        }

        private static string? NameOf(ReadOnlySpan<char> line)
        {
            if (line.Length < "  set x {".Length || (!line.StartsWith("  set ") && !line.StartsWith("  map ")) || !line.EndsWith(" {"))
                return null;
            var name = line[6..^2];
            foreach (var c in name)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '_')
                    return null;
            }

            return name.IsEmpty ? null : name.ToString();
        }
    }
}
