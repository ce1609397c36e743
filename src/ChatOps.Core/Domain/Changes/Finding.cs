using System.Collections.Immutable;

namespace ChatOps.Core.Domain.Changes;

/// <summary>Something that a look at a gateway, or at the log, found to want a person's attention. It becomes an alert, once.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Subject">What of that, as <see cref="AlertKind.Subject"/> says; empty for the gateway as a whole.</param>
/// <param name="Text">A sentence for people, without a full stop.</param>
/// <param name="Detail">More to look at, such as a diff; or null.</param>
/// <param name="Next">Lines to type next.</param>
public sealed record Finding(AlertKind Kind, string Subject, string Text, string? Detail, params ImmutableArray<string> Next)
{
    /// <summary>What its alert is told apart by.</summary>
    public string Key => Subject.Length == 0 ? Kind.Key : Kind.About(Subject);
}
