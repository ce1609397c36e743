using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Statistics;

/// <summary>Packets and bytes.</summary>
/// <param name="Bytes">Bytes, with IP headers.</param>
public readonly record struct Volume(long Packets, long Bytes);

/// <summary>
/// What has passed by a public port since its counters began: with the port, or with the last load of the whole firewall (a reboot, a
/// change of more than ports). So figures may begin anew, and only a difference between two readings where the later is not smaller means
/// anything.
/// </summary>
/// <param name="Clients">The family of the clients' addresses.</param>
/// <param name="Opened">Connections that were opened; for UDP, flows.</param>
/// <param name="Open">Connections that are tracked now.</param>
public sealed record PortStats(Family Clients, PublicPort Port, Volume In, Volume Out, long Opened, int Open);

/// <summary>A WireGuard peer.</summary>
/// <param name="Handshake">The last handshake; null when there was none since the tunnel came up.</param>
public sealed record PeerStats(WireGuardKey Key, DateTimeOffset? Handshake, long Received, long Sent);

/// <summary>A VM endpoint behind HAProxy, as its health checks see it.</summary>
/// <param name="Listener">The listener's name in haproxy.cfg.</param>
/// <param name="Server">The server's name there.</param>
/// <param name="IsUp">True when the last checks passed.</param>
/// <param name="Total">Connections since HAProxy has read its configuration.</param>
public sealed record BackendStats(string Listener, string Server, bool IsUp, int Current, long Total)
{
    /// <summary>What it is the server of; null when that is not open any more.</summary>
    public (Exposure Exposure, VmEndpoint Target, Family Clients)? Of(Edge edge) =>
        ListenerName.TryParse(Listener, out var listener) && listener.TargetOf(edge, Server) is var (exposure, target)
            ? (exposure, target, listener.Clients)
            : null;
}

/// <summary>What a gateway has counted.</summary>
/// <param name="BootId">Changes at each boot; all counters begin anew with it.</param>
/// <param name="Load">The load average of the last minute, times 100.</param>
/// <param name="Ports">Public ports with any traffic or connection, by port and family.</param>
/// <param name="Counters">The firewall's named counters, such as <c>blocked</c> or <c>dropped</c>.</param>
/// <param name="ConntrackMax">How many it can track.</param>
public sealed record GatewayStats(
    string BootId,
    TimeSpan Uptime,
    int Load,
    ImmutableArray<PortStats> Ports,
    ImmutableSortedDictionary<string, Volume> Counters,
    ImmutableArray<PeerStats> Peers,
    ImmutableArray<BackendStats> Backends,
    int ConntrackCount,
    int ConntrackMax
);
