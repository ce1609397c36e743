using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Reading;
using ChatOps.Gateway.Running;

namespace ChatOps.Gateway.Looking;

/// <summary>That clients of a family do not get to a public port, because of what somebody else has set up on this machine.</summary>
/// <param name="IsTaken">Whether they get to somebody else's; else they get nowhere.</param>
internal readonly record struct Standing(PublicPort Port, bool IsTaken, string By);

/// <summary>
/// The chains of others at the hooks by which clients come: a container engine's, another firewall's. What accepts in our table does not
/// keep theirs from dropping the same packet, and a DNAT of theirs may come before ours. That there are none costs one question to the
/// kernel.
/// </summary>
internal sealed class Others
{
    // NFT_MSG_GETCHAIN; NFPROTO_INET, _IPV4, _NETDEV, _IPV6. The attributes of a chain: its table, and its hook when it has one.
    private const int GetChain = 4,
        Table = 1,
        Hook = 4;
    private static readonly (byte Number, string Name)[] Families = [(1, "inet"), (2, "ip"), (5, "netdev"), (10, "ip6")];

    private readonly List<OtherTable> _tables = [];
    private readonly Dictionary<int, IReadOnlyCollection<string>> _devices = new()
    {
        [4] = Network.DefaultDevices(4),
        [6] = Network.DefaultDevices(6),
    };
    private readonly HashSet<string> _own = [.. Network.All().Select(a => $"{a}")];

    private Others() { }

    public bool IsEmpty => _tables.Count == 0;

    /// <summary>Chains of others that pass on or translate what comes from other machines, such as containers.</summary>
    public IEnumerable<string> Forwarding => _tables.SelectMany(t => t.Forwarding);

    public static Others Look()
    {
        var others = new Others();
        using var netlink = new Netlink();
        foreach (var (number, family) in Families)
        {
            foreach (
                var table in netlink
                    .Dump(GetChain, [], number)
                    .Where(c => !Attributes.Value(c, Hook).IsEmpty)
                    .Select(c => Attributes.Text(Attributes.Value(c, Table)))
                    .Distinct()
            )
            {
                if (table.Length == 0 || (family == "inet" && table == "chatops"))
                    continue;
                if (Command.Run("nft", "-s", "list", "table", family, table) is { IsOk: true } listed)
                    others._tables.Add(OtherTable.Read(family, table, listed.Output));
            }
        }

        return others;
    }

    /// <summary>Who stops clients of any port, as far as nobody has named it: port 0.</summary>
    public IEnumerable<Standing> InTheWayOfAll() =>
        InTheWay([Unnamed(4, Nobody4, "nftables"), Unnamed(6, Nobody6, "nftables")])
            .Concat(InTheWay([Unnamed(4, Nobody4, "nginx"), Unnamed(6, Nobody6, "nginx")]))
            .Where(s => !s.IsTaken)
            .DistinctBy(s => (s.Port.Family, s.By));

    /// <summary>Who stands in the way of clients of what is exposed, one a port and family.</summary>
    public IEnumerable<Standing> InTheWay(IEnumerable<Exposure> exposures)
    {
        if (IsEmpty)
            yield break;
        var told = new HashSet<PublicPort>();
        foreach (var x in exposures)
        {
            var port = new PublicPort(x.Protocol, x.Family, x.Port);
            if (told.Contains(port))
                continue;
            var came = new FirstPacket(x.Family, x.Protocol, x.Port, null, false, _devices[x.Family], _own);
            if (_tables.Select(t => t.Takes(came)).FirstOrDefault(t => t is not null) is { } taken)
                yield return new(port, true, taken);
            else if (WhoStops(x, came) is { } stopped)
                yield return new(port, false, stopped);
            else
                continue;
            told.Add(port);
        }
    }

    private const int LongestRule = 300;

    // Addresses for documentation, which no VM has.
    private const string Nobody4 = "192.0.2.1",
        Nobody6 = "2001:db8:ffff::1";

    private static Exposure Unnamed(int family, string address, string engine) => new(Protocol.Tcp, 0, engine, family, address, 0);

    private string? WhoStops(Exposure x, FirstPacket came)
    {
        var (hook, then) =
            x.Engine == "nftables"
                ? ("forward", came with { Port = x.TargetPort, To = x.Address, IsTranslated = true })
                : ("input", came with { IsTranslated = x.Engine == "relay" });
        return _tables
            .Select(t => t.Stops("ingress", came) ?? t.Stops("prerouting", came) ?? t.Stops(hook, then))
            .FirstOrDefault(s => s is not null);
    }

    public static void Write(System.Text.Json.Utf8JsonWriter json, string name, IEnumerable<Standing> standing)
    {
        json.WriteStartArray(name);
        foreach (var (port, isTaken, by) in standing)
        {
            json.WriteStartObject();
            json.WriteString("protocol", Rows.NameOf(port.Protocol));
            json.WriteNumber("port", port.Port);
            json.WriteNumber("family", port.Family);
            json.WriteBoolean("taken", isTaken);
            json.WriteString("by", by.Length > LongestRule ? by[..LongestRule] : by);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
