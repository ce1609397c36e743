using System.Globalization;
using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;

namespace ChatOps.Functions.Reconcile;

/// <summary>
/// What a timer does: nudges whatever the log says is unfinished, ends proposals that nobody decided in time, and asks each gateway how it is.
/// </summary>
public sealed class Reconcile(Ledger ledger, INudgeQueue queue, IGatewayShell shell, IHealthBoard board, TimeProvider clock, TimeSpan proposalLifetime)
{
    /// <summary>Goes over all gateways once.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var (name, state) in await ledger.LoadAllAsync(cancel))
        {
            if (state.Head is { Status: ChangeStatus.Accepted accepted })
                await queue.SendAsync(new Nudge(name, accepted.Revision), cancel);
            await ExpireAsync(name, state, cancel);
            if (state.Reachable([]) is { HostKey: not null } gateway)
            {
                var health = await AskAsync(gateway, cancel);
                board.Put(name, health);
                if (health.Observation is { } seen && seen.Overlay != gateway.Overlay)
                    await ledger.DecideAsync(name, new Origin($"overlay:{name}:{Guid.CreateVersion7():N}", Actor.Reconcile), s => OverlayOf(s, seen), cancel);
            }
        }
    }

    private async Task ExpireAsync(Name<Gateway> name, GatewayState state, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (Decider.Expire(state, now, proposalLifetime).IsEmpty)
            return;
        var id = string.Create(CultureInfo.InvariantCulture, $"expire:{name}:{now.ToUnixTimeMilliseconds()}");
        await ledger.DecideAsync(
            name,
            new Origin(id, Actor.Reconcile),
            s =>
                Decider.Expire(s, now, proposalLifetime) is { IsEmpty: false } events
                    ? new Decision.Accepted(events)
                    : new Decision.Refused(new Refusal("nothing is due any more")),
            cancel
        );
    }

    private static Decision OverlayOf(GatewayState state, GatewayObservation seen) =>
        state.Running.Gateway is { } gateway && gateway.Overlay != seen.Overlay
            ? new Decision.Accepted([new OverlaySeen(seen.Overlay)])
            : new Decision.Refused(new Refusal("nothing new"));

    private async Task<GatewayHealth> AskAsync(Gateway gateway, CancellationToken cancel)
    {
        try
        {
            return new GatewayHealth(clock.GetUtcNow(), await shell.ObserveAsync(gateway, cancel), null);
        }
        catch (Exception e) when (e is GatewayUnreachableException or HostKeyMismatchException)
        {
            return new GatewayHealth(clock.GetUtcNow(), null, e.Message);
        }
    }
}
