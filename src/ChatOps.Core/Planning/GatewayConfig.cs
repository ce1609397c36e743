using System.Collections.Immutable;
using ChatOps.Core.Gateways;
using ChatOps.Core.Values;

namespace ChatOps.Core.Planning;

/// <summary>What carries an exposure for the clients of one address family.</summary>
public enum Engine
{
    /// <summary>DNAT in the kernel, through a map of nftables.</summary>
    Nftables,

    /// <summary>nginx's stream module: TCP and UDP, one family to the other.</summary>
    Nginx,

    /// <summary>HAProxy: TCP over several targets with health checks.</summary>
    Haproxy,
}

/// <summary>How clients of one family get from a public port to where it leads.</summary>
/// <param name="Port">The public port.</param>
/// <param name="Clients">The family of the clients' addresses.</param>
/// <param name="Engine">What carries it.</param>
/// <param name="Targets">The resolved endpoints; exactly one under <see cref="Engine.Nftables"/>.</param>
public sealed record Route(PublicPort Port, Family Clients, Engine Engine, ImmutableArray<Socket> Targets)
{
    /// <summary>One line that is equal exactly when the route is the same.</summary>
    public override string ToString() => $"{Port} {Clients} {Engine} {string.Join(',', Targets)}";
}

/// <summary>A gateway's whole configuration, resolved: what the templates get. Setting the same one twice is harmless.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="Peers">WireGuard peers, by name.</param>
/// <param name="Routes">All routes, by port and family.</param>
public sealed record GatewayConfig(Gateway Gateway, ImmutableArray<Peer> Peers, ImmutableArray<Route> Routes)
{
    /// <summary>Resolves names to addresses and chooses the engines.</summary>
    public static GatewayConfig Of(Edge edge)
    {
        var gateway = edge.Gateway ?? throw new InvalidOperationException("an edge without a gateway has no configuration");
        ImmutableArray<Family> families = [.. gateway.Families];
        var routes = edge.Exposures.Values.SelectMany(x => EngineChoice.RoutesOf(x, edge, families)).Select(c => c.Route);
        return new(gateway, [.. edge.Peers.Values], [.. routes]);
    }
}
