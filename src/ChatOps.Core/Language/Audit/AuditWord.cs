using System.Collections.Immutable;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Core.Language.Audit;

/// <summary>
/// A word that says which lines are meant. A noun is about deeds (<c>approvals by approver</c>: what they approved); a participle is about
/// what became of changes (<c>by operator denied</c>: their changes that somebody denied, and what they denied).
/// </summary>
/// <param name="Lines">What the lines say: <c>approved</c>.</param>
/// <param name="IsDeed">True for a noun.</param>
/// <param name="Done">Only of changes that do this to something: <c>opened</c>, <c>renamed</c>; null for all.</param>
public sealed record AuditWord(string Text, ImmutableArray<string> Lines, bool IsDeed, string? Done = null)
{
    /// <summary>All of them, as the table of events says: what people do, what becomes of changes, and what changes do.</summary>
    public static ImmutableArray<AuditWord> All { get; } =
    [
        .. EventTypes
            .All.Where(k => k.Deed is not null)
            .GroupBy(k => k.Deed!)
            .Select(d => new AuditWord(d.Key, [.. d.Select(k => k.Word)], true)),
        .. EventTypes.All.Where(k => k is not EffectKind).Select(k => k.Word).Distinct().Select(w => new AuditWord(w, [w], false)),
        .. EventTypes.All.OfType<EffectKind>().Select(k => k.Word).Distinct().Select(w => new AuditWord(w, [AppliedWord, w], false, w)),
    ];

    // The line of a change that is in force tells what it did. What configuration did has a line of its own.
    private static string AppliedWord => EventTypes.All.First(k => k.Type == typeof(ChangeApplied)).Word;

    /// <summary>The word with a text, or null.</summary>
    public static AuditWord? Find(string text) => All.FirstOrDefault(w => w.Text.Equals(text, StringComparison.OrdinalIgnoreCase));
}
