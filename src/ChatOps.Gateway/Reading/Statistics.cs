using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.Reading;

/// <summary>Where statistics come from.</summary>
internal sealed record StatisticsSources
{
    /// <summary>What a program prints (program, arguments); null when it cannot be run or fails.</summary>
    public required Func<string, string[], string?> Run { get; init; }

    /// <summary>What a Unix socket answers (path, question); null when nobody is there.</summary>
    public required Func<string, string, string?> Ask { get; init; }

    /// <summary>A file's text; null when it is not there.</summary>
    public required Func<string, string?> File { get; init; }

    /// <summary>The attributes of all messages that nf_tables answers a dump request with (kind of message, attributes of the
    /// request).</summary>
    public required Func<int, byte[], IReadOnlyList<byte[]>> Dump { get; init; }

    /// <summary>Every address of this machine.</summary>
    public required IReadOnlyCollection<IPAddress> Own { get; init; }
}

/// <summary>What has been counted.</summary>
internal static class Statistics
{
    /// <summary>The inner part of the JSON object that the verb "stats" answers with. <paramref name="socket"/> is HAProxy's.</summary>
    public static string Read(StatisticsSources sources, string socket)
    {
        var (public_, ports) = Counted(sources);
        CountOpen(sources, public_, ports);
        var rows = ports
            .OrderBy(p => p.Key.Family)
            .ThenBy(p => p.Key.Protocol)
            .ThenBy(p => p.Key.Port)
            .Select(p => $"[{p.Key.Family},{(int)p.Key.Protocol},{p.Key.Port},{string.Join(',', p.Value)}]");
        var uptime = First(sources, "/proc/uptime", "0").Split(' ')[0];
        var load = First(sources, "/proc/loadavg", "0 0 0").Split(' ').Take(3);
        var boot = First(sources, "/proc/sys/kernel/random/boot_id", "");
        var flows = First(sources, "/proc/sys/net/netfilter/nf_conntrack_count", "0");
        var mostFlows = First(sources, "/proc/sys/net/netfilter/nf_conntrack_max", "0");
        var backends = Backends(sources.Ask(socket, "show stat -1 4 -1\n") ?? "");
        return $"\"boot\":\"{boot}\",\"uptime_s\":{uptime},\"load\":[{string.Join(',', load)}],"
            + $"\"ports\":[{string.Join(',', rows)}],\"counters\":{{{string.Join(',', Counters(sources))}}},"
            + $"\"peers\":[{string.Join(',', Peers(sources))}],\"backends\":[{string.Join(',', backends)}],"
            + $"\"conntrack\":{{\"count\":{flows},\"max\":{mostFlows}}}";
    }

    /// <summary>HAProxy's servers, from its CSV: "# pxname,svname,...", a line a server.</summary>
    public static IEnumerable<string> Backends(string csv)
    {
        string[] names = [];
        foreach (var line in csv.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                names = line[2..].Split(',');
                continue;
            }

            var values = line.Split(',');
            if (names.Length == 0)
                continue;
            // A relay has no server of its own: each connection has another one.
            if (Of("pxname").StartsWith("relay", StringComparison.Ordinal))
                continue;
            var status = Of("status");
            var isUp = status.StartsWith("UP", StringComparison.Ordinal) || status.StartsWith("no check", StringComparison.Ordinal);
            yield return $"{{\"listener\":\"{Of("pxname")}\",\"server\":\"{Of("svname")}\",\"up\":{(isUp ? "true" : "false")},"
                + $"\"current\":{Number(Of("scur"))},\"total\":{Number(Of("stot"))}}}";

            string Of(string name) => Array.IndexOf(names, name) is var at and >= 0 && at < values.Length ? values[at] : "";
        }
    }

    /// <summary>Peers, from "wg show wg0 dump".</summary>
    public static IEnumerable<string> PeersOf(string dump) =>
        dump.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(line => line.Split('\t'))
            .Where(f => f.Length > 6)
            .Select(f => $"{{\"key\":\"{f[0]}\",\"handshake\":{Number(f[4])},\"rx\":{Number(f[5])},\"tx\":{Number(f[6])}}}");

    private static IEnumerable<string> Peers(StatisticsSources sources) =>
        sources.File("/sys/class/net/wg0/ifindex") is not null && sources.Run("wg", ["show", "wg0", "dump"]) is { } dump
            ? PeersOf(dump)
            : [];

    // Per public port: packets and bytes in, packets and bytes out, connections opened, connections open.
    private static (HashSet<PublicPort> Public, Dictionary<PublicPort, long[]> Ports) Counted(StatisticsSources sources)
    {
        var (known, ports) = (new HashSet<PublicPort>(), new Dictionary<PublicPort, long[]>());
        foreach (var family in new[] { 4, 6 })
        {
            foreach (var element in Nftables.Elements(sources, $"dnat{family}").Concat(Nftables.Elements(sources, $"proxied{family}")))
                known.Add(new PublicPort(element.Protocol, family, element.Port));
            var column = 0;
            foreach (var set in new[] { "traffic", "answered", "opened" })
            {
                foreach (var element in Nftables.Elements(sources, $"{set}{family}"))
                {
                    var port = new PublicPort(element.Protocol, family, element.Port);
                    if (element.Packets == 0 || !known.Contains(port))
                        continue;
                    var row = RowOf(ports, port);
                    row[column] = element.Packets;
                    if (column < 4)
                        row[column + 1] = element.Bytes;
                }

                column += 2;
            }
        }

        return (known, ports);
    }

    // Connections that came to an address of this machine and to a public port; not those that are over and remembered for a while.
    private static void CountOpen(StatisticsSources sources, HashSet<PublicPort> known, Dictionary<PublicPort, long[]> ports)
    {
        var own = sources.Own.ToHashSet();
        foreach (var line in Flows(sources))
        {
            var isOver = line.Contains(" TIME_WAIT ", StringComparison.Ordinal) || line.Contains(" CLOSE ", StringComparison.Ordinal);
            if (isOver || !Flow.TryRead(line, out var flow))
                continue;
            if (!Rows.TryReadProtocol(flow.Protocol, out var protocol))
                continue;
            var port = new PublicPort(protocol, flow.Family, flow.Port);
            if (known.Contains(port) && own.Contains(flow.Destination))
                RowOf(ports, port)[5]++;
        }
    }

    private static IEnumerable<string> Flows(StatisticsSources sources)
    {
        if (sources.File("/proc/net/nf_conntrack") is { } table)
            return table.Split('\n');
        string[] families = ["ipv4", "ipv6"];
        return families.SelectMany(family => (sources.Run("conntrack", ["-L", "-f", family]) ?? "").Split('\n'));
    }

    private static IEnumerable<string> Counters(StatisticsSources sources) =>
        Nftables.Counters(sources).Select(c => $"\"{c.Name}\":[{c.Packets},{c.Bytes}]");

    private static long[] RowOf(Dictionary<PublicPort, long[]> ports, PublicPort port) =>
        ports.TryGetValue(port, out var row) ? row : ports[port] = new long[6];

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string First(StatisticsSources sources, string file, string otherwise) =>
        sources.File(file)?.Split('\n')[0] ?? otherwise;
}

/// <summary>What nf_tables says over netlink: lists of attributes, each of a length, a type and a value, filled up to four bytes.</summary>
internal static class Nftables
{
    // linux/netfilter/nf_tables.h
    private const int GetElements = 13, GetObjects = 19, CounterObject = 1, TypeMask = 0x3fff;

    /// <summary>An element of a set or map of ports, with what was counted for it.</summary>
    public readonly record struct Element(Protocol Protocol, int Port, long Packets, long Bytes);

    /// <summary>The elements of a set whose keys begin with protocol and port; of another protocol none.</summary>
    public static IEnumerable<Element> Elements(StatisticsSources sources, string set)
    {
        var found = new List<Element>();
        foreach (var answer in sources.Dump(GetElements, [.. Attribute(1, "chatops"), .. Attribute(2, set)]))
        {
            foreach (var (_, element) in Attributes(Value(answer, 3)))
                Add(found, element);
        }

        return found;
    }

    /// <summary>The named counters of our table.</summary>
    public static IEnumerable<(string Name, long Packets, long Bytes)> Counters(StatisticsSources sources)
    {
        foreach (var answer in sources.Dump(GetObjects, [.. Attribute(1, "chatops"), .. Attribute(3, [0, 0, 0, CounterObject])]))
        {
            if (Text(Value(answer, 1)) != "chatops" || !Value(answer, 3).AsSpan().SequenceEqual(new byte[] { 0, 0, 0, CounterObject }))
                continue;
            var counter = Value(answer, 4);
            yield return (Text(Value(answer, 2)), Number(Value(counter, 2)), Number(Value(counter, 1)));
        }
    }

    private static void Add(List<Element> found, byte[] element)
    {
        // The key is two registers of four bytes: the protocol, and the port in network order.
        var key = Value(Value(element, 1), 1);
        if (key.Length < 6 || key[0] is not ((byte)Protocol.Tcp or (byte)Protocol.Udp))
            return;

        // One expression, or in newer kernels a list of them.
        var expressions = Attributes(Value(element, 11)).Select(e => e.Value).Append(Value(element, 7));
        var counter = expressions.FirstOrDefault(e => Text(Value(e, 1)) == "counter");
        var counted = counter is null ? [] : Value(counter, 2);
        var port = BinaryPrimitives.ReadUInt16BigEndian(key.AsSpan(4));
        found.Add(new Element((Protocol)key[0], port, Number(Value(counted, 2)), Number(Value(counted, 1))));
    }

    private static byte[] Attribute(ushort type, string text) => Attribute(type, [.. Encoding.ASCII.GetBytes(text), 0]);

    private static byte[] Attribute(ushort type, byte[] value)
    {
        var attribute = new byte[(4 + value.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(2), type);
        value.CopyTo(attribute, 4);
        return attribute;
    }

    private static IEnumerable<(int Type, byte[] Value)> Attributes(byte[] list)
    {
        for (var at = 0; at + 4 <= list.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(list.AsSpan(at));
            if (length < 4 || at + length > list.Length)
                yield break;
            yield return (BinaryPrimitives.ReadUInt16LittleEndian(list.AsSpan(at + 2)) & TypeMask, list[(at + 4)..(at + length)]);
            at += (length + 3) & ~3;
        }
    }

    private static byte[] Value(byte[] list, int type) => Attributes(list).LastOrDefault(a => a.Type == type).Value ?? [];

    private static string Text(byte[] value) => Encoding.ASCII.GetString(value).TrimEnd('\0');

    private static long Number(byte[] value) => value.Length == 8 ? BinaryPrimitives.ReadInt64BigEndian(value) : 0;
}
