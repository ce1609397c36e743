using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Language.Audit;

/// <summary>One line of an audit answer.</summary>
/// <param name="Key">Its place among all lines: grows with time.</param>
/// <param name="Position">The place of its record in the log.</param>
/// <param name="Gateway">Where; null for what is about none.</param>
/// <param name="Change">The change, or 0 for what belongs to none.</param>
/// <param name="What">One word: proposed, approved, denied, applied, ...</param>
/// <param name="Who">The display name at that time.</param>
/// <param name="Details">The rest of the story.</param>
public sealed record AuditLine(
    long Key,
    long Position,
    DateTimeOffset Time,
    Name<Gateway>? Gateway,
    int Change,
    string What,
    string Who,
    string Details
);

/// <summary>What one record means to people, and everything that it is found by.</summary>
/// <param name="Details">The rest of the story, in one line.</param>
/// <param name="Change">The change that it belongs to, or null.</param>
/// <param name="Touched">What it is about.</param>
public sealed record AuditEntry(string What, string Details, Domain.Changes.Change? Change, Touched Touched);

/// <summary>What an event, or the change that it belongs to, is about.</summary>
/// <param name="Endpoints">Public ports and web addresses.</param>
/// <param name="Names">Names of VMs and peers.</param>
/// <param name="Done">What is done to it, in the words of <see cref="AuditWord"/>: <c>opened</c>, <c>renamed</c>.</param>
public sealed record Touched(IReadOnlySet<PublicEndpoint> Endpoints, IReadOnlySet<string> Names, IReadOnlySet<string> Done);
