using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

internal static class ChangeCommands
{
    public static ImmutableArray<CommandSpec> All { get; } =
    [
        new(
            "plan",
            "show what a command would change, and change nothing",
            "",
            CommonParts.Look,
            [
                new Part.Value(
                    "command",
                    new(
                        "COMMAND",
                        "a command that changes something, such as expose vm2:8080 on 80",
                        Parser.ReadChange,
                        TakesRest: true,
                        Explain: Parser.ExplainChange
                    )
                ),
            ],
            ["plan expose vm2:8080 on 80"],
            (spec, a) => new ShowPlan(spec, a.Get<ChangeCommand>("command"))
        ),
        new(
            "approve",
            "consent to a change that someone else proposed",
            "the change is applied when it has all approvals",
            new(Role.Approver),
            [new Part.Optional("change", Kinds.Changes), new Part.Clause("plan", Kinds.PlanHash)],
            ["approve 12", "approve gw1#12", "approve 12 13", "approve", "approve all"],
            (spec, a) =>
                a.Find<ChangeList>("change") is { } list
                    ? list.Changes is [var one]
                        ? new Approve(spec, one, a.Find<string>("plan"))
                        : new ApproveWaiting(spec, list.Changes, list.Changes.IsEmpty)
                    : new ApproveWaiting(spec, [], false)
        ),
        new(
            "deny",
            "say no to a change, and why",
            "the change ends",
            new(Role.Approver),
            [new Part.Value("change", Kinds.Change), new Part.Clause("because", Kinds.Why, Required: true)],
            ["deny 12 because \"wrong machine\""],
            (spec, a) => new Deny(spec, a.Get<ChangeRef>("change"), a.Get<string>("because"))
        ),
        new(
            "withdraw",
            "take back a change that you proposed",
            "the change ends",
            new(Role.Operator),
            [new Part.Value("change", Kinds.Change)],
            ["withdraw 12"],
            (spec, a) => new Withdraw(spec, a.Get<ChangeRef>("change"))
        ),
        new(
            "break-glass",
            "apply a change without the consent that it still needs, one's own too",
            "the change is applied; the log keeps who did it and why, and everybody is told",
            new(Role.Admin),
            [new Part.Value("change", Kinds.Change), new Part.Clause("because", Kinds.Why, Required: true)],
            ["break-glass 12 because \"the shop is down and nobody else is awake\""],
            (spec, a) => new BreakGlass(spec, a.Get<ChangeRef>("change"), a.Get<string>("because"))
        ),
        new("pending", "list the changes that wait for approval", "", CommonParts.Look, [CommonParts.At], ["pending"], (spec, a) =>
            new Pending(spec, CommonParts.AtOf(a))
        ),
        new(
            "show",
            "show a change with its plan, its file diffs and its story",
            "",
            CommonParts.Look,
            [new Part.Value("change", Kinds.Change)],
            ["show 12"],
            (spec, a) => new ShowChange(spec, a.Get<ChangeRef>("change"))
        ),
        new(
            "undo",
            "propose the opposite of a change",
            "what the change did is so no more",
            CommonParts.Propose,
            [new Part.Value("change", Kinds.Change), CommonParts.Because],
            ["undo 12"],
            (spec, a) => new Undo(spec, a.Get<ChangeRef>("change"), CommonParts.Reason(a))
        ),
        new(
            "rollback",
            "propose to make everything as it was in an earlier revision",
            "all that was changed since then is changed back",
            CommonParts.Propose,
            [new Part.Word("to"), new Part.Value("revision", Kinds.Revision), CommonParts.At, CommonParts.Because],
            ["rollback to 7"],
            (spec, a) => new Rollback(spec, a.Get<Revision>("revision"), CommonParts.AtOf(a), CommonParts.Reason(a))
        ),
    ];
}
