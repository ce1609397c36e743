using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;

namespace ChatOps.Core.Decisions.Policy;

/// <summary>Who there is to propose and approve.</summary>
/// <param name="People">Those who are known by name.</param>
/// <param name="Elsewhere">The roles that others get from elsewhere, such as a group at a provider: how many they are is not known.</param>
public sealed record Team(ImmutableArray<Speaker> People, ImmutableArray<Role> Elsewhere)
{
    /// <summary>Those who may propose what a rule is for; null when there may be more of them than are known.</summary>
    public IReadOnlyList<Speaker>? Proposers(PolicyRule rule) =>
        Elsewhere.Include(rule.Who) ? null : [.. People.Where(p => p.Has(rule.Who))];

    /// <summary>
    /// The places that stay open when somebody proposes and all others consent; those that somebody unknown may fill are filled.
    /// </summary>
    /// <param name="proposer">Who proposes; null for somebody who would approve nothing.</param>
    public Approvals Open(Approvals needs, Speaker? proposer) =>
        Quorum.Open(Approvals.Of(needs.Places.Where(p => !Elsewhere.Include(p))), People.Where(p => p != proposer).Select(ConsentsAs));

    /// <summary>Who can fill a place.</summary>
    public IEnumerable<string> Fillers(Role place) => People.Where(p => ConsentsAs(p).Include(place)).Select(p => p.Actor.Id);

    // Those who may approve do so with all their roles; others with a role of the file's own that a rule names.
    private static ImmutableArray<Role> ConsentsAs(Speaker person) =>
        person.Has(Role.Approver) ? person.Roles : person.Roles.RemoveAll(Role.BuiltIn.Contains);
}
