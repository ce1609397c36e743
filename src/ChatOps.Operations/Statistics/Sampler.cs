using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Operations.Statistics;

/// <summary>Asks each gateway what it has counted, and puts the answer on the health board. Called by a timer.</summary>
public sealed class Sampler(Ledger ledger, IGatewayClient shell, IHealthBoard board, TimeProvider clock)
{
    /// <summary>Asks all gateways once, side by side.</summary>
    public async Task RunAsync(CancellationToken cancel) =>
        await Task.WhenAll((await ledger.LoadAllAsync(cancel)).Values.Select(s => AskAsync(s, cancel)));

    private async Task AskAsync(GatewayState state, CancellationToken cancel)
    {
        if (state.Reachable([]) is not { HostKey: not null } gateway)
            return;
        try
        {
            board.Add(state.Name, new StatsSample(clock.GetUtcNow(), await shell.StatsAsync(gateway, cancel)));
        }
        catch (Exception e) when (e is GatewayUnreachableException or HostKeyMismatchException)
        {
            board.Miss(state.Name, e.Message);
        }
    }
}
