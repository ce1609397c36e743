using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Authority;

/// <summary>How much consent a change needs: so many different people, each in one place, with the role of the place.</summary>
/// <param name="Count">How many people with the first role; 0 when policy approves by itself.</param>
/// <param name="Role">The role that each of them must have.</param>
/// <param name="And">The places of further roles; null, and not stored, when there are none.</param>
public sealed record Approvals(int Count, string Role, ImmutableArray<Approvals>? And = null)
{
    /// <summary>No consent.</summary>
    public static Approvals None { get; } = new(0, Authority.Role.Approver.Name());

    /// <summary>Every place by its role.</summary>
    [JsonIgnore]
    public IEnumerable<Role> Places => Enumerable.Repeat(Authority.Role.Named(Role), Count).Concat((And ?? []).SelectMany(a => a.Places));

    /// <summary>How many people in all.</summary>
    [JsonIgnore]
    public int Total => Count + (And ?? []).Sum(a => a.Total);

    /// <summary>The roles as people read them: <c>approver</c>, or <c>2 approver and 1 security</c>.</summary>
    [JsonIgnore]
    public string Roles =>
        And is { } and ? string.Join(" and ", and.Insert(0, this with { And = null }).Select(a => $"{a.Count} {a.Role}")) : Role;

    /// <summary>With these places.</summary>
    public static Approvals Of(IEnumerable<Role> places)
    {
        var groups = places.GroupBy(p => p).OrderBy(g => g.Key).Select(g => new Approvals(g.Count(), g.Key.Name())).ToImmutableArray();
        return groups switch
        {
            [] => None,
            [var only] => only,
            [var first, .. var others] => first with { And = others },
        };
    }
}
