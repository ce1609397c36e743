using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Folder;

namespace ChatOps.Integration.Telemetry;

/// <summary>A gateway that is a folder, with a WireGuard key to tell, so that peers can be given configurations.</summary>
internal sealed class KeyedGateway(FolderGatewayClient folder) : IGatewayClient
{
    private static readonly WireGuardKey Key = Text.Parse<WireGuardKey>("xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=");

    public Task<HostKey> ReadHostKeyAsync(Gateway gateway, CancellationToken cancel) => folder.ReadHostKeyAsync(gateway, cancel);

    public Task<GatewayAnswer> ApplyAsync(
        Gateway gateway,
        Revision revision,
        TimeSpan revertAfter,
        IReadOnlyDictionary<string, string> files,
        bool full,
        Action<string> onStep,
        CancellationToken cancel
    ) => folder.ApplyAsync(gateway, revision, revertAfter, files, full, onStep, cancel);

    public Task ProveNewConnectionAsync(Gateway gateway, CancellationToken cancel) => folder.ProveNewConnectionAsync(gateway, cancel);

    public Task<GatewayAnswer> ConfirmAsync(Gateway gateway, Revision revision, CancellationToken cancel) =>
        folder.ConfirmAsync(gateway, revision, cancel);

    public Task<GatewayAnswer> RevertAsync(Gateway gateway, CancellationToken cancel) => folder.RevertAsync(gateway, cancel);

    public async Task<GatewayObservation> ObserveAsync(Gateway gateway, CancellationToken cancel) =>
        await folder.ObserveAsync(gateway, cancel) with
        {
            WireGuardKey = Key,
        };

    public Task<ImmutableArray<Drift>> DriftAsync(Gateway gateway, CancellationToken cancel) => folder.DriftAsync(gateway, cancel);

    public Task<GatewayStats> StatsAsync(Gateway gateway, CancellationToken cancel) => folder.StatsAsync(gateway, cancel);
}
