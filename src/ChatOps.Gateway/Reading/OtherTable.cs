using System.Text;

namespace ChatOps.Gateway.Reading;

/// <summary>A chain of somebody else; where the kernel calls it, by which hook.</summary>
/// <param name="Hook">prerouting, input, forward, ingress, ...; empty when others jump to it.</param>
/// <param name="Rules">Its rules, in their order.</param>
internal sealed record OtherChain(string Name, string Hook, bool IsNat, bool IsDropping, IReadOnlyList<OtherRule> Rules);

/// <summary>
/// A table of somebody else, as <c>nft -s list table</c> writes it: whether it takes a client's packet for itself, or stops it. It is not
/// the kernel: where a rule cannot be judged, it counts for as little as it can.
/// </summary>
internal sealed class OtherTable
{
    private const int Deepest = 16;

    private readonly Dictionary<string, OtherChain> _chains = [];
    private readonly string _name;
    private readonly string _family;

    private OtherTable(string family, string name) => (_family, _name) = (family, name);

    public IReadOnlyCollection<OtherChain> Chains => _chains.Values;

    /// <summary>Those that pass on, or translate, what comes from other machines.</summary>
    public IEnumerable<string> Forwarding =>
        Chains
            .Where(c => c.Rules.Count > 0 && (c.Hook == "forward" || (c is { Hook: "postrouting", IsNat: true })))
            .Select(c => $"chain {c.Name} of table {_family} {_name}");

    public static OtherTable Read(string family, string name, string listing)
    {
        var table = new OtherTable(family, name);
        var blocks = Blocks(listing).ToList();
        var sets = blocks.Where(b => b.Kind is "set" or "map").ToDictionary(b => b.Name, b => Elements(b.Lines));
        foreach (var (_, chain, lines) in blocks.Where(b => b.Kind == "chain"))
        {
            var head = lines.FirstOrDefault(l => l.StartsWith("type ", StringComparison.Ordinal)) ?? "";
            var words = head.Split([' ', ';'], StringSplitOptions.RemoveEmptyEntries);
            var hook = Array.IndexOf(words, "hook") is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : "";
            table._chains[chain] = new(
                chain,
                hook,
                words.Length > 1 && words[1] == "nat",
                head.Contains("policy drop", StringComparison.Ordinal),
                [.. lines.Where(l => l != head).Select(l => new OtherRule(l, sets))]
            );
        }

        return table;
    }

    /// <summary>Who takes a packet that comes to this machine for itself, by DNAT; null when nobody does.</summary>
    public string? Takes(FirstPacket packet) =>
        Concerns(packet)
            ? Chains
                .Where(c => c is { Hook: "prerouting", IsNat: true })
                .Select(c => Takes(c, packet, 0))
                .FirstOrDefault(t => t is not null)
            : null;

    /// <summary>Who stops a packet at a hook; null when it gets through, as far as can be told.</summary>
    public string? Stops(string hook, FirstPacket packet)
    {
        if (!Concerns(packet))
            return null;
        foreach (var chain in Chains.Where(c => c.Hook == hook && !c.IsNat))
        {
            var (verdict, by) = Judge(chain, packet, 0);
            if (verdict == "drop")
                return by;
            if (verdict == "" && chain.IsDropping)
                return $"chain {chain.Name} of table {_family} {_name} (policy drop)";
        }

        return null;
    }

    private bool Concerns(FirstPacket packet) => _family is "inet" or "netdev" || _family == (packet.Family == 4 ? "ip" : "ip6");

    private string? Takes(OtherChain chain, FirstPacket packet, int depth)
    {
        foreach (var rule in chain.Rules)
        {
            var isAbout = rule.Matches(packet);
            if (isAbout == false)
                continue;
            // One that may be about others, such as what containers send, says nothing of a port that it does not name.
            if (rule.Verdict is "dnat" or "redirect" or "tproxy" && (isAbout == true || rule.NamesPort))
                return $"chain {chain.Name} of table {_family} {_name}: {rule.Text}";
            if (
                rule is { Verdict: "jump" or "goto", Chain: var name }
                && depth < Deepest
                && _chains.TryGetValue(name, out var next)
                && Takes(next, packet, depth + 1) is { } taken
            )
                return taken;
            if (rule.Verdict is "accept" or "return" && isAbout == true)
                return null;
        }

        return null;
    }

    // "accept", "drop" with who does it, "return", or empty when the chain has said nothing.
    private (string Verdict, string By) Judge(OtherChain chain, FirstPacket packet, int depth)
    {
        foreach (var rule in chain.Rules)
        {
            if (rule.Matches(packet) != true)
                continue;
            var branches =
                rule.Verdict == "vmap"
                    ? rule.Branches.Where(b => b.Is(packet) == true).Select(b => (b.Verdict, b.Chain))
                    : [(rule.Verdict, rule.Chain)];
            foreach (var (verdict, name) in branches)
            {
                switch (verdict)
                {
                    case "accept":
                        return ("accept", "");
                    case "drop" or "reject":
                        return ("drop", $"chain {chain.Name} of table {_family} {_name}: {rule.Text}");
                    case "return":
                        return ("", "");
                    case "jump" or "goto" when depth < Deepest && _chains.TryGetValue(name, out var next):
                        var judged = Judge(next, packet, depth + 1);
                        if (judged.Verdict != "" || verdict == "goto")
                            return judged;
                        break;
                }
            }
        }

        return ("", "");
    }

    // "chain NAME {", "set NAME {" and the like with the lines between it and its end; what spans lines is one line.
    private static IEnumerable<(string Kind, string Name, List<string> Lines)> Blocks(string listing)
    {
        (string Kind, string Name, List<string> Lines)? block = null;
        var open = new StringBuilder();
        foreach (var line in listing.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (block is null)
            {
                if (
                    line.Split(' ')
                        is ["chain" or "set" or "map" or "counter" or "flowtable" or "quota" or "limit" or "ct" or "synproxy", .. var rest]
                    && line.EndsWith('{')
                )
                    block = (line.Split(' ')[0], rest[^2], []);
                continue;
            }

            if (line == "}" && open.Length == 0)
            {
                yield return block.Value;
                block = null;
                continue;
            }

            open.Append(open.Length > 0 ? " " : "").Append(line);
            var text = open.ToString();
            if (Depth(text) > 0)
                continue;
            block.Value.Lines.Add(text);
            open.Clear();
        }
    }

    private static int Depth(string text)
    {
        var (depth, isQuoted) = (0, false);
        foreach (var c in text)
        {
            isQuoted ^= c == '"';
            depth +=
                isQuoted ? 0
                : c == '{' ? 1
                : c == '}' ? -1
                : 0;
        }

        return depth;
    }

    private static string[] Elements(List<string> lines) =>
        lines.FirstOrDefault(l => l.StartsWith("elements = {", StringComparison.Ordinal)) is { } line
            ? line["elements = {".Length..]
                .TrimEnd('}', ' ')
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [];
}
