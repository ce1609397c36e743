using System.Text;
using ChatOps.Core.Planning;
using ChatOps.Core.Values;

namespace ChatOps.Rendering;

/// <summary>
/// The lists that travel with a revision for the gateway's script: what is exposed (to find held ports and to cut the connections of what was
/// closed), what must listen after the switch, which addresses to hold, and what the rules let. Sorted by bytes, a line an entry.
/// </summary>
internal static class Manifest
{
    /// <summary><c>PROTO PORT ENGINE FAMILY TARGETADDR TARGETPORT</c>, a line a target.</summary>
    public static string Exposures(IEnumerable<Route> routes) =>
        Sorted(
            from route in routes
            from port in route.Ports
            from target in route.Targets
            select $"{port.ProtocolName} {port.Port} {NameOf(route.Engine)} {NumberOf(route.Clients)} {target.Address} {target.Port}"
        );

    /// <summary><c>PROTO FAMILY PORT ENGINE</c>, a line a socket.</summary>
    public static string Listeners(IEnumerable<Route> routes) =>
        Sorted(
            routes
                .Where(r => r.Engine != Engine.Nftables)
                .SelectMany(r => r.Ports.Select(p => $"{p.ProtocolName} {NumberOf(r.Clients)} {p.Port} {NameOf(r.Engine)}"))
        );

    /// <summary>The public addresses that the gateway is to hold besides its first ones, one a line.</summary>
    public static string Addresses(GatewayConfig config) => Sorted(config.FurtherAddresses.Select(a => a.ToString()));

    /// <summary>
    /// What lets flows in or out besides exposures, so that those that it no longer lets can be cut: <c>block NETWORK</c>, <c>admit PROTO PORT
    /// NETWORK</c>, <c>egress ADDRESS</c>, <c>map PUBLIC INSIDE</c>, <c>snat INSIDE FIRST LAST</c>.
    /// </summary>
    public static string Rules(GatewayConfig config) =>
        Sorted(
            [
                .. config.Blocked.Select(n => $"block {n}"),
                .. config.Admissions.Select(a => $"admit {a.Port.ProtocolName} {a.Port.Port} {a.From}"),
                .. config.Egress.Select(a => $"egress {a}"),
                .. config.Mappings.Select(m => $"map {m.Outside} {m.Inside}"),
                .. config.SourceTranslations.Select(s => $"snat {s.Inside} {s.Pool.Addresses.First} {s.Pool.Addresses.Last}"),
            ]
        );

    private static string NameOf(Engine engine) =>
        engine switch
        {
            Engine.Nftables => "nftables",
            Engine.Nginx or Engine.Http => "nginx",
            Engine.Haproxy => "haproxy",
            Engine.Dnsmasq => "dnsmasq",
            Engine.Pgbouncer => "pgbouncer",
            Engine.Kamailio => "kamailio",
            _ => throw new InvalidOperationException($"no name for {engine}"),
        };

    private static char NumberOf(Family family) => family == Family.IPv4 ? '4' : '6';

    private static string Sorted(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines.Distinct().Order(StringComparer.Ordinal))
            text.Append(line).Append('\n');
        return text.ToString();
    }
}
