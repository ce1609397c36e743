using System.Collections.Immutable;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Delivery.Answers;

/// <summary>Gives the numbers of <c>stats</c> their meaning.</summary>
internal static class StatsAnswer
{
    private const int Tcp = 6;
    private const int Udp = 17;

    /// <exception cref="GatewayAnswerException">A row is not one.</exception>
    public static GatewayStats Read(StatsJson said, string output) =>
        new(
            said.Boot,
            TimeSpan.FromSeconds(said.UptimeS),
            GatewayAnswers.LoadOf(said.Load, output),
            [.. said.Ports.Select(row => PortOf(row, output)).OrderBy(p => p.Port).ThenBy(p => p.Clients)],
            said.Counters.ToImmutableSortedDictionary(
                c => c.Key,
                c =>
                    c.Value is [var packets, var bytes]
                        ? new Volume(packets, bytes)
                        : throw GatewayAnswers.Wrong($"counter {c.Key}", output),
                StringComparer.Ordinal
            ),
            [.. said.Peers.Select(p => PeerOf(p, output))],
            [.. said.Backends.Select(b => new BackendStats(b.Listener, b.Server, b.Up, b.Current, b.Total))],
            said.Conntrack.Count,
            said.Conntrack.Max
        );

    private static PortStats PortOf(long[] row, string output) =>
        row
            is [
                4
                or 6,
                Tcp
                or Udp,
                > 0
                and <= 65535,
                var packetsIn,
                var bytesIn,
                var packetsOut,
                var bytesOut,
                var opened,
                >= 0
                and <= int.MaxValue,
            ]
            ? new(
                row[0] == 4 ? Family.IPv4 : Family.IPv6,
                new PublicPort(row[1] == Tcp ? Protocol.Tcp : Protocol.Udp, new Port((int)row[2])),
                new Volume(packetsIn, bytesIn),
                new Volume(packetsOut, bytesOut),
                opened,
                (int)row[8]
            )
            : throw GatewayAnswers.Wrong("row of a port", output);

    private static PeerStats PeerOf(PeerTrafficJson peer, string output) =>
        new(
            WireGuardKey.TryParse(peer.Key, out var key) ? key : throw GatewayAnswers.Wrong("peer", output),
            peer.Handshake > 0 ? DateTimeOffset.FromUnixTimeSeconds(peer.Handshake) : null,
            peer.Rx,
            peer.Tx
        );
}
