using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Folder;

namespace ChatOps.Browser;

/// <summary>
/// A folder gateway, on which files are rendered, checked and switched as on any; but it tells of traffic, handshakes and drift as a test
/// wants.
/// </summary>
internal sealed class CountingGateway(string folder) : IGatewayClient, IDisposable
{
    private readonly DateTimeOffset _since = TimeProvider.System.GetUtcNow().AddDays(-3);
    private readonly FolderGatewayClient _folder = new(folder, TimeProvider.System);

    /// <summary>Packets a second by public port, since the gateway was there.</summary>
    public ImmutableSortedDictionary<PublicPort, int> Packets { get; set; } = ImmutableSortedDictionary<PublicPort, int>.Empty;

    /// <summary>Peers that shake hands.</summary>
    public ImmutableArray<WireGuardKey> Peers { get; set; } = [];

    public ImmutableArray<Drift> Drift { get; set; } = [];

    /// <summary>True to tell that it is a folder; else it tells what a machine would.</summary>
    public bool IsFolder { get; init; }

    public Task<HostKey> ReadHostKeyAsync(Gateway gateway, CancellationToken cancel) => _folder.ReadHostKeyAsync(gateway, cancel);

    public async Task<GatewayAnswer> ApplyAsync(
        Gateway gateway,
        Revision revision,
        TimeSpan revertAfter,
        IReadOnlyDictionary<string, string> files,
        bool full,
        Action<string> onStep,
        CancellationToken cancel
    ) =>
        await _folder.ApplyAsync(gateway, revision, revertAfter, files, full, onStep, cancel) is var answer
        && answer is GatewayAnswer.Done done
            ? done with
            {
                IsOnFileOnly = IsFolder,
            }
            : answer;

    public Task ProveNewConnectionAsync(Gateway gateway, CancellationToken cancel) => _folder.ProveNewConnectionAsync(gateway, cancel);

    public Task<GatewayAnswer> ConfirmAsync(Gateway gateway, Revision revision, CancellationToken cancel) =>
        _folder.ConfirmAsync(gateway, revision, cancel);

    public Task<GatewayAnswer> RevertAsync(Gateway gateway, CancellationToken cancel) => _folder.RevertAsync(gateway, cancel);

    public async Task<GatewayObservation> ObserveAsync(Gateway gateway, CancellationToken cancel) =>
        await _folder.ObserveAsync(gateway, cancel) with
        {
            IsFolder = IsFolder,
            Load = 7,
            ConntrackCount = 3,
            ConntrackMax = 65536,
        };

    public Task<ImmutableArray<Drift>> DriftAsync(Gateway gateway, CancellationToken cancel) => Task.FromResult(Drift);

    public Task<GatewayStats> StatsAsync(Gateway gateway, CancellationToken cancel) =>
        Task.FromResult(StatsAt(TimeProvider.System.GetUtcNow()));

    /// <summary>What is counted by a time.</summary>
    public GatewayStats StatsAt(DateTimeOffset time)
    {
        var seconds = (time - _since).TotalSeconds;
        return new(
            "boot",
            TimeSpan.FromDays(3),
            7,
            [.. Packets.Select(p => new PortStats(Family.IPv4, p.Key, Passed(p.Value * 0.4, 90), Passed(p.Value * 0.6, 700), 12, 3))],
            ImmutableSortedDictionary<string, Volume>.Empty,
            [.. Peers.Select(p => new PeerStats(p, time.AddSeconds(-20), 48_000, 125_000))],
            [],
            3,
            65536
        );

        Volume Passed(double rate, int size) => new((long)(rate * seconds), (long)(rate * seconds * size));
    }

    public void Dispose() => _folder.Dispose();
}
