using System.Globalization;
using System.Text;

namespace ChatOps.Gateway.Reading;

/// <summary>
/// A rule of somebody else, as <c>nft -s list</c> writes it: what it looks at, and what it then does. What is not known here is a match
/// that nobody can tell about, so that a rule is never taken for more than it says.
/// </summary>
internal sealed class OtherRule
{
    private static readonly string[] Verdicts =
    [
        "accept",
        "drop",
        "reject",
        "return",
        "jump",
        "goto",
        "queue",
        "continue",
        "dnat",
        "redirect",
        "snat",
        "masquerade",
        "tproxy",
        "vmap",
    ];

    private readonly List<Func<FirstPacket, bool?>> _matches = [];
    private readonly IReadOnlyDictionary<string, string[]> _sets;

    public OtherRule(string text, IReadOnlyDictionary<string, string[]> sets)
    {
        (Text, _sets) = (text, sets);
        var words = Words(text);
        // "ct status dnat" is a match, and "ct status != dnat" too.
        var at = words.FindIndex(w => Verdicts.Contains(w));
        if (at >= 2 && words[..at].Contains("status") && words[at] == "dnat")
            at = words.FindIndex(at + 1, w => Verdicts.Contains(w));
        var target = words.FindIndex(w => w == "xt");
        if (at < 0 && target >= 0 && target + 2 < words.Count && words[target + 1] == "target")
            (at, Verdict) = (
                target,
                words[target + 2].Trim('"') switch
                {
                    "DNAT" or "REDIRECT" => "dnat",
                    "REJECT" => "reject",
                    _ => "",
                }
            );
        else if (at >= 0)
            Verdict = words[at];
        if (Verdict is "jump" or "goto" && at + 1 < words.Count)
            Chain = words[at + 1];
        var matches = at < 0 ? words : words[..at];
        if (Verdict == "vmap" && at + 1 < words.Count)
            (Branches, matches) = BranchesOf(matches, words[at + 1]);
        Read(matches);
        NamesPort = words.Contains("dport");
        if (Verdict is "dnat" or "redirect" && words.IndexOf("map") is > 0 and var map && map + 1 < words.Count)
            _matches.Add(KeyMatch(words[at..map], words[map + 1]));
    }

    public string Text { get; }

    /// <summary>What it does; empty when it goes on with the next rule.</summary>
    public string Verdict { get; } = "";

    public string Chain { get; } = "";

    /// <summary>Whether it is about some ports and not about others.</summary>
    public bool NamesPort { get; }

    /// <summary>Of a verdict map: by which ports what is done.</summary>
    public IReadOnlyList<(Func<FirstPacket, bool?> Is, string Verdict, string Chain)> Branches { get; } = [];

    /// <summary>Whether it is about a packet; null when that cannot be told.</summary>
    public bool? Matches(FirstPacket packet)
    {
        bool? all = true;
        foreach (var match in _matches)
        {
            switch (match(packet))
            {
                case false:
                    return false;
                case null:
                    all = null;
                    break;
            }
        }

        return all;
    }

    private void Read(List<string> words)
    {
        for (var i = 0; i < words.Count; )
        {
            switch (words[i])
            {
                case "meta":
                    i++;
                    break;
                case "counter":
                    i +=
                        i + 2 < words.Count && words[i + 1] == "name" ? 3
                        : i + 4 < words.Count && words[i + 1] == "packets" ? 5
                        : 1;
                    break;
                case "comment":
                    i += 2;
                    break;
                case "log":
                    i++;
                    while (i + 1 < words.Count && words[i] is "prefix" or "level" or "flags" or "group" or "snaplen" or "queue-threshold")
                        i += 2;
                    break;
                default:
                    i = ReadMatch(words, i);
                    break;
            }
        }
    }

    // A name of one word or more, perhaps an operator, and a value.
    private int ReadMatch(List<string> words, int at)
    {
        foreach (var (name, make) in Known)
        {
            if (at + name.Length >= words.Count || !name.SequenceEqual(words.Skip(at).Take(name.Length)))
                continue;
            var i = at + name.Length;
            var isNot = words[i] == "!=";
            if (words[i] is "!=" or "==" or "in")
                i++;
            if (i >= words.Count)
                break;
            var match = make(this, words[i]);
            _matches.Add(isNot ? p => !match(p) : match);
            return i + 1;
        }

        // Whatever else it looks at: nobody can tell, and where it ends neither.
        _matches.Add(_ => null);
        for (at++; at < words.Count; at++)
        {
            if (Known.Any(k => k.Name[0] == words[at] && (k.Name.Length == 1 || (at + 1 < words.Count && k.Name[1] == words[at + 1]))))
                break;
        }

        return at;
    }

    private static readonly (string[] Name, Func<OtherRule, string, Func<FirstPacket, bool?>> Make)[] Known =
    [
        (["tcp", "dport"], (r, v) => p => p.Protocol == Checking.Protocol.Tcp && r.HasPort(v, p.Port)),
        (["udp", "dport"], (r, v) => p => p.Protocol == Checking.Protocol.Udp && r.HasPort(v, p.Port)),
        (["th", "dport"], (r, v) => p => r.HasPort(v, p.Port)),
        (["ct", "state"], (_, v) => p => Listed(v).Contains("new") || v is "0x8"),
        (["ct", "status"], (_, v) => p => v == "dnat" ? p.IsTranslated : null),
        (["ct", "direction"], (_, v) => p => v == "original"),
        (["fib", "daddr", "type"], (_, v) => p => (p.To is null) == (v == "local")),
        (["ip", "protocol"], (_, v) => p => p.Family == 4 && IsProtocol(v, p)),
        (["ip6", "nexthdr"], (_, v) => p => p.Family == 6 && IsProtocol(v, p)),
        (["l4proto"], (_, v) => p => IsProtocol(v, p)),
        (["nfproto"], (_, v) => p => v == $"ipv{p.Family}"),
        (["ip", "daddr"], (r, v) => p => p.Family == 4 ? r.IsFor(v, p) : false),
        (["ip6", "daddr"], (r, v) => p => p.Family == 6 ? r.IsFor(v, p) : false),
        (["ip", "saddr"], (_, _) => p => p.Family == 4 ? null : false),
        (["ip6", "saddr"], (_, _) => p => p.Family == 6 ? null : false),
        (["icmp", "type"], (_, _) => _ => false),
        (["icmpv6", "type"], (_, _) => _ => false),
        (["iifname"], (_, v) => p => Came(v, p)),
        (["iif"], (_, v) => p => Came(v, p)),
    ];

    private static bool? Came(string value, FirstPacket packet) =>
        packet.Devices.Count == 0
            ? null
            : packet.Devices.Any(d => Listed(value).Any(v => v.EndsWith('*') ? d.StartsWith(v[..^1], StringComparison.Ordinal) : d == v));

    private static bool IsProtocol(string value, FirstPacket packet) =>
        Listed(value).Any(v => v == (packet.Protocol == Checking.Protocol.Tcp ? "tcp" : "udp") || v == $"{(int)packet.Protocol}");

    // Single addresses can be compared; of networks and sets it is left open.
    private bool? IsFor(string value, FirstPacket packet)
    {
        var listed = ValuesOf(value);
        if (packet.To is not { } to)
            return listed.All(v => Checking.Ip.TryRead(v, out _)) && !listed.Any(packet.Own.Contains) ? false : null;
        return listed.Contains(to) ? true
            : listed.All(v => Checking.Ip.TryRead(v, out _)) ? false
            : null;
    }

    private bool HasPort(string value, int port) => ValuesOf(value).Any(v => InRange(v, port));

    private static bool InRange(string text, int port)
    {
        var ends = text.Split('-');
        return int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first <= port
            && port <= last;
    }

    private string[] ValuesOf(string value) => value is ['@', .. var name] ? _sets.GetValueOrDefault(name, []) : Listed(value);

    // "{ a, b }", "a,b" or "a".
    private static string[] Listed(string value) =>
        [
            .. value
                .Trim('{', '}')
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(v => v.Trim('"')),
        ];

    // "tcp dport map { 80 : ..., 81 : ... }": the keys; of more than one part, one of which is the port.
    private Func<FirstPacket, bool?> KeyMatch(List<string> expression, string map)
    {
        var protocol =
            expression.Contains("tcp") ? (Checking.Protocol?)Checking.Protocol.Tcp
            : expression.Contains("udp") ? Checking.Protocol.Udp
            : null;
        var isPort = expression.Contains("dport");
        var keys = ValuesOf(map).Select(e => e.Split(':')[0].Trim().Split(" . ", StringSplitOptions.TrimEntries)).ToList();
        return packet =>
            protocol is { } only && only != packet.Protocol ? false
            : isPort ? keys.Any(k => k.Any(part => InRange(part, packet.Port)))
            : null;
    }

    private (IReadOnlyList<(Func<FirstPacket, bool?>, string, string)>, List<string>) BranchesOf(List<string> matches, string map)
    {
        var isState = matches.Count >= 2 && matches[^2] == "ct" && matches[^1] == "state";
        var isPort = matches.Count >= 2 && matches[^1] == "dport";
        var key = isState || isPort ? 2 : Math.Min(1, matches.Count);
        var words = matches[^key..];
        var branches = ValuesOf(map)
            .Select(e => e.Split(" : ", 2, StringSplitOptions.TrimEntries))
            .Where(e => e.Length == 2)
            .Select(e => (e[0], Verdict: e[1].Split(' ')))
            .Select(e =>
                (
                    isState ? _ => e.Item1.Contains("new", StringComparison.Ordinal)
                    : isPort
                        ? (Func<FirstPacket, bool?>)(
                            p =>
                                (words[0] is "th" || words[0] == (p.Protocol == Checking.Protocol.Tcp ? "tcp" : "udp"))
                                && InRange(e.Item1, p.Port)
                        )
                    : words is ["iifname" or "iif"] ? p => Came(e.Item1, p)
                    : words is ["l4proto"] ? p => IsProtocol(e.Item1, p)
                    : _ => (bool?)null,
                    e.Verdict[0],
                    e.Verdict.Length > 1 ? e.Verdict[1] : ""
                )
            )
            .ToList();
        return (branches, matches[..^key]);
    }

    // Words; what is in braces or quotes is one.
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (depth, isQuoted) = (0, false);
        foreach (var c in text)
        {
            if (c == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && c == '{')
                depth++;
            else if (!isQuoted && c == '}')
                depth--;
            if ((c is ' ' or '\t') && depth == 0 && !isQuoted)
                End();
            else
                word.Append(c);
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }
}
