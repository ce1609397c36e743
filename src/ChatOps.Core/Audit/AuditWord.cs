using System.Collections.Immutable;

namespace ChatOps.Core.Audit;

/// <summary>
/// A word that says which lines are meant. A noun is about deeds (<c>approvals by approver</c>: what they approved); a participle is about what
/// became of changes (<c>by operator denied</c>: their changes that somebody denied, and what they denied).
/// </summary>
/// <param name="Text">The word.</param>
/// <param name="Lines">What the lines say: <c>approved</c>.</param>
/// <param name="IsDeed">True for a noun.</param>
/// <param name="Does">Only of changes that open, or that close, something; null for all.</param>
public sealed record AuditWord(string Text, ImmutableArray<string> Lines, bool IsDeed, string? Does = null)
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<AuditWord> All { get; } =
    [
        new("proposals", ["proposed"], true),
        new("approvals", ["approved"], true),
        new("denials", ["denied"], true),
        new("withdrawals", ["withdrawn"], true),
        new("failures", ["failed"], true),
        new("alerts", ["alert", "cleared"], true),
        new("questions", ["asked"], true),
        new("proposed", ["proposed"], false),
        new("approved", ["approved"], false),
        new("forced", ["forced"], false),
        new("denied", ["denied"], false),
        new("withdrawn", ["withdrawn"], false),
        new("expired", ["expired"], false),
        new("delayed", ["delayed"], false),
        new("stuck", ["stuck"], false),
        new("retried", ["retried"], false),
        new("replanned", ["replanned"], false),
        new("applied", ["applied"], false),
        new("failed", ["failed"], false),
        new("opened", ["applied"], false, "opens"),
        new("closed", ["applied"], false, "closes"),
    ];

    /// <summary>The word with a text, or null.</summary>
    public static AuditWord? Find(string text) => All.FirstOrDefault(w => w.Text.Equals(text, StringComparison.OrdinalIgnoreCase));
}
