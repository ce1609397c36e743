using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

internal static class QuestionCommands
{
    public static ImmutableArray<CommandSpec> All { get; } =
    [
        new(
            "list",
            "list what is open: for whom, until when, since when, by whom and why",
            "",
            CommonParts.Look,
            [
                new Part.Optional("subject", Kinds.VmOrEndpoint),
                new Part.Flag("ending"),
                new Part.Flag("unused"),
                new Part.Clause("for", Kinds.For),
                new Part.Clause("by", Kinds.Person),
                CommonParts.At,
                new Part.Clause("page", Kinds.Page),
            ],
            ["list", "list vm2", "list 80", "list by operator", "list ending", "list unused", "list unused for 30d"],
            (spec, a) =>
                new ListOpen(
                    spec,
                    a.Find<object>("subject") as Name<Vm>?,
                    a.Find<object>("subject") as AskedEndpoint?,
                    a.Find<string>("by"),
                    a.Has("ending"),
                    a.Has("unused") || a.Find<Lifetime>("for") is not null,
                    (a.Find<Lifetime>("for") as Lifetime.For)?.Length,
                    a.FindValue<int>("page"),
                    CommonParts.AtOf(a)
                )
        ),
        new("drift", "show what differs between a gateway and the log", "", CommonParts.Look, [CommonParts.At], ["drift"], (spec, a) =>
            new ShowDrift(spec, CommonParts.AtOf(a))
        ),
        new(
            "repair",
            "make the gateway again what the log says",
            "everything of ours is loaded anew; changes by hand are gone",
            new(Role.Operator),
            [CommonParts.At, CommonParts.Because],
            ["repair"],
            (spec, a) => new Repair(spec, CommonParts.AtOf(a), CommonParts.Reason(a))
        ),
        new(
            "retry",
            "try again what is stuck because something broke",
            "what was approved is applied",
            new(Role.Operator),
            [CommonParts.At],
            ["retry", "retry at gw1"],
            (spec, a) => new Retry(spec, CommonParts.AtOf(a))
        ),
        new(
            "adopt",
            "take a change by hand for what is to be; always refused, because nobody approved it",
            "",
            CommonParts.Look,
            [CommonParts.At],
            ["adopt"],
            (spec, a) => new Adopt(spec, CommonParts.AtOf(a))
        ),
        new(
            "stats",
            "show packets, bytes, connections and handshakes",
            "",
            CommonParts.Look,
            [new Part.Optional("subject", Kinds.VmOrEndpoint), CommonParts.At, new Part.Clause("page", Kinds.Page)],
            ["stats", "stats vm2", "stats 80"],
            (spec, a) =>
                new ShowStats(
                    spec,
                    a.Find<object>("subject") as Name<Vm>?,
                    a.Find<object>("subject") as AskedEndpoint?,
                    a.FindValue<int>("page"),
                    CommonParts.AtOf(a)
                )
        ),
        new("status", "one line a gateway, then what needs attention", "", CommonParts.Look, [], ["status"], (spec, _) => new Status(spec)),
        new(
            "help",
            "explain the commands, one of them, or a family of them",
            "",
            CommonParts.Look,
            [new Part.Optional("topic", new("COMMAND", "the name of a command", Parser.ReadTopic, TakesRest: true))],
            ["help", "help expose", "help vm"],
            (spec, a) => new Help(spec, a.Find<HelpTopic>("topic"))
        ),
        new(
            "whoami",
            "say who you are and what you may do here; everybody's roles are in the policy file",
            "",
            CommonParts.Look,
            [],
            ["whoami"],
            (spec, _) => new WhoAmI(spec)
        ),
        new("version", "say which version of ChatOps answers", "", CommonParts.Look, [], ["version"], (spec, _) => new ShowVersion(spec)),
    ];
}
