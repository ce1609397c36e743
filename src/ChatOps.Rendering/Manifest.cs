using System.Text;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Rendering;

/// <summary>
/// The lists that travel with a revision for the gateway's program: what is exposed (to find held ports and to cut the connections of what
/// was closed), what must listen after the switch, which addresses to hold, and what the rules let. Sorted by bytes, a line an entry.
/// </summary>
internal sealed class Manifest
{
    private readonly Fragments<Route> _exposures = new(() => ExposuresOf, SameRoute.Instance);

    /// <summary><c>PROTO PORT ENGINE FAMILY TARGETADDR TARGETPORT</c>, a line a target.</summary>
    public string Exposures(IEnumerable<Route> routes) => Sorted(_exposures.Each(routes));

    /// <summary><c>PROTO FAMILY PORT ENGINE</c>, a line a socket. All relayed ports have one.</summary>
    public static string Listeners(GatewayConfig config) =>
        Sorted(
            config
                .Routes.Where(r => r.Engine is not (Engine.Nftables or Engine.Relay))
                .Select(ListenersOf)
                .Concat(
                    config
                        .Routes.Where(r => r.Engine == Engine.Relay)
                        .Select(r => r.Clients)
                        .Distinct()
                        .Select(f => $"tcp {NumberOf(f)} {config.RelayPort} {NameOf(Engine.Haproxy)}")
                )
        );

    private static string ExposuresOf(Route route) =>
        Lines(
            from port in route.Ports
            from target in route.Targets
            select $"{port.ProtocolName} {port.Port} {NameOf(route.Engine)} {NumberOf(route.Clients)} {target.Address} {target.Port}"
        );

    private static string ListenersOf(Route route) =>
        Lines(route.Ports.Select(p => $"{p.ProtocolName} {NumberOf(route.Clients)} {p.Port} {NameOf(route.Engine)}"));

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

    /// <summary>
    /// The public addresses that the gateway is to hold besides its first ones, one a line, with the interface where it is said: <c>ADDRESS
    /// [INTERFACE]</c>.
    /// </summary>
    public static string Addresses(GatewayConfig config) =>
        Sorted(config.FurtherAddresses.Select(a => config.Gateway.PublicInterface is { } name ? $"{a} {name}" : $"{a}"));

    /// <summary>
    /// What lets flows in or out besides exposures, so that those that it no longer lets can be cut: <c>block NETWORK</c>, <c>admit PROTO
    /// PORT NETWORK</c>, <c>egress ADDRESS</c>, <c>map PUBLIC INSIDE</c>, <c>snat INSIDE FIRST LAST</c>.
    /// </summary>
    public static string Rules(GatewayConfig config) =>
        Sorted([
            .. config.Blocked.Select(n => $"block {n}"),
            .. config.Admissions.Select(a => $"admit {a.Port.ProtocolName} {a.Port.Port} {a.From}"),
            .. config.Egress.Select(a => $"egress {a}"),
            .. config.Mappings.Select(m => $"map {m.Outside} {m.Inside}"),
            .. config.SourceTranslations.Select(s => $"snat {s.Inside} {s.Pool.Addresses.First} {s.Pool.Addresses.Last}"),
        ]);

    /// <summary>
    /// The preshared keys of peers, sealed, a box a line: <c>psk PEERKEY GATEWAYKEY BOX</c>. A gateway opens what is sealed to it.
    /// </summary>
    public static string Secrets(GatewayConfig config) =>
        Sorted(from peer in config.Peers from box in peer.Preshared?.All ?? [] select $"psk {peer.Key} {box.Gateway} {box.Box}");

    /// <summary>
    /// Until when what is open for a time is so: <c>PROTO PORT END</c>, <c>web NAME END</c> with a target that no other web address has, if
    /// there is one. END is a UNIX time, or <c>+SECONDS</c> from when the gateway confirms this. The web's ports end with the last address
    /// when all do.
    /// </summary>
    public static string Lifetimes(GatewayConfig config)
    {
        var ends = config.Ending.ToDictionary(x => x.Endpoint, x => EndOf(x.Options));
        var sites = config.Routes.Where(r => r.Endpoint.Web is not null).ToLookup(r => r.Endpoint);
        var web = sites.Where(s => ends.ContainsKey(s.Key)).ToList();
        var shared = sites
            .SelectMany(s => s.SelectMany(r => r.Targets).Distinct())
            .CountBy(t => t)
            .Where(t => t.Value > 1)
            .Select(t => t.Key)
            .ToHashSet();
        var webPorts = sites
            .SelectMany(s => s.First().Ports.Select(p => (Port: p, End: ends.GetValueOrDefault(s.Key))))
            .ToLookup(p => p.Port, p => p.End);
        return Sorted([
            .. config.Ending.Where(x => x.Endpoint.Port is not null).Select(x => LifetimeOf(x.Endpoint.Port!.Value, ends[x.Endpoint])),
            .. webPorts.Where(p => p.All(end => end is not null)).SelectMany(p => p.Select(end => LifetimeOf(p.Key, end!))),
            .. web.Select(s => $"web {WebModel.FileOf(s.First())} {ends[s.Key]}"),
            .. from site in web
            from target in site.SelectMany(r => r.Targets).Distinct()
            where !shared.Contains(target)
            select $"web {WebModel.FileOf(site.First())} {ends[site.Key]} {target.Address} {target.Port}",
        ]);
    }

    private static string LifetimeOf(PublicPort port, string end) => $"{port.ProtocolName} {port.Port} {end}";

    private static string EndOf(ExposureOptions options) =>
        options.For is { } length
            ? FormattableString.Invariant($"+{(long)length.TotalSeconds}")
            : FormattableString.Invariant($"{options.Until!.Value.ToUnixTimeSeconds()}");

    private static string NameOf(Engine engine) =>
        engine switch
        {
            Engine.Nftables => "nftables",
            Engine.Relay => "relay",
            Engine.UdpRelay => "udprelay",
            Engine.Nginx or Engine.Http or Engine.Passthrough => "nginx",
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
