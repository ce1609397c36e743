using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.Reading;

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

    /// <summary>The flows that the kernel tracks.</summary>
    public required Func<IEnumerable<Flow>> Flows { get; init; }

    public required IReadOnlyCollection<IPAddress> Own { get; init; }
}

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
        foreach (var flow in sources.Flows())
        {
            var port = new PublicPort(flow.Protocol, flow.Family, flow.Port);
            if (!flow.IsOver && known.Contains(port) && own.Contains(flow.Destination))
                RowOf(ports, port)[5]++;
        }
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

/// <summary>What nf_tables says over netlink.</summary>
internal static class Nftables
{
    // linux/netfilter/nf_tables.h
    private const int GetElements = 13,
        GetObjects = 19,
        CounterObject = 1;

    /// <summary>An element of a set or map of ports, with what was counted for it.</summary>
    public readonly record struct Element(Protocol Protocol, int Port, long Packets, long Bytes);

    /// <summary>The elements of a set whose keys begin with protocol and port; of another protocol none.</summary>
    public static IEnumerable<Element> Elements(StatisticsSources sources, string set)
    {
        var found = new List<Element>();
        foreach (var answer in sources.Dump(GetElements, [.. Attributes.Of(1, "chatops"), .. Attributes.Of(2, set)]))
        {
            foreach (var (type, elements) in Attributes.In(answer).Where(a => a.Type == 3))
            {
                foreach (var (_, element) in Attributes.In(elements))
                    Add(found, element);
            }
        }

        return found;
    }

    public static IEnumerable<(string Name, long Packets, long Bytes)> Counters(StatisticsSources sources) =>
        sources
            .Dump(GetObjects, [.. Attributes.Of(1, "chatops"), .. Attributes.Of(3, (byte[])[0, 0, 0, CounterObject])])
            .Where(IsCounter)
            .Select(answer => Counted(Attributes.Text(Attributes.Value(answer, 2)), Attributes.Value(answer, 4)));

    private static bool IsCounter(byte[] answer) =>
        Attributes.Text(Attributes.Value(answer, 1)) == "chatops" && Attributes.Value(answer, 3) is [0, 0, 0, CounterObject];

    private static (string Name, long Packets, long Bytes) Counted(string name, ReadOnlySpan<byte> counter) =>
        (name, Number(Attributes.Value(counter, 2)), Number(Attributes.Value(counter, 1)));

    private static void Add(List<Element> found, ReadOnlyMemory<byte> element)
    {
        // The key is two registers of four bytes: the protocol, and the port in network order.
        var key = Attributes.Value(Attributes.Value(element.Span, 1), 1);
        if (key.Length < 6 || key[0] is not ((byte)Protocol.Tcp or (byte)Protocol.Udp))
            return;

        // One expression, or in newer kernels a list of them.
        var (packets, bytes) = (0L, 0L);
        foreach (var (type, value) in Attributes.In(element))
        {
            foreach (
                var expression in type == 11 ? Attributes.In(value).Select(e => e.Value)
                : type == 7 ? [value]
                : []
            )
            {
                if (Attributes.Text(Attributes.Value(expression.Span, 1)) == "counter")
                    (_, packets, bytes) = Counted("", Attributes.Value(expression.Span, 2));
            }
        }

        found.Add(new Element((Protocol)key[0], BinaryPrimitives.ReadUInt16BigEndian(key[4..]), packets, bytes));
    }

    private static long Number(ReadOnlySpan<byte> value) => value.Length == 8 ? BinaryPrimitives.ReadInt64BigEndian(value) : 0;
}
