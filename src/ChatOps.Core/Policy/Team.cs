using System.Collections.Immutable;

namespace ChatOps.Core.Policy;

/// <summary>Who there is to propose and approve.</summary>
/// <param name="People">Those who are known by name.</param>
/// <param name="Elsewhere">The roles that others get from elsewhere, such as a group at a provider: how many they are is not known.</param>
public sealed record Team(ImmutableArray<Speaker> People, ImmutableArray<Role> Elsewhere)
{
    /// <summary>Those with a role; null when there may be more of them than are known.</summary>
    public IReadOnlyList<Speaker>? With(Role role) => Elsewhere.Include(role) ? null : [.. People.Where(p => p.Has(role))];
}
