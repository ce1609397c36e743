using System.Globalization;
using System.Net;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Looking;

/// <summary>This machine's addresses and routes, as /proc/net has them.</summary>
internal static class Network
{
    public static IReadOnlyCollection<IPAddress> All() => [.. Four(), .. Six().Select(a => a.Address)];

    public static IReadOnlyCollection<IPAddress> Own() =>
        [.. Four().Where(a => !IPAddress.IsLoopback(a)), .. Six().Where(a => a.IsGlobal).Select(a => a.Address)];

    /// <summary>The address in the Mycelium overlay, 400::/7; null when there is none.</summary>
    public static IPAddress? Mycelium() => Six().Select(a => a.Address).FirstOrDefault(a => (a.GetAddressBytes()[0] & 0xfe) == 4);

    public static bool HasInterface(string name) => Directory.Exists($"/sys/class/net/{name}");

    /// <summary>The interfaces to which a default route leads, in a family.</summary>
    public static IReadOnlyCollection<string> DefaultDevices(int family) =>
        family == 4
            ?
            [
                .. Files
                    .Lines("/proc/net/route")
                    .Skip(1)
                    .Select(l => l.Split('\t', StringSplitOptions.TrimEntries))
                    .Where(f => f is [_, "00000000", _, _, _, _, _, "00000000", ..])
                    .Select(f => f[0])
                    .Distinct(),
            ]
            :
            [
                .. Files
                    .Lines("/proc/net/ipv6_route")
                    .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Where(f => f is [_, "00", _, _, _, _, _, _, _, not "lo"] && f[0].All(c => c == '0'))
                    .Select(f => f[9])
                    .Distinct(),
            ];

    /// <summary>The networks that lead to an interface, but those of its own addresses and of the link.</summary>
    public static HashSet<string> Routes(string device)
    {
        var routes = new HashSet<string>();
        // Iface Destination Gateway Flags RefCnt Use Metric Mask: words of this machine's byte order.
        foreach (var f in Files.Lines("/proc/net/route").Skip(1).Select(l => l.Split('\t', StringSplitOptions.TrimEntries)))
        {
            if (f.Length > 7 && f[0] == device)
                routes.Add($"{new IPAddress(Hex(f[1]))}/{System.Numerics.BitOperations.PopCount((uint)Hex(f[7]))}");
        }

        // Destination, its length, source, its length, next hop, metric, references, use, flags, device.
        // Besides its own address a router has that of all routers of the network, which is an anycast one.
        const long own = 0x80000000 | 0x00100000;
        foreach (var f in Files.Lines("/proc/net/ipv6_route").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (
                f.Length > 9
                && f[9] == device
                && (Hex(f[8]) & own) == 0
                && !f[0].StartsWith("fe80", StringComparison.Ordinal)
                && !f[0].StartsWith("ff00", StringComparison.Ordinal)
            )
                routes.Add($"{new IPAddress(Convert.FromHexString(f[0]))}/{Hex(f[1])}");
        }

        return routes;
    }

    // "|-- ADDRESS", and below it what it is.
    private static IEnumerable<IPAddress> Four()
    {
        var address = "";
        var told = new HashSet<string>();
        foreach (var line in Files.Lines("/proc/net/fib_trie"))
        {
            if (line.IndexOf("|-- ", StringComparison.Ordinal) is >= 0 and var at)
                address = line[(at + 4)..].Trim();
            else if (line.Contains("/32 host LOCAL", StringComparison.Ordinal) && told.Add(address))
                yield return IPAddress.Parse(address);
        }
    }

    // Address, number of the interface, length, scope (00: global), flags, device.
    private static IEnumerable<(IPAddress Address, bool IsGlobal)> Six() =>
        Files
            .Lines("/proc/net/if_inet6")
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(f => (new IPAddress(Convert.FromHexString(f[0])), f[3] == "00"));

    private static long Hex(string text) => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
