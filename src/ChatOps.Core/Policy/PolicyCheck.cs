using System.Collections.Immutable;
using ChatOps.Core.Commands;

namespace ChatOps.Core.Policy;

/// <summary>What is wrong with rules that are each well formed: they cannot do what whoever wrote them believes.</summary>
public static class PolicyCheck
{
    /// <summary>Rules that never decide anything, because an earlier one is for all of it. Each with its place, and a sentence.</summary>
    public static IEnumerable<(string Place, string Sentence)> Shadowed(ImmutableArray<PolicyRule> rules)
    {
        foreach (var (i, rule) in rules.Index())
        {
            var covers = rule.Commands.Select(c => rules.Take(i).FirstOrDefault(r => r.Commands.Contains(c) && r.Covers(rule))?.Place).ToList();
            if (!covers.Contains(null))
                yield return (rule.Place, $"it never decides anything, because {string.Join(" and ", covers.Distinct())} comes first and is for all of it. Next: put it before that, or take it out");
        }
    }

    /// <summary>Rules that ask for more approvals than can ever be given: whoever proposes does not count. Each with its place, and a sentence.</summary>
    public static IEnumerable<(string Place, string Sentence)> Unreachable(ImmutableArray<PolicyRule> rules, Team team) =>
        from rule in rules
        where MostApprovals(rule, team) < rule.Approvals
        select ($"{rule.Place}.approvals", $"expected {MostApprovals(rule, team)} at most, found {rule.Approvals}: {WhoHas(rule.Approver, team)}, and who proposes does not approve");

    /// <summary>What works, and perhaps not as somebody believes: sentences, each with what it is about.</summary>
    public static IEnumerable<(string About, string Sentence)> Warnings(ChangePolicy policy, Team team)
    {
        foreach (var person in team.People.Where(p => p.Roles.IsEmpty))
            yield return (person.Actor.Id, "has no role, and may do nothing where no group or role elsewhere gives them one");
        foreach (var rule in policy.Rules)
        {
            foreach (var command in rule.Commands.Where(c => !policy.DecidersOf(Catalogue.Named(c)).Contains(rule)))
                yield return (rule.Place, $"it never decides about {command}, because an earlier rule is for all of it");
        }

        var proposals = Catalogue.All.Where(s => s.Proposes).DistinctBy(s => s.Name).SelectMany(s => policy.DecidersOf(s).Select(r => (s.Name, Rule: r)));
        foreach (var group in proposals.GroupBy(p => (p.Rule.Who, p.Rule.Approvals, p.Rule.Approver)))
        {
            var stuck = (team.With(group.Key.Who) ?? []).Where(p => team.With(group.Key.Approver) is { } approvers && approvers.Count(a => a != p) < group.Key.Approvals).ToList();
            if (stuck.Count > 0)
            {
                var names = string.Join(", ", stuck.Select(p => p.Actor.Id));
                yield return (names, $"nobody else can give the {group.Key.Approvals} ({group.Key.Approver.Name()}) that it needs to {string.Join(", ", group.Select(g => g.Name).Distinct())}; only break-glass would");
            }
        }
    }

    // With null it is not known, and as many as one likes. Who proposes is somebody who approves only where there is nobody else to propose.
    private static int? MostApprovals(PolicyRule rule, Team team) =>
        team.With(rule.Approver) is not { } approvers ? null
        : team.With(rule.Who) is { Count: > 0 } proposers && proposers.All(approvers.Contains) ? approvers.Count - 1
        : approvers.Count;

    private static string WhoHas(Role role, Team team) =>
        team.With(role) is not { Count: > 0 } people ? $"nobody has the role {role.Name()}" : $"the role {role.Name()} have {string.Join(", ", people.Select(p => p.Actor.Id))}";
}
