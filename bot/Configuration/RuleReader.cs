using System.Collections.Immutable;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Configuration;

internal sealed class RuleReader(RoleReader roles, Problems problems)
{
    /// <summary>The rule; null when it is wrong, which the problems then say.</summary>
    public PolicyRule? Read(JsonValue json)
    {
        var before = problems.Count;
        if (json.Object() is not { } members)
            return null;
        var commands = CommandsOf(members.Get("commands", "names of commands"));
        var (from, to) = PortsOf(members.Find("ports"));
        var protocol = ProtocolOf(members.Find("protocol"));
        var scope = ScopeOf(members);
        var who = roles.Read(members.Get("who", roles.Expected));
        var changes = commands.IsEmpty || commands.Any(c => Catalogue.Named(c).Proposes);
        var needs = ApprovalsReader.Read(members, isNeeded: changes, roles, problems);
        if (needs?.Total > 0 && commands.FirstOrDefault(c => !Catalogue.Named(c).Proposes) is { } asks)
            problems.Add(
                members.PlaceOf("approvals"),
                $"expected 0, because {asks} proposes no change that somebody could approve, found {needs.Total}"
            );
        foreach (var name in Facets.All.Where(f => members.Has(f) && !commands.IsEmpty && !commands.Any(c => Facets.Has(c, f))))
            problems.Add(
                members.PlaceOf(name),
                $"{string.Join(", ", commands)} can never be asked about that. Next: take it out, or name other commands"
            );
        members.End();
        return problems.Count > before ? null : new(commands, from, to, protocol, who!.Value, needs!) { Place = json.Place, Scope = scope };
    }

    private ImmutableArray<string> CommandsOf(JsonValue? json)
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

    private static RuleScope ScopeOf(JsonMembers members)
    {
        var lifetime = members.Find("lifetime");
        var length = lifetime?.Text() is { } text
            ? Durations.Read(text) ?? Wrong<TimeSpan>(lifetime, "a length of time, such as 8h")
            : null;
        return new(
            TypedOf<NamePattern>(members.Find("vm"), NamePattern.Expected),
            TypedOf<Name<Gateway>>(members.Find("gateway"), "the name of a gateway, such as gw1"),
            TypedOf<Network>(members.Find("from"), Network.Expected),
            length
        );
    }

    private static T? TypedOf<T>(JsonValue? json, string expected)
        where T : struct, IText<T> =>
        json?.Text() is not { } text ? null
        : T.TryParse(text, out var value) ? value
        : Wrong<T>(json, expected);

    private static T? Wrong<T>(JsonValue json, string expected)
        where T : struct
    {
        json.Wrong<string>(expected);
        return null;
    }

    private static Protocol? ProtocolOf(JsonValue? json) =>
        json?.Text() switch
        {
            null => null,
            "tcp" => Protocol.Tcp,
            "udp" => Protocol.Udp,
            _ => Wrong<Protocol>(json, "tcp or udp"),
        };

    private static (Port? From, Port? To) PortsOf(JsonValue? json)
    {
        if (json?.Text() is not { } text)
            return (null, null);
        var ends = text.Split('-');
        if (ends.Length <= 2 && Port.TryParse(ends[0], out var from) && Port.TryParse(ends[^1], out var to) && from.Number <= to.Number)
            return (from, to);
        Wrong<Port>(json, "a port or a range such as 1-1023");
        return (null, null);
    }
}
