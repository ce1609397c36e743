using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>Something that happens to a change.</summary>
public abstract record ChangeEvent : GatewayEvent
{
    private protected ChangeEvent() { }

    /// <summary>The change's number in its gateway's stream, from 1.</summary>
    public abstract int Number { get; init; }
}

/// <summary>Someone asked for a change. Nothing is touched yet.</summary>
/// <param name="Number">The change's number in this gateway's stream, from 1.</param>
/// <param name="Line">The command in its canonical form, without the reason.</param>
/// <param name="Reason">Why, in the proposer's words, or null.</param>
/// <param name="Effects">What will be so once it is applied.</param>
/// <param name="PlanHash">SHA-256 (hex) of the plan that was shown; approvals are bound to it.</param>
/// <param name="Needs">The approvals that policy asks for.</param>
public sealed record ChangeProposed(
    int Number,
    string Line,
    string? Reason,
    ImmutableArray<Effect> Effects,
    string PlanHash,
    Approvals Needs
) : ChangeEvent;

/// <summary>The world moved under an open proposal: this is its plan now, and approvals of the former one are void.</summary>
public sealed record ChangeReplanned(int Number, string PlanHash) : ChangeEvent;

/// <summary>One person consents to the plan with this hash.</summary>
/// <param name="Roles">The roles that they have: which place they fill follows from all who consent. Null in what was written before: the
/// one that the change needed.</param>
internal sealed record ChangeApproved(int Number, string PlanHash, ImmutableArray<string>? Roles = null) : ChangeEvent;

/// <summary>
/// The policy in force asks for more consent than the one under which it was proposed: this is what it needs now. What was approved counts
/// on.
/// </summary>
/// <param name="Needs">The approvals that the stricter of both asks for.</param>
internal sealed record ChangeTightened(int Number, Approvals Needs) : ChangeEvent;

/// <summary>All approvals are there: the change is to be applied, as this revision.</summary>
public sealed record ChangeAccepted(int Number, Revision Revision) : ChangeEvent;

/// <summary>
/// The change is to be applied as a later revision than it was accepted as, because the gateway takes that one no more. Written before the
/// gateway hears of the new one, so that whatever a gateway was offered is in the log.
/// </summary>
/// <param name="Revision">The revision that it is now.</param>
public sealed record ChangeRenumbered(int Number, Revision Revision) : ChangeEvent;

/// <summary>
/// An admin lets it be applied without the consent that it still needs: the glass is broken. <see cref="ChangeAccepted"/> follows in the
/// same append.
/// </summary>
/// <param name="Reason">Why nobody else could be waited for, in the admin's words.</param>
public sealed record ChangeForced(int Number, string Reason) : ChangeEvent;

/// <summary>Someone who may approve said no.</summary>
internal sealed record ChangeDenied(int Number, string Reason) : ChangeEvent;

internal sealed record ChangeWithdrawn(int Number) : ChangeEvent;

internal sealed record ChangeExpired(int Number) : ChangeEvent;

/// <summary>The gateway could not be reached; the change waits and is tried again. Written once a change.</summary>
public sealed record ChangeDelayed(int Number, string Error) : ChangeEvent;

/// <summary>
/// Each try to apply it broke by something that is neither the change nor an answer of the gateway. It is not tried again until somebody
/// says so, and what was accepted after it waits too.
/// </summary>
/// <param name="Error">What broke the last try.</param>
public sealed record ChangeStuck(int Number, string Error) : ChangeEvent;

/// <summary>Somebody asked that a stuck change is tried again.</summary>
internal sealed record ChangeRetried(int Number) : ChangeEvent;

/// <summary>
/// The gateway runs the revision and was reached over a new connection: its effects are events before this one. Changes that were brought
/// there together end together, each with a revision of its own, of which the gateway has seen the last one only.
/// </summary>
/// <param name="Revision">What is so with this change; the last one of those that end together runs now.</param>
/// <param name="ConfigHash">SHA-256 (hex) over the rendered files, with all that was brought together.</param>
/// <param name="Steps">Milliseconds by step.</param>
/// <param name="Notes">What the gateway saw that people should know, such as a target that does not answer yet.</param>
/// <param name="Stopped">Clients who do not get to what it has opened, because of others on the gateway; null when there are none.</param>
/// <param name="Answered">What it has opened and a VM answered at, when the gateway tried; null where nobody said, which was so until
/// 2026.</param>
/// <param name="IsOnFileOnly">True when the files were written and nothing was switched on: nobody gets to anything by it.</param>
public sealed record ChangeApplied(
    int Number,
    Revision Revision,
    string ConfigHash,
    ImmutableSortedDictionary<string, int> Steps,
    ImmutableArray<string> Notes,
    ImmutableArray<StoppedClients>? Stopped = null,
    ImmutableArray<PublicEndpoint>? Answered = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsOnFileOnly = false
) : ChangeEvent;

/// <summary>Clients who do not get to a public port, because of what somebody else has set up on the gateway.</summary>
/// <param name="Family">The family of their addresses.</param>
/// <param name="By">The rule or the chain.</param>
public sealed record StoppedClients(PublicPort Port, Family Family, string By);

/// <summary>The change was tried and is not in force; the old configuration runs.</summary>
/// <param name="Revision">The revision that was tried; its number is not used again.</param>
/// <param name="Step">Where it stopped: rendering, validating, switching, verifying.</param>
/// <param name="Error">What the machine said.</param>
/// <param name="Running">The revision that runs.</param>
public sealed record ChangeFailed(int Number, Revision Revision, string Step, string Error, Revision Running) : ChangeEvent;
