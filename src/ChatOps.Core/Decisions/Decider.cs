using System.Collections.Immutable;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Core.Decisions;

/// <summary>What a command comes to.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <summary>These events; never none.</summary>
    /// <param name="Events">The events, in their order.</param>
    /// <param name="Plan">The plan of the change that they are about, where one was made to decide; null otherwise.</param>
    public sealed record Accepted(ImmutableArray<GatewayEvent> Events, Plan? Plan = null) : Decision;

    /// <summary>No, and why.</summary>
    public sealed record Refused(Refusal Refusal) : Decision;
}

/// <summary>Decides about commands: state, command, speaker and policy in, events or a refusal out. Pure.</summary>
public static class Decider
{
    /// <summary>Decides about a proposal of a change.</summary>
    /// <param name="now">Now, in the speaker's time zone.</param>
    public static Decision Decide(GatewayState state, ChangeCommand command, Speaker speaker, ChangePolicy policy, DateTimeOffset now)
    {
        if (policy.Refuses(speaker, command) is { } denied)
            return No(denied);
        if (state.Running.Gateway is null && command is not AddGateway)
            return No(new($"no gateway {state.Name}.", "gateways"));
        if (Mirroring.Refuses(state, command) is { } elsewhere)
            return No(elsewhere);
        if (state.Proposed.FirstOrDefault(c => c.Line == command.Line) is { } same)
            return No(new($"#{same.Number} by {same.By.Name} proposes this already.", $"show {same.Number}", $"approve {same.Number}"));
        var (effects, refusal) = CommandEffects.Of(state, command, state.NextNumber, now);
        if ((refusal ?? EffectCheck.Problem(state, effects)) is { } no)
            return No(Offered.After(command, no));
        var matters = Matters.Of(state, command, effects, now);
        if (policy.Refuses(speaker, matters) is { } mayNot)
            return No(mayNot);
        var needs = policy.Needs(matters);
        return needs.Total == 0 && Drifting.Blocks(state, effects) is { } drifted
            ? No(drifted)
            : Propose(state, command.Line, command.Reason, effects, needs);
    }

    /// <summary>
    /// Decides about a change that the log itself asks for: its time is up, or a mirror follows. Nobody has to approve it again.
    /// </summary>
    public static Decision DecideByItself(GatewayState state, string line, string reason, ImmutableArray<Effect> effects) =>
        EffectCheck.Problem(state, effects) is { } problem ? No(problem) : Propose(state, line, reason, effects, Approvals.None);

    private static Decision.Accepted Propose(
        GatewayState state,
        string line,
        string? reason,
        ImmutableArray<Effect> effects,
        Approvals needs
    )
    {
        var plan = Plan.Of(state, effects);
        var proposed = new ChangeProposed(state.NextNumber, line, reason, effects, plan.Hash, needs);
        return (needs.Total == 0 ? Yes(proposed, new ChangeAccepted(state.NextNumber, Ahead.Next(state, effects))) : Yes(proposed)) with
        {
            Plan = plan,
        };
    }

    /// <summary>Decides about a decision on a change.</summary>
    /// <param name="plans">The plans that were made already; null for none.</param>
    public static Decision Decide(
        GatewayState state,
        ChangeDecision command,
        Speaker speaker,
        ChangePolicy policy,
        DateTimeOffset now,
        Plans? plans = null
    )
    {
        var change = state.Changes.GetValueOrDefault(command.Change.Number);
        if (
            policy.Refuses(speaker, command) is { } denied
            && (change is null || !Consenting.Allows(state, change, command, speaker, policy))
        )
            return No(denied);
        if (change is null)
            return No(new($"no change #{command.Change.Number} on {state.Name}.", "pending"));
        if (change.Status is not ChangeStatus.Proposed)
            return No(new($"#{change.Number} is {StatusWord(change.Status)}; there is nothing left to decide.", $"show {change.Number}"));
        return command switch
        {
            Approve approve => DecideApproval(state, change, approve, speaker, policy, now, plans ?? new()),
            BreakGlass glass => DecideForce(state, change, glass, now, plans ?? new()),
            Deny when change.By.IsSameAs(speaker.Actor) => No(
                new($"#{change.Number} is your own; take it back instead.", $"withdraw {change.Number}")
            ),
            Deny deny => Yes(new ChangeDenied(change.Number, deny.Reason)),
            Withdraw when !change.By.IsSameAs(speaker.Actor) && !speaker.Has(Role.Admin) => No(
                new($"#{change.Number} is {change.By.Name}'s; only they or an admin can withdraw it.", "help deny", $"show {change.Number}")
            ),
            Withdraw => Yes(new ChangeWithdrawn(change.Number)),
            _ => throw new InvalidOperationException($"no decision for {command.GetType().Name}"),
        };
    }

    /// <summary>Decides about another try of what is stuck on a gateway.</summary>
    public static Decision Decide(GatewayState state, Retry command, Speaker speaker, ChangePolicy policy)
    {
        if (policy.Refuses(speaker, command) is { } denied)
            return No(denied);
        ImmutableArray<GatewayEvent> events =
        [
            .. state.Stuck is { } stuck ? [new ChangeRetried(stuck.Number)] : Array.Empty<GatewayEvent>(),
            .. state.Alerts.ContainsKey(AlertKind.Message.Key)
                ? [new AlertCleared(AlertKind.Message.Key, AlertKind.Message.Over(state, AlertKind.Message.Key))]
                : Array.Empty<GatewayEvent>(),
        ];
        return events.IsEmpty ? No(new($"nothing on {state.Name} is stuck.", "status")) : Yes(events);
    }

    /// <summary>The events that end proposals which nobody decided in time, or which would open for a time that is over.</summary>
    public static ImmutableArray<GatewayEvent> Expire(GatewayState state, DateTimeOffset now, TimeSpan lifetime) =>
        [
            .. state
                .Proposed.Where(c => c.At + lifetime <= now || Lifetimes.Over(c, now) is not null)
                .Select(c => new ChangeExpired(c.Number)),
        ];

    /// <summary>One word for where a change is.</summary>
    public static string StatusWord(ChangeStatus status) =>
        status switch
        {
            ChangeStatus.Proposed => "proposed",
            ChangeStatus.Accepted { Stuck: not null } => "stuck",
            ChangeStatus.Accepted => "approved",
            ChangeStatus.Applied => "applied",
            ChangeStatus.Failed => "failed",
            ChangeStatus.Denied => "denied",
            ChangeStatus.Withdrawn => "withdrawn",
            ChangeStatus.Expired => "expired",
            _ => throw new InvalidOperationException($"no word for {status.GetType().Name}"),
        };

    private static Decision.Accepted Yes(params ImmutableArray<GatewayEvent> events) => new(events);

    private static Decision.Refused No(Refusal refusal) => new(refusal);

    private static Decision DecideApproval(
        GatewayState state,
        Change change,
        Approve approve,
        Speaker speaker,
        ChangePolicy policy,
        DateTimeOffset now,
        Plans plans
    )
    {
        if (change.By.IsSameAs(speaker.Actor))
            return No(new($"{change.By.Name} proposed #{change.Number}; someone else must approve it.", "pending"));
        var needs = Consenting.NeedsOf(state, change, policy);
        var (open, left) = (Quorum.Open(needs, change.Consenting()), Quorum.Open(needs, change.Consenting(speaker)));
        if (change.Approvers.Any(speaker.Actor.IsSameAs))
            return No(new($"you have approved #{change.Number} already; it waits for {open.Total} more ({open.Roles}).", "pending"));
        if (left.Total == open.Total)
            return No(
                new($"#{change.Number} needs the consent of the role {open.Roles}; {speaker.Actor.Name} does not have it.", "pending")
            );
        if (Hindrance(state, change, now) is { } hindered)
            return No(hindered);
        var hash = plans.Of(state, change).Hash;
        if (hash != change.PlanHash)
            return Yes(new ChangeReplanned(change.Number, hash));
        if (approve.PlanHash is { } seen && seen != hash)
            return No(new($"the plan of #{change.Number} has changed since it was shown; look at it again.", $"show {change.Number}"));

        return Yes([
            .. needs == change.Needs ? Array.Empty<GatewayEvent>() : [new ChangeTightened(change.Number, needs)],
            new ChangeApproved(change.Number, hash, [.. speaker.Roles.Select(r => r.Name())]),
            .. left.Total > 0 ? Array.Empty<GatewayEvent>() : [new ChangeAccepted(change.Number, Ahead.Next(state, change.Effects))],
        ]);
    }

    // What nobody has seen is forced no more than it is approved: a plan that has moved is shown first.
    private static Decision DecideForce(GatewayState state, Change change, BreakGlass command, DateTimeOffset now, Plans plans)
    {
        if (Hindrance(state, change, now) is { } hindered)
            return No(hindered);
        var hash = plans.Of(state, change).Hash;
        return hash != change.PlanHash
            ? Yes(new ChangeReplanned(change.Number, hash))
            : Yes(new ChangeForced(change.Number, command.Reason), new ChangeAccepted(change.Number, Ahead.Next(state, change.Effects)));
    }

    // Why a change cannot be applied any more, whoever consents.
    private static Refusal? Hindrance(GatewayState state, Change change, DateTimeOffset now)
    {
        if (Lifetimes.Over(change, now) is { } over)
            return over with { Next = [$"show {change.Number}", "help deny"] };
        if (EffectCheck.Problem(state, change.Effects) is { } found)
        {
            var problem = Parser.Parse(change.Line) is ParseResult.Understood { Command: ChangeCommand said }
                ? Offered.After(said with { Reason = change.Reason }, found)
                : found;
            return problem with
            {
                Sentence = $"#{change.Number} can no longer be applied: {problem.Sentence}",
                Next = [$"show {change.Number}", "help deny", .. problem.Next.Where(n => !n.StartsWith("help", StringComparison.Ordinal))],
            };
        }

        return Drifting.Blocks(state, change.Effects);
    }
}
