using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Planning;

/// <summary>What carries an exposure for the clients of one address family.</summary>
public enum Engine
{
    /// <summary>DNAT in the kernel, through a map of nftables.</summary>
    Nftables,

    /// <summary>
    /// HAProxy's listener for all TCP ports by which IPv4 clients come to VMs without an IPv4 address: a map, which changes while it runs,
    /// says where each leads.
    /// </summary>
    Relay,

    /// <summary>
    /// The gateway's own relay of UDP, from one family to the other or over several targets, whose sessions no other change ends.
    /// </summary>
    UdpRelay,

    /// <summary>nginx's stream module: TCP of IPv6 clients to VMs without an IPv6 address.</summary>
    Nginx,

    /// <summary>HAProxy: TCP over several targets with health checks.</summary>
    Haproxy,

    /// <summary>nginx's http module: by host and path.</summary>
    Http,

    /// <summary>nginx's stream module by the name in TLS (SNI), which goes on to the VM as it is.</summary>
    Passthrough,

    /// <summary>dnsmasq: DNS, forwarded and cached.</summary>
    Dnsmasq,

    /// <summary>pgbouncer: PostgreSQL connections, pooled.</summary>
    Pgbouncer,

    /// <summary>kamailio: SIP, relayed.</summary>
    Kamailio,
}

/// <summary>How clients of one family get from a public endpoint to where it leads.</summary>
/// <param name="Clients">The family of the clients' addresses.</param>
/// <param name="Targets">The resolved endpoints; exactly one under <see cref="Engine.Nftables"/> and <see cref="Engine.Relay"/>.</param>
/// <param name="Options">How it differs from a plain one; without the end of its time, which is apart in
/// <see cref="GatewayConfig.Ending"/>.</param>
public sealed record Route(PublicEndpoint Endpoint, Family Clients, Engine Engine, ImmutableArray<Socket> Targets, ExposureOptions Options)
{
    /// <summary>The public ports that it takes: its own, or the web's.</summary>
    public IEnumerable<PublicPort> Ports => Exposure.PortsOf(Endpoint, Options);

    /// <summary>One line that is equal exactly when the route is the same.</summary>
    public override string ToString() => $"{Endpoint} {Clients} {Engine} {string.Join(',', Targets)}{Options.Words}";
}

/// <summary>An inside address with what it is outside.</summary>
public sealed record AddressPair(Address Inside, Address Outside);

/// <summary>A VM's address with the pool that its connections come from.</summary>
/// <param name="Pool">The public addresses and ports.</param>
public sealed record SourceTranslation(Address Inside, SourcePool Pool);

/// <summary>A gateway's whole configuration, resolved: what the templates get. Setting the same one twice is harmless.</summary>
/// <param name="Peers">WireGuard peers, by name.</param>
/// <param name="Routes">All routes, by endpoint and family.</param>
/// <param name="Egress">The VM addresses that may open connections to the internet.</param>
/// <param name="Mappings">1:1 NAT.</param>
/// <param name="SourceTranslations">Which addresses VMs go out with.</param>
/// <param name="Admissions">Ports that only some networks reach, a pair a network.</param>
/// <param name="Limits">Rates of new connections, by port.</param>
/// <param name="Blocked">Networks that are shut out.</param>
/// <param name="Inside">The addresses of all VMs.</param>
/// <param name="Ending">What is open for a time.</param>
public sealed record GatewayConfig(
    Gateway Gateway,
    ImmutableArray<Peer> Peers,
    ImmutableArray<Route> Routes,
    ImmutableArray<Address> Egress,
    ImmutableArray<AddressPair> Mappings,
    ImmutableArray<SourceTranslation> SourceTranslations,
    ImmutableArray<(PublicPort Port, Network From)> Admissions,
    ImmutableArray<Rule.RateLimit> Limits,
    ImmutableArray<Network> Blocked,
    ImmutableArray<Address> Inside,
    ImmutableArray<Exposure> Ending
)
{
    /// <summary>Public addresses besides the gateway's first ones, which it has to hold for its rules.</summary>
    public IEnumerable<Address> FurtherAddresses =>
        Mappings
            .Select(m => m.Outside)
            .Concat(SourceTranslations.SelectMany(s => s.Pool.Addresses.All))
            .Except(Gateway.Addresses)
            .Distinct()
            .Order();

    /// <summary>
    /// Where the relay listens, out of reach from outside: the highest port below 62,000 that is not open itself. It is above those that
    /// the kernel takes for connections of its own.
    /// </summary>
    public Port RelayPort { get; } = FreeBelow(62_000, Gateway, Routes);

    /// <summary>True when an IPv6-only VM may go out: it needs NAT64 and DNS64.</summary>
    public bool NeedsNat64 => Egress.Any(a => a.Family == Family.IPv6);

    /// <summary>Resolves names to addresses and chooses the engines.</summary>
    /// <param name="edge">What the gateway is to do.</param>
    /// <param name="known">The routes of earlier edges, for who resolves one edge after the other; null for none.</param>
    public static GatewayConfig Of(Edge edge, KnownRoutes? known = null)
    {
        var gateway = edge.Gateway ?? throw new InvalidOperationException("an edge without a gateway has no configuration");
        var rules = edge.Rules.Values;
        return new(
            gateway,
            [.. edge.Peers.Values],
            (known ?? new KnownRoutes()).Of(edge),
            [.. rules.OfType<Rule.Egress>().SelectMany(r => edge.Vms[r.Vm].Addresses).Order()],
            [.. rules.OfType<Rule.Mapping>().Select(r => new AddressPair(edge.Vms[r.Vm].In(r.Public.Family)!.Value, r.Public))],
            [
                .. rules
                    .OfType<Rule.SourceNat>()
                    .Select(r => new SourceTranslation(edge.Vms[r.Vm].In(r.From.Addresses.First.Family)!.Value, r.From))
                    // By address, so that no file differs when nothing but a name does.
                    .OrderBy(s => s.Inside),
            ],
            [.. AdmissionsOf(edge).Distinct().OrderBy(a => a.Port).ThenBy(a => a.From)],
            [.. rules.OfType<Rule.RateLimit>().OrderBy(r => r.Port)],
            [.. rules.OfType<Rule.Block>().Select(r => r.From).Order()],
            [.. edge.Vms.Values.SelectMany(v => v.Addresses).Distinct().Order()],
            [.. edge.Exposures.Values.Where(x => x.Options.Ends)]
        );
    }

    private static Port FreeBelow(int end, Gateway gateway, ImmutableArray<Route> routes)
    {
        var taken = new HashSet<Port> { gateway.SshPort };
        foreach (var route in routes)
        {
            if (route.Endpoint.Port is { Protocol: Protocol.Tcp } port)
                taken.Add(port.Port);
        }

        while (taken.Contains(new Port(--end)))
            continue;
        return new Port(end);
    }

    // Web addresses share their ports, so who may reach one of them is nginx's business.
    private static IEnumerable<(PublicPort Port, Network From)> AdmissionsOf(Edge edge) =>
        edge
            .Rules.Values.OfType<Rule.Admission>()
            .Select(r => (r.To, r.From))
            .Concat(
                from exposure in edge.Exposures.Values
                where exposure.Options.From is not null && exposure.Endpoint.Port is not null
                from network in exposure.Options.From!.Value.All
                select (exposure.Endpoint.Port!.Value, network)
            );
}
