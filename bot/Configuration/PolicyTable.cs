using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Configuration;

/// <summary>What a policy file comes to, as a table for people: which command by whom, with whose consent, and when.</summary>
public static class PolicyTable
{
    private static readonly Row Head = new("command", "who may give it", "approvals", "when", "by");

    /// <summary>Who there is, and a line a command and rule, the first that fits deciding.</summary>
    public static IEnumerable<string> Of(PolicyFile file)
    {
        foreach (var role in Role.BuiltIn.Concat(file.Policy.OwnRoles))
            yield return $"{role.Name()}: {string.Join(", ", PeopleWith(role, file.Team).DefaultIfEmpty("nobody"))}";
        yield return "";
        Row[] rows = [Head, .. Catalogue.All.DistinctBy(s => s.Name).SelectMany(s => RowsOf(s, file.Policy))];
        foreach (var row in rows)
            yield return row.Padded(rows);
    }

    private static IEnumerable<Row> RowsOf(CommandSpec spec, ChangePolicy policy)
    {
        var before = 0;
        foreach (var rule in policy.DecidersOf(spec))
        {
            var when =
                rule.Conditions is { Length: > 0 } conditions ? conditions
                : before > 0 ? "else"
                : "always";
            yield return new(spec.Name, rule.Who.Name(), spec.Proposes ? Consent(rule) : "", when, rule.Place);
            before++;
        }
    }

    private static string Consent(PolicyRule rule) => rule.Needs.Total == 0 ? "none" : $"{rule.Needs.Total} ({rule.Needs.Roles})";

    private static IEnumerable<string> PeopleWith(Role role, Team team)
    {
        foreach (var person in team.People.Where(p => p.Roles.Contains(role)))
            yield return person.Actor.Id;
        if (team.Elsewhere.Contains(role))
            yield return "whom a group or a role elsewhere makes it";
    }

    private sealed record Row(string Command, string Who, string Approvals, string When, string By)
    {
        public string Padded(Row[] all) =>
            $"{Command.PadRight(all.Max(r => r.Command.Length))}  {Who.PadRight(all.Max(r => r.Who.Length))}  {Approvals.PadRight(all.Max(r => r.Approvals.Length))}  {When.PadRight(all.Max(r => r.When.Length))}  {By}";
    }
}
