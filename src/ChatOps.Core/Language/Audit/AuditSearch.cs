using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Audit;

/// <summary>
/// A question about the log, with its names and times made out: what a read model is asked. Everything that is given must hold; several of
/// one kind mean any of them.
/// </summary>
public sealed record AuditSearch
{
    /// <summary>Gateways whose records are looked through.</summary>
    public ImmutableArray<Name<Gateway>> Gateways { get; init; } = [];

    /// <summary>VMs and peers.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>What those were called before they were called so.</summary>
    public ImmutableArray<FormerName> Former { get; init; } = [];

    /// <summary>Public ports and web addresses.</summary>
    public ImmutableArray<PublicEndpoint> Endpoints { get; init; } = [];

    /// <summary>Changes; one without a gateway is any of that number.</summary>
    public ImmutableArray<ChangeRef> Changes { get; init; } = [];

    /// <summary>Which lines; any of these, or all when there is none.</summary>
    public ImmutableArray<AuditWord> Words { get; init; } = [];

    /// <summary>A person, by name or id.</summary>
    public string? By { get; init; }

    /// <summary>Words that the line has, in any order.</summary>
    public string? Text { get; init; }

    /// <summary>Keys and addresses of peers that the line has: they are not among its words.</summary>
    public ImmutableArray<string> Hidden { get; init; } = [];

    /// <summary>The span of time that a record must lie in.</summary>
    public LogSpan Time { get; init; }

    /// <summary>Only lines after this one (<see cref="AuditLine.Key"/>); for whoever follows.</summary>
    public long AfterKey { get; init; }
}

/// <summary>A name on a gateway while it was somebody's, who has another one since.</summary>
/// <param name="Given">How often it had been given up for another one by then, by whomever: 0 for the first who did.</param>
public sealed record FormerName(Name<Gateway> Gateway, string Name, int Given);

/// <summary>A page of an answer.</summary>
/// <param name="Lines">Its lines, oldest first.</param>
/// <param name="Count">How many there are in all, as far as was counted.</param>
/// <param name="IsMore">True when there are more than were counted.</param>
public sealed record AuditPage(ImmutableArray<AuditLine> Lines, int Count, bool IsMore);

/// <summary>The names that questions can be about.</summary>
/// <param name="Names">VMs and peers, also those that are gone.</param>
/// <param name="People">Everybody who has done something.</param>
/// <param name="Endpoints">Ports and web addresses that were ever spoken of.</param>
public sealed record Vocabulary(
    ImmutableArray<string> Gateways,
    ImmutableArray<string> Names,
    ImmutableArray<string> People,
    ImmutableArray<string> Endpoints
)
{
    /// <summary>Changes as they are typed, the likeliest first; none where nobody has looked.</summary>
    public ImmutableArray<string> Changes { get; init; } = [];

    /// <summary>A vocabulary without any name.</summary>
    public static Vocabulary Empty { get; } = new([], [], [], []);
}
