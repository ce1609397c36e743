using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>Everything that a gateway's stream says: a pure fold, which can be thrown away and made again.</summary>
/// <param name="Version">The version of the last record folded; 0 for an empty stream.</param>
/// <param name="Running">What the gateway has confirmed.</param>
/// <param name="HostKey">The host key that was pinned at the first contact; null when none had to be.</param>
/// <param name="RunningRevision">The revision that it has confirmed.</param>
/// <param name="LastRevision">The highest revision given out.</param>
/// <param name="Changes">All changes by number; those that have long ended are put away.</param>
/// <param name="Queue">The numbers of the accepted changes that are not finished, in the order in which they will be applied.</param>
/// <param name="Revisions">What each confirmed revision was, made again from the effects between them.</param>
/// <param name="Alerts">What wants attention, by key.</param>
public sealed record GatewayState(
    Name<Gateway> Name,
    long Version,
    Edge Running,
    HostKey? HostKey,
    Revision RunningRevision,
    Revision LastRevision,
    ChangeBook Changes,
    ImmutableArray<int> Queue,
    EdgeBook Revisions,
    ImmutableSortedDictionary<string, Alert> Alerts
)
{
    /// <summary>The state of an empty stream.</summary>
    public static GatewayState Initial(Name<Gateway> name) =>
        new(
            name,
            0,
            Edge.Empty,
            null,
            default,
            default,
            ChangeBook.Empty,
            [],
            EdgeBook.Initial,
            ImmutableSortedDictionary.Create<string, Alert>(StringComparer.Ordinal)
        );

    /// <summary>The id of the record that last changed what will run; null before the first.</summary>
    public string? DesiredSince { get; init; }

    /// <summary>The highest revision that a change has ended with, applied or failed: what is tried next has a higher one.</summary>
    public Revision LastTried { get; init; }

    /// <summary>The certificates that lie on the gateway, as it last said; null while it has not.</summary>
    public CertificatesSeen? Certificates { get; init; }

    /// <summary>Who was called something else before.</summary>
    public Renames Renames { get; init; } = Renames.None;

    /// <summary>What will run once all that is accepted is applied. New commands are decided against this.</summary>
    public Edge Desired => Running.With(Queue.SelectMany(n => Changes[n].Effects));

    /// <summary>The number that the next change gets.</summary>
    public int NextNumber => Changes.Count + 1;

    /// <summary>The change to apply now, or null. A gateway that is given up waits for nothing that it may never take.</summary>
    public Change? Head =>
        Queue.IsEmpty ? null : Changes[Queue.FirstOrDefault(n => Changes[n].Effects.Any(e => e is GatewayRemoved), Queue[0])];

    /// <summary>The change that is stuck at the head of the queue, so that nothing goes on until somebody says so; or null.</summary>
    public Change? Stuck => Head is { Status: ChangeStatus.Accepted { Stuck: not null } } stuck ? stuck : null;

    /// <summary>The gateway with the host key to trust, when it is to be reached under these effects; null when nothing adds it.</summary>
    public Gateway? Reachable(IEnumerable<Effect> effects) =>
        Running.With(effects).Gateway is { } gateway ? gateway with { HostKey = gateway.HostKey ?? HostKey } : null;

    /// <summary>Changes that wait for approvals, oldest first.</summary>
    public IEnumerable<Change> Proposed => Changes.Open.Where(c => c.Status is ChangeStatus.Proposed).OrderBy(c => c.Number);

    /// <summary>When something was opened; null for what a state without its past does not know.</summary>
    public DateTimeOffset? OpenedAt(Exposure exposure) =>
        Changes.GetValueOrDefault(exposure.Change)?.Status is ChangeStatus.Applied applied ? applied.At : null;

    /// <summary>
    /// The state without the changes that have ended and the edges that were: all that the next records are folded on, and small however
    /// long the log is. Nothing is decided on it, because numbers follow from all changes.
    /// </summary>
    public GatewayState WithoutPast() => this with { Changes = Changes.WithoutPast(), Revisions = EdgeBook.None };

    /// <summary>The state after one more record.</summary>
    public GatewayState With(Recorded recorded) =>
        Evolve(recorded.Event, recorded.Actor, recorded.Time, recorded.Message) with
        {
            Version = recorded.Version,
            DesiredSince = recorded.Event is Effect or ChangeAccepted or ChangeFailed ? recorded.Id : DesiredSince,
        };

    /// <summary>The state as it is when it is folded anew from a log that has forgotten a person.</summary>
    public GatewayState Without(PersonForgotten person) => this with { Changes = Changes.Without(person) };

    private GatewayState Evolve(GatewayEvent @event, Actor actor, DateTimeOffset time, string? message) =>
        @event switch
        {
            GatewayRemoved e => Happened(e) with { HostKey = null, Alerts = Alerts.Clear(), Certificates = null },
            Effect e => Happened(e) with { Renames = Renames.With(e) },
            HostKeyPinned e => this with { HostKey = e.HostKey },
            OverlaySeen e => Running.Gateway is { } gateway
                ? this with
                {
                    Running = Running with { Gateway = gateway with { Overlay = e.Overlay } },
                }
                : this,
            CertificatesSeen e => this with { Certificates = e },
            AlertRaised e => this with
            {
                Alerts = Alerts.SetItem(
                    e.Key,
                    new Alert(e.Key, e.Text, e.Detail, e.Next, Alerts.TryGetValue(e.Key, out var open) ? open.Since : time)
                ),
            },
            AlertCleared e => this with { Alerts = Alerts.Remove(e.Key) },
            ChangeProposed e => this with { Changes = Changes.With(Propose(e, actor, time, message), IsAboutWhatIsOpen) },
            ChangeReplanned e => Update(e.Number, c => c with { PlanHash = e.PlanHash, Given = [] }),
            ChangeApproved e => Update(e.Number, c =>
                c with
                {
                    Given = c.Given.Add(new(actor, e.Roles is { } roles ? [.. roles.Select(Role.Named)] : [Role.Named(c.Needs.Role)])),
                }
            ),
            ChangeTightened e => Update(e.Number, c => c with { Needs = e.Needs, IsTightened = true }),
            ChangeAccepted e => Update(e.Number, c => c with { Status = new ChangeStatus.Accepted(e.Revision, time, null) }) with
            {
                Queue = Queue.Add(e.Number),
                LastRevision = e.Revision,
            },
            ChangeRenumbered e => Update(e.Number, c =>
                c.Status is ChangeStatus.Accepted a ? c with { Status = a with { Revision = Later(a.Revision, e.Revision) } } : c
            ) with
            {
                LastRevision = Later(LastRevision, e.Revision),
            },
            ChangeForced e => Update(e.Number, c => c with { Glass = new(actor, e.Reason) }),
            ChangeDenied e => Update(e.Number, c => c with { Status = new ChangeStatus.Denied(actor, e.Reason, time) }),
            ChangeWithdrawn e => Update(e.Number, c => c with { Status = new ChangeStatus.Withdrawn(time) }),
            ChangeExpired e => Update(e.Number, c => c with { Status = new ChangeStatus.Expired(time) }),
            ChangeDelayed e => Update(e.Number, c =>
                c.Status is ChangeStatus.Accepted a ? c with { Status = a with { Delay = e.Error } } : c
            ),
            ChangeStuck e => Update(e.Number, c =>
                c.Status is ChangeStatus.Accepted a ? c with { Status = a with { Stuck = e.Error } } : c
            ),
            ChangeRetried e => Update(e.Number, c => c.Status is ChangeStatus.Accepted a ? c with { Status = a with { Stuck = null } } : c),
            ChangeApplied e => Update(e.Number, c =>
                c with
                {
                    Status = new ChangeStatus.Applied(e, time),
                    Effects = Lifetimes.Settled(c.Effects, Running),
                }
            ) with
            {
                Queue = Queue.Remove(e.Number),
                RunningRevision = e.Revision,
                Revisions = Revisions.With(e.Revision.Number, Running),
                LastRevision = Later(LastRevision, e.Revision),
                LastTried = Later(LastTried, e.Revision),
            },
            QuestionAsked => this,
            ChangeFailed e => Update(e.Number, c => c with { Status = new ChangeStatus.Failed(e, time) }) with
            {
                Queue = Queue.Remove(e.Number),
                LastRevision = Later(LastRevision, e.Revision),
                LastTried = Later(LastTried, e.Revision),
            },
            LogEvent => this,
            _ => throw new InvalidOperationException($"no fold for {@event.GetType().Name}"),
        };

    private static Revision Later(Revision one, Revision other) => one.CompareTo(other) < 0 ? other : one;

    private static Change Propose(ChangeProposed e, Actor actor, DateTimeOffset time, string? message) =>
        new(e.Number, e.Line, e.Reason, e.Effects, e.PlanHash, e.Needs, actor, time, message, [], new ChangeStatus.Proposed());

    private GatewayState Update(int number, Func<Change, Change> update)
    {
        var before = Changes[number];
        var after = update(before);
        return ReferenceEquals(before, after) ? this : this with { Changes = Changes.With(after, IsAboutWhatIsOpen) };
    }

    private GatewayState Happened(Effect effect)
    {
        var after = this with { Running = Running.With(effect), Revisions = Revisions.With(effect) };
        return
            effect is ExposureClosed closed
            && Running.Exposures.TryGetValue(closed.Endpoint, out var open)
            && !(Changes.TryGetValue(open.Change, out var opener) && after.IsAboutWhatIsOpen(opener))
            ? after with
            {
                Changes = Changes.Released(open.Change),
            }
            : after;
    }

    // Who opened what is open, when and why, is asked for with each list of it.
    private bool IsAboutWhatIsOpen(Change change) =>
        change
            .Effects.OfType<ExposureOpened>()
            .Any(e => Running.Exposures.TryGetValue(e.Endpoint, out var open) && open.Change == change.Number);
}

/// <summary>Something that wants a person's attention until it is cleared.</summary>
/// <param name="Key">What it is about; there is one of each.</param>
/// <param name="Text">A sentence for people.</param>
/// <param name="Detail">More to look at, such as a diff; or null.</param>
/// <param name="Next">Lines to type next.</param>
/// <param name="Since">When it was raised first.</param>
public sealed record Alert(string Key, string Text, string? Detail, ImmutableArray<string> Next, DateTimeOffset Since);
