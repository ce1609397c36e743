using System.Collections.Immutable;
using ChatOps.Core.Commands;
using ChatOps.Core.Policy;
using ChatOps.Core.Values;

namespace ChatOps.Bot.Configuration.Reading;

/// <summary>Reads one rule of the policy file.</summary>
internal static class RuleReader
{
    private const int MostApprovals = 10;

    /// <summary>The rule; null when it is wrong, which the problems then say.</summary>
    public static PolicyRule? Read(JsonValue json, Problems problems)
    {
        var before = problems.Count;
        if (json.Object() is not { } members)
            return null;
        var commands = CommandsOf(members.Get("commands", "names of commands"), problems);
        var (from, to) = PortsOf(members.Find("ports"));
        var protocol = ProtocolOf(members.Find("protocol"));
        var who = RoleReader.Read(members.Get("who", RoleReader.Expected));
        var approvals = ApprovalsOf(members, commands, problems);
        var approver = members.Find("approver") is { } role ? RoleReader.Read(role) : Role.Approver;
        members.End();
        return problems.Count > before ? null : new(commands, from, to, protocol, who!.Value, approvals!.Value, approver!.Value) { Place = json.Place };
    }

    private static ImmutableArray<string> CommandsOf(JsonValue? json, Problems problems)
    {
        if (json?.List("names of commands", v => v.Text()) is not { } names)
            return [];
        if (names.IsEmpty)
            problems.Add(json.Place, "expected names of commands, found none");
        foreach (var unknown in names.Where(n => Catalogue.All.All(s => s.Name != n)))
        {
            var near = DidYouMean.Closest(unknown, Catalogue.All.Select(s => s.Name));
            problems.Add(json.Place, $"no command \"{unknown}\"{(near is null ? "" : $". Did you mean {near}?")}");
        }

        return [.. names.Where(n => Catalogue.All.Any(s => s.Name == n))];
    }

    // A change says how many; what changes nothing is approved by nobody, and a number there would be believed to hold something.
    private static int? ApprovalsOf(JsonMembers members, ImmutableArray<string> commands, Problems problems)
    {
        var asks = commands.FirstOrDefault(c => !Catalogue.Named(c).Proposes);
        var isAboutChanges = commands.IsEmpty || commands.Any(c => Catalogue.Named(c).Proposes);
        var json = isAboutChanges ? members.Get("approvals", $"0 to {MostApprovals}") : members.Find("approvals");
        var count = json is null ? 0 : json.Number(0, MostApprovals);
        if (count > 0 && asks is not null)
            problems.Add(json!.Place, $"expected 0, because {asks} proposes no change that somebody could approve, found {count}");
        return json is null && isAboutChanges ? null : count;
    }

    private static Protocol? ProtocolOf(JsonValue? json)
    {
        switch (json?.Text())
        {
            case "tcp":
                return Protocol.Tcp;
            case "udp":
                return Protocol.Udp;
            case { }:
                json.Wrong<string>("tcp or udp");
                return null;
            default:
                return null;
        }
    }

    private static (Port? From, Port? To) PortsOf(JsonValue? json)
    {
        if (json?.Text() is not { } text)
            return (null, null);
        var ends = text.Split('-');
        if (ends.Length <= 2 && Port.TryParse(ends[0], out var from) && Port.TryParse(ends[^1], out var to) && from.Number <= to.Number)
            return (from, to);
        json.Wrong<string>("a port or a range such as 1-1023");
        return (null, null);
    }
}
