using System.Text;
using ChatOps.Core.Planning;
using ChatOps.Core.Values;

namespace ChatOps.Rendering;

/// <summary>
/// The lists that travel with a revision for the gateway's script: what is exposed (to find held ports and to cut the connections of what was
/// closed), what must listen after the switch, which addresses to hold, and what the rules let. Sorted by bytes, a line an entry.
/// </summary>
internal sealed class Manifest
{
    private readonly Fragments<Route> _exposures = new(() => ExposuresOf, SameRoute.Instance);

    /// <summary><c>PROTO PORT ENGINE FAMILY TARGETADDR TARGETPORT</c>, a line a target.</summary>
    public string Exposures(IEnumerable<Route> routes) => Sorted(_exposures.Each(routes));

    /// <summary><c>PROTO FAMILY PORT ENGINE</c>, a line a socket.</summary>
    public static string Listeners(IEnumerable<Route> routes) => Sorted(routes.Where(r => r.Engine != Engine.Nftables).Select(ListenersOf));

    private static string ExposuresOf(Route route) =>
        Lines(
            from port in route.Ports
            from target in route.Targets
            select $"{port.ProtocolName} {port.Port} {NameOf(route.Engine)} {NumberOf(route.Clients)} {target.Address} {target.Port}"
        );

    private static string ListenersOf(Route route) =>
        Lines(route.Ports.Select(p => $"{p.ProtocolName} {NumberOf(route.Clients)} {p.Port} {NameOf(route.Engine)}"));

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

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

    // Each part is one line, but for several targets or ports.
    private static string Sorted(IEnumerable<string> parts)
    {
        var lines = new List<string>();
        foreach (var part in parts)
        {
            if (part.Contains('\n', StringComparison.Ordinal))
                lines.AddRange(part.Split('\n'));
            else
                lines.Add(part);
        }

        lines.Sort(StringComparer.Ordinal);
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            if (i == 0 || lines[i] != lines[i - 1])
                text.Append(lines[i]).Append('\n');
        }

        return text.ToString();
    }
}
