using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Operations.Reconciling;

/// <summary>
/// Does what the log itself asks for by now: ends proposals, closes what is open for a time that is over, repairs when policy says so. It
/// needs no gateway, so nothing waits for one that is off.
/// </summary>
internal sealed class ExpiryService(Ledger ledger, INudgeQueue queue, ChangePolicy policy, TimeProvider clock, ReconcileOptions options)
{
    public async Task RunAsync(GatewayState state, CancellationToken cancel)
    {
        if (state.Head is { Status: ChangeStatus.Accepted { Stuck: null } accepted })
            await queue.SendAsync(new Nudge(state.Name, accepted.Revision), cancel);
        var now = clock.GetUtcNow();
        if (!Decider.Expire(state, now, options.ProposalLifetime).IsEmpty)
            await DecideAsync(state, "expire", s => Expire(s, now), cancel);

        // A mirror closes when the gateway that it mirrors does.
        if (state.Running.Gateway is not { Mirrors: null })
            return;
        foreach (var lease in Leases.Due(state, now).ToList())
            await DecideAsync(state, $"close:{lease.Text}", s => Leases.Close(s, lease, now), cancel);
    }

    /// <summary>Repairs a gateway that has drifted, when policy says that nobody need be asked.</summary>
    public async Task RepairAsync(GatewayState state, CancellationToken cancel)
    {
        if (policy.RepairsByItself && state.Alerts.ContainsKey(AlertKind.Drift.Key))
            await DecideAsync(state, "repair", Repair, cancel);
    }

    private Decision Repair(GatewayState state)
    {
        var since = clock.GetUtcNow() - options.RepairPause;
        var isTried = state
            .Changes.NewestFirst()
            .TakeWhile(c => c.At > since)
            .Any(c => c.By.IsSameAs(Actor.Reconcile) && c.Effects.Any(e => e is EdgeRepaired));
        return isTried || !state.Queue.IsEmpty || !state.Alerts.ContainsKey(AlertKind.Drift.Key)
            ? new Decision.Refused(new("it is being repaired, or was a moment ago."))
            : Decider.DecideByItself(
                state,
                "repair",
                "it has drifted, and policy repairs without asking",
                [new EdgeRepaired(state.NextNumber)]
            );
    }

    private Decision Expire(GatewayState state, DateTimeOffset now) =>
        Decider.Expire(state, now, options.ProposalLifetime) is { IsEmpty: false } events
            ? new Decision.Accepted(events)
            : new Decision.Refused(new("nothing is due any more."));

    // What is due is due by the state: when another process was faster, there is nothing left to decide. The version tells the tries apart.
    private async Task DecideAsync(GatewayState state, string what, Func<GatewayState, Decision> decide, CancellationToken cancel)
    {
        var origin = new Origin(FormattableString.Invariant($"{what}:{state.Name}:{state.Version}"), Actor.Reconcile);
        if (await ledger.DecideAsync(state.Name, origin, decide, cancel) is Outcome.Decided { Records: var records })
        {
            foreach (var accepted in records.Select(r => r.Event).OfType<ChangeAccepted>())
                await queue.SendAsync(new Nudge(state.Name, accepted.Revision), cancel);
        }
    }
}
