using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Core.Decisions.Policy;

/// <summary>What is wrong with rules that are each well formed: they cannot do what whoever wrote them believes.</summary>
public static class PolicyCheck
{
    /// <summary>Rules that never decide anything, because an earlier one is for all of it. Each with its place, and a sentence.</summary>
    public static IEnumerable<(string Place, string Sentence)> Shadowed(ImmutableArray<PolicyRule> rules)
    {
        foreach (var (i, rule) in rules.Index())
        {
            var covers = rule
                .Commands.Select(c => rules.Take(i).FirstOrDefault(r => r.Commands.Contains(c) && r.Covers(rule))?.Place)
                .ToList();
            if (!covers.Contains(null))
                yield return (
                    rule.Place,
                    $"it never decides anything, because {string.Join(" and ", covers.Distinct())} comes first and is for all of it. Next: put it before that, or take it out"
                );
        }
    }

    /// <summary>
    /// Rules that ask for more consent than can ever be given: whoever proposes does not count. Each with its place, and a sentence.
    /// </summary>
    public static IEnumerable<(string Place, string Sentence)> Unreachable(ImmutableArray<PolicyRule> rules, Team team)
    {
        foreach (var rule in rules)
        {
            Speaker?[] proposers = team.Proposers(rule) is { Count: > 0 } known ? [.. known] : [null];
            var open = proposers.Min(p => team.Open(rule.Needs, p).Total);
            if (open == 0)
                continue;
            var (total, several) = (rule.Needs.Total, rule.Needs.And is null ? "" : $" ({rule.Needs.Roles})");
            yield return (
                $"{rule.Place}.approvals",
                $"expected {total - open} at most, found {total}{several}: {string.Join(", ", rule.Needs.Places.Distinct().Select(p => WhoHas(p, team)))}, and who proposes does not approve"
            );
        }
    }

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

        var proposals = Catalogue
            .All.Where(s => s.Proposes)
            .DistinctBy(s => s.Name)
            .SelectMany(s => policy.DecidersOf(s).Select(r => (s.Name, Rule: r)));
        foreach (var group in proposals.GroupBy(p => (p.Rule.Who, string.Join(' ', p.Rule.Needs.Places))))
        {
            var rule = group.First().Rule;
            foreach (var person in (team.Proposers(rule) ?? []).Where(p => team.Open(rule.Needs, p).Total > 0))
            {
                var what = string.Join(", ", group.Select(g => g.Name).Distinct());
                yield return (
                    person.Actor.Id,
                    $"others cannot give the {rule.Needs.Total} ({rule.Needs.Roles}) that it needs to {what}; only break-glass would do"
                );
            }
        }
    }

    private static string WhoHas(Role role, Team team) =>
        team.Fillers(role).ToList() is { Count: > 0 } people
            ? $"the role {role.Name()} have {string.Join(", ", people)}"
            : $"nobody has the role {role.Name()}";
}
