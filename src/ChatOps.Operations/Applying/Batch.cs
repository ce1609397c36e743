using System.Collections.Immutable;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Operations.Applying;

internal sealed record Numbered(Change Change, Revision Revision);

/// <summary>
/// Accepted changes from the head of a gateway's queue that are brought there together, as the revision of the last one: each fits on top
/// of those before it, and no two are about the same endpoint.
/// </summary>
/// <param name="Changes">One or more, in the order of the queue.</param>
internal sealed record Batch(ImmutableArray<Numbered> Changes, Edge After)
{
    // So many end in one append, which stays small enough for every log.
    private const int MaxCount = 200;

    public Revision Revision => Changes[^1].Revision;

    /// <summary>Those whose revision is not the one that the log knows. It has to, before the gateway hears of it.</summary>
    public IEnumerable<Numbered> Renumbered =>
        Changes.Where(c => c.Change.Status is ChangeStatus.Accepted accepted && accepted.Revision != c.Revision);

    /// <summary>True when what has not changed is loaded too.</summary>
    public bool IsRepair => Changes.Any(c => c.Change.Effects.Any(e => e is EdgeRepaired));

    /// <summary>As many as go together; or why the first one cannot be applied at all.</summary>
    /// <param name="state">The gateway; its queue is not empty.</param>
    /// <param name="above">The revisions are not below this one, because the gateway has been offered it already.</param>
    public static (Batch? Batch, Numbered Head, string Step, string Error) From(
        GatewayState state,
        int atMost,
        Revision above,
        DateTimeOffset now
    )
    {
        var (at, next) = (state with { Queue = [] }, above.CompareTo(state.LastTried.Next) > 0 ? above : state.LastTried.Next);
        var changes = ImmutableArray.CreateBuilder<Numbered>();
        var touched = new HashSet<PublicEndpoint>();
        foreach (var change in state.Head is { } head && state.Queue[0] != head.Number ? [head] : state.Queue.Select(n => state.Changes[n]))
        {
            var accepted = (ChangeStatus.Accepted)change.Status;
            var numbered = new Numbered(change, accepted.Revision.CompareTo(next) > 0 ? accepted.Revision : next);
            if (
                changes.Count > 0
                && (
                    changes.Count >= Math.Min(atMost, MaxCount)
                    || accepted.Stuck is not null
                    || IsAlone(change)
                    || IsAlone(changes[0].Change)
                    || !AreNew(touched, change)
                )
            )
                break;
            if (Problem(at, change, now) is var (step, error))
            {
                if (changes.Count == 0)
                    return (null, numbered, step, error);
                break;
            }

            changes.Add(numbered);
            touched.UnionWith(EndpointsOf(change));
            (at, next) = (at with { Running = at.Running.With(change.Effects) }, numbered.Revision.Next);
        }

        return (new(changes.ToImmutable(), at.Running), changes[0], "", "");
    }

    // A change before this one may have failed since it was accepted, and this one may have leaned on it.
    private static (string Step, string Error)? Problem(GatewayState at, Change change, DateTimeOffset now)
    {
        if (Drifting.Blocks(at, change.Effects) is { } drifted)
            return ("looking for drift", drifted.Sentence);
        if (Lifetimes.Over(change, now) is { } over)
            return ("planning", over.Sentence);
        if (EffectCheck.Problem(at, change.Effects) is { } problem)
            return ("planning", problem.Sentence);
        return Plan.Of(at, change.Effects).Hash != change.PlanHash
            ? ("planning", "what it was approved for is no longer what it would do, because a change before it has failed")
            : null;
    }

    // What decides where and how the gateway is reached, or what is loaded of it.
    private static bool IsAlone(Change change) =>
        change.Effects.Any(e => e is GatewayAdded or GatewayChanged or GatewayRemoved or EdgeRepaired);

    // Whoever opens a port and closes it again has had it open: that is two revisions.
    private static bool AreNew(HashSet<PublicEndpoint> touched, Change change) => !EndpointsOf(change).Any(touched.Contains);

    private static IEnumerable<PublicEndpoint> EndpointsOf(Change change) =>
        change.Effects.Select(e => EventTypes.Of(e).EndpointOf(e)).OfType<PublicEndpoint>();
}
