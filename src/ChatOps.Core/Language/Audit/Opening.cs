using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Language.Audit;

/// <summary>One time that an endpoint was open, or was to be opened and was not.</summary>
/// <param name="Change">The change that opened it; 0 for what was there from the beginning.</param>
/// <param name="Targets">Where it led, as typed.</param>
/// <param name="State"><c>open</c>, <c>closed</c>, or why it never was: <c>denied</c>, <c>failed</c>, <c>withdrawn</c>,
/// <c>expired</c>.</param>
/// <param name="From">When it was opened; of one that never was, when that was decided.</param>
/// <param name="Until">When it was closed; null while it is open.</param>
/// <param name="Who">Who asked for it.</param>
/// <param name="Why">The reason, or null.</param>
/// <param name="Promised">When it is, or was, to be closed by itself; null for never.</param>
/// <param name="End">How it ended, or why it never was, in words; empty while it is open.</param>
/// <param name="Extensions">Who kept it open longer, in words; empty for nobody.</param>
public sealed record Opening(
    Name<Gateway> Gateway,
    PublicEndpoint Endpoint,
    int Change,
    string Targets,
    string State,
    DateTimeOffset From,
    DateTimeOffset? Until,
    string Who,
    ImmutableArray<string> Approvers,
    string? Why,
    DateTimeOffset? Promised,
    string End,
    string Extensions
)
{
    /// <summary>True when it was open at a time.</summary>
    public bool WasOpen => State is "open" or "closed";
}

/// <summary>A page of openings.</summary>
/// <param name="Openings">The newest first.</param>
/// <param name="Count">How many there are in all, as far as was counted.</param>
/// <param name="IsMore">True when there are more than were counted.</param>
public sealed record OpeningPage(ImmutableArray<Opening> Openings, int Count, bool IsMore);
