using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>What one command would do to a gateway, from its proposal to its end.</summary>
/// <param name="Number">Its number in the gateway's stream.</param>
/// <param name="Line">The command in its canonical form.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Effects">What will be so once it is applied.</param>
/// <param name="PlanHash">The hash of the plan that is on show.</param>
/// <param name="Needs">The approvals that policy asked for.</param>
/// <param name="Message">The chat message that it came from, or null.</param>
/// <param name="Given">Who consented to the plan on show.</param>
/// <param name="Status">Where it is on its way.</param>
public sealed record Change(
    int Number,
    string Line,
    string? Reason,
    ImmutableArray<Effect> Effects,
    string PlanHash,
    Approvals Needs,
    Actor By,
    DateTimeOffset At,
    string? Message,
    ImmutableArray<Consent> Given,
    ChangeStatus Status
)
{
    /// <summary>Who let it be applied without the consent that it needs; null when nobody did.</summary>
    public BrokenGlass? Glass { get; init; }

    /// <summary>Those who consented to the plan on show.</summary>
    public IEnumerable<Actor> Approvers => Given.Select(g => g.By);

    /// <summary>True when it needs more than when it was proposed, because policy has become stricter.</summary>
    public bool IsTightened { get; init; }

    /// <summary>The places that wait for somebody.</summary>
    public Approvals Open => Quorum.Open(Needs, Consenting());

    /// <summary>The roles of each who consented, and of who is about to.</summary>
    public IEnumerable<ImmutableArray<Role>> Consenting(params ImmutableArray<Speaker> more) =>
        Given.Select(g => g.Roles).Concat(more.Select(m => m.Roles));

    /// <summary>The names of those who have consented, and how when that was not the usual way.</summary>
    public ImmutableArray<string> Consents =>
        [.. Approvers.Select(a => a.Name), .. Glass is { } glass ? [$"{glass.By.Name} (broke the glass)"] : Array.Empty<string>()];

    /// <summary>True until it is applied, failed, denied, withdrawn or expired.</summary>
    public bool IsOpen => Status is ChangeStatus.Proposed or ChangeStatus.Accepted;

    /// <summary>The change without the name and the reasons of a person.</summary>
    public Change Without(PersonForgotten person) =>
        this with
        {
            By = person.Erase(By),
            Reason = Reason is not null && person.Is(By) ? SealedText.Erased : Reason,
            Given = [.. Given.Select(g => g with { By = person.Erase(g.By) })],
            Glass = Glass is { } glass && person.Is(glass.By) ? new(person.Erase(glass.By), SealedText.Erased) : Glass,
            Status =
                Status is ChangeStatus.Denied denied && person.Is(denied.By)
                    ? denied with
                    {
                        By = person.Erase(denied.By),
                        Reason = SealedText.Erased,
                    }
                    : Status,
        };
}

/// <summary>One person's consent.</summary>
/// <param name="Roles">The roles that they had.</param>
public sealed record Consent(Actor By, ImmutableArray<Role> Roles);

/// <summary>Consent that an admin went without.</summary>
/// <param name="Reason">Why nobody else could be waited for.</param>
public sealed record BrokenGlass(Actor By, string Reason);

/// <summary>Where a change is on its way. Each case holds only what is known in it.</summary>
public abstract record ChangeStatus
{
    private ChangeStatus() { }

    /// <summary>Waiting for approvals.</summary>
    public sealed record Proposed : ChangeStatus;

    /// <summary>To be applied as soon as the ones before it are; <paramref name="Delay"/> says why it waits, if it does.</summary>
    public sealed record Accepted(Revision Revision, DateTimeOffset At, string? Delay) : ChangeStatus
    {
        /// <summary>What broke every try, when it is not tried again until somebody says so; else null.</summary>
        public string? Stuck { get; init; }
    }

    /// <summary>In force on the gateway.</summary>
    public sealed record Applied(ChangeApplied Result, DateTimeOffset At) : ChangeStatus;

    /// <summary>Tried, and not in force.</summary>
    public sealed record Failed(ChangeFailed Result, DateTimeOffset At) : ChangeStatus;

    /// <summary>Someone who may approve said no.</summary>
    public sealed record Denied(Actor By, string Reason, DateTimeOffset At) : ChangeStatus;

    /// <summary>Taken back by its proposer.</summary>
    public sealed record Withdrawn(DateTimeOffset At) : ChangeStatus;

    /// <summary>Nobody decided in time.</summary>
    public sealed record Expired(DateTimeOffset At) : ChangeStatus;
}
