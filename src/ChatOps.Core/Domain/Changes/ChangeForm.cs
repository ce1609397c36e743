using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>A change in the form in which it is put away as JSON. What is not known is null and is not written.</summary>
/// <param name="Effects">What it makes so.</param>
/// <param name="PlanHash">The hash of its plan.</param>
/// <param name="Needs">The approvals that it needs.</param>
/// <param name="Message">The chat message that it came from.</param>
/// <param name="Glass">Who went without consent.</param>
/// <param name="IsTightened">True when it needs more than at first.</param>
/// <param name="Accepted">What is known while it is to be applied.</param>
/// <param name="Ended">What is known since it has ended.</param>
public sealed record ChangeForm(
    int Number,
    string Line,
    string? Reason,
    ImmutableArray<Effect> Effects,
    string PlanHash,
    Approvals Needs,
    Actor By,
    DateTimeOffset At,
    string? Message,
    ImmutableArray<ConsentForm> Given,
    BrokenGlass? Glass,
    bool IsTightened,
    AcceptedForm? Accepted,
    EndedForm? Ended
)
{
    /// <summary>The form of a change.</summary>
    public static ChangeForm Of(Change c) =>
        new(
            c.Number,
            c.Line,
            c.Reason,
            c.Effects,
            c.PlanHash,
            c.Needs,
            c.By,
            c.At,
            c.Message,
            [.. c.Given.Select(g => new ConsentForm(g.By, [.. g.Roles.Select(r => r.Name())]))],
            c.Glass,
            c.IsTightened,
            c.Status is ChangeStatus.Accepted accepted ? new(accepted.Revision, accepted.At, accepted.Delay, accepted.Stuck) : null,
            EndedForm.Of(c.Status)
        );

    /// <summary>The change again.</summary>
    public Change Back() =>
        new(
            Number,
            Line,
            Reason,
            Effects,
            PlanHash,
            Needs,
            By,
            At,
            Message,
            [.. Given.Select(g => new Consent(g.By, [.. g.Roles.Select(Role.Named)]))],
            Ended?.Back() ?? (ChangeStatus?)Accepted?.Back() ?? new ChangeStatus.Proposed()
        )
        {
            Glass = Glass,
            IsTightened = IsTightened,
        };
}

/// <summary>One person's consent.</summary>
/// <param name="Roles">The names of the roles that they had.</param>
public sealed record ConsentForm(Actor By, ImmutableArray<string> Roles);

/// <summary>What is known of a change that is to be applied.</summary>
/// <param name="Stuck">What broke every try.</param>
public sealed record AcceptedForm(Revision Revision, DateTimeOffset At, string? Delay, string? Stuck)
{
    /// <summary>The status again.</summary>
    public ChangeStatus.Accepted Back() => new(Revision, At, Delay) { Stuck = Stuck };
}

/// <summary>How a change ended: in exactly one of these ways.</summary>
/// <param name="Applied">What is in force.</param>
/// <param name="IsWithdrawn">True when its proposer took it back; when nothing else is said either, nobody decided in time.</param>
public sealed record EndedForm(
    DateTimeOffset At,
    ChangeApplied? Applied,
    ChangeFailed? Failed,
    Actor? Denied,
    string? Why,
    bool IsWithdrawn
)
{
    /// <summary>The form of an end; null for what has not ended.</summary>
    public static EndedForm? Of(ChangeStatus status) =>
        status switch
        {
            ChangeStatus.Applied s => new(s.At, s.Result, null, null, null, false),
            ChangeStatus.Failed s => new(s.At, null, s.Result, null, null, false),
            ChangeStatus.Denied s => new(s.At, null, null, s.By, s.Reason, false),
            ChangeStatus.Withdrawn s => new(s.At, null, null, null, null, true),
            ChangeStatus.Expired s => new(s.At, null, null, null, null, false),
            _ => null,
        };

    /// <summary>The status again.</summary>
    public ChangeStatus Back() =>
        this switch
        {
            { Applied: { } result } => new ChangeStatus.Applied(result, At),
            { Failed: { } result } => new ChangeStatus.Failed(result, At),
            { Denied: { } by } => new ChangeStatus.Denied(by, Why!, At),
            { IsWithdrawn: true } => new ChangeStatus.Withdrawn(At),
            _ => new ChangeStatus.Expired(At),
        };
}
