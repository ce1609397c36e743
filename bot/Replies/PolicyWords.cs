using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Replies;

/// <summary>Which rules of the policy decide about something, and why, for people.</summary>
internal static class PolicyWords
{
    /// <summary>A sentence a rule and command, each once: <c>expose by rules[0] (vm web-*): 1 approval (approver)</c>.</summary>
    public static string[] Of(ChangePolicy policy, IEnumerable<Matter> matters) =>
        [.. matters.Select(d => Of(d, policy.RuleFor(d))).Distinct()];

    private static string Of(Matter matter, PolicyRule rule)
    {
        var why = rule.Conditions is { Length: > 0 } conditions ? $" ({conditions})" : "";
        var needs = rule.Needs.Total switch
        {
            0 => "no approval",
            1 => $"1 approval ({rule.Needs.Roles})",
            var count => $"{Counts.Of(count, "approval")} ({rule.Needs.Roles})",
        };
        return $"{matter.Command}{(rule.IsDeclared ? $", as {rule.Place} says" : $" by {rule.Place}{why}")}: {needs}";
    }
}
