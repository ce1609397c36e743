using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

/// <summary>
/// Questions about the past. Those in natural order are read to the same questions as those that begin with <c>audit</c> and
/// <c>history</c>.
/// </summary>
internal static class AuditCommands
{
    // Its brackets close those of an optional part: all of the conditions are, in any order.
    private static readonly ArgumentKind Conditions = new(
        "VM|PEER|GATEWAY|PORT|HOST|#N] [approvals|denied|...] [by USER] [text \"WORDS\"] [since TIME] [until TIME] [between TIME and TIME] [on DAY] [at GATEWAY] [last] [page N",
        "what to look for",
        t => AuditReader.Read(t) is { Filter: { } filter, Page: var page } ? new Conditions(filter, page) : null,
        TakesLine: true,
        Explain: t => AuditReader.Read(t).Refusal
    );

    private static readonly ArgumentKind Deed = new("opened|closed", "opened or closed", t =>
        t.ToLowerInvariant() is "opened" or "closed" ? t.ToLowerInvariant() : null
    );

    private static readonly ArgumentKind Decision = new("proposed|approved|denied|withdrew", "proposed, approved, denied or withdrew", t =>
        AuditWord.Find(t.Equals("withdrew", StringComparison.OrdinalIgnoreCase) ? "withdrawn" : t)
            is { Text: "proposed" or "approved" or "denied" or "withdrawn" } word
            ? word
            : null
    );

    private static readonly ArgumentKind Opened = new("open|closed", "open or closed", t =>
        t.ToLowerInvariant() is "open" or "closed" ? t.ToLowerInvariant() : null
    );

    private static readonly ArgumentKind Touch = new("changed|opened|closed", "changed, opened or closed", t => t.ToLowerInvariant()
            is "changed"
            ? AuditWord.Find("applied")
        : AuditWord.Find(t) is { Done: not null } word ? word
        : null);

    private static readonly ArgumentKind Time = new(
        "TIME",
        TimePoint.Expected,
        t => Tokens.Split(t) is { } tokens && TimePoint.Read(tokens, 0) is var (point, words) && words == tokens.Length ? point : null,
        TakesWords: true
    );

    public static ImmutableArray<CommandSpec> All { get; } =
    [
        new(
            "audit",
            "ask the log who did what, when and why",
            "",
            CommonParts.Look,
            [new Part.Optional("conditions", Conditions)],
            [
                "audit",
                "audit vm2 since 7d",
                "audit port 443",
                "audit by operator denied",
                "audit gw1 between 2026-11-01 and 2026-11-07",
                "audit failed",
                "audit approvals by approver",
                "audit text \"incident 812\"",
                "audit 80 by operator since 2d page 2",
            ],
            (spec, a) =>
                a.Find<Conditions>("conditions") is var (filter, page)
                    ? new AuditQuery(spec, filter, page)
                    : new AuditQuery(spec, new(), null)
        ),
        new(
            "history",
            "show every time that a port was open: for whom, why, with whose consent, how long",
            "",
            CommonParts.Look,
            [new Part.Value("endpoint", Kinds.Asked), new Part.Clause("on", Time), CommonParts.At, new Part.Clause("page", Kinds.Page)],
            ["history 443", "history app.example.com", "history 443 on 2026-11-02"],
            (spec, a) =>
                new HistoryQuery(
                    spec,
                    a.Get<AskedEndpoint>("endpoint"),
                    a.Find<TimePoint>("on"),
                    false,
                    a.FindValue<int>("page"),
                    CommonParts.AtOf(a)
                )
        ),
        new(
            "who",
            "say who opened or closed a port",
            "",
            CommonParts.Look,
            [new Part.Value("deed", Deed), new Part.Value("endpoint", Kinds.Asked), CommonParts.At],
            ["who opened 443"],
            (spec, a) => new HistoryQuery(spec, a.Get<AskedEndpoint>("endpoint"), null, false, null, CommonParts.AtOf(a))
        ),
        new(
            "who",
            "say who decided about a change",
            "",
            CommonParts.Look,
            [new Part.Value("decision", Decision), new Part.Value("change", Kinds.Change)],
            ["who approved 17"],
            (spec, a) =>
                new AuditQuery(spec, new() { Changes = [a.Get<ChangeRef>("change")], Words = [a.Get<AuditWord>("decision")] }, null)
        ),
        new(
            "why",
            "say why a port is open, or is not",
            "",
            CommonParts.Look,
            [new Part.Word("is"), new Part.Value("endpoint", Kinds.Asked), new Part.Value("state", Opened), CommonParts.At],
            ["why is 443 open"],
            (spec, a) => new HistoryQuery(spec, a.Get<AskedEndpoint>("endpoint"), null, true, null, CommonParts.AtOf(a))
        ),
        new(
            "when",
            "say when something was last changed",
            "",
            CommonParts.Look,
            [
                new Part.Word("was"),
                new Part.Value("subject", Kinds.VmOrEndpoint),
                new Part.Flag("last"),
                new Part.Optional("touch", Touch),
                CommonParts.At,
            ],
            ["when was vm2 last changed", "when was 443 opened"],
            (spec, a) =>
                new AuditQuery(
                    spec,
                    new()
                    {
                        Names = a.Find<object>("subject") is Name<Vm> vm ? [vm.ToString()] : [],
                        Endpoints = a.Find<object>("subject") is AskedEndpoint endpoint ? [endpoint] : [],
                        Words = [a.Find<AuditWord>("touch") ?? AuditWord.Find("applied")!],
                        At = CommonParts.AtOf(a),
                        NewestOnly = true,
                    },
                    null
                )
        ),
        new(
            "what",
            "list what was open at a time",
            "",
            CommonParts.Look,
            [
                new Part.Word("was"),
                new Part.Word("open"),
                new Part.Word("on"),
                new Part.Value("time", Time),
                CommonParts.At,
                new Part.Clause("page", Kinds.Page),
            ],
            ["what was open on 2026-11-01", "what was open on 2026-11-01 14:00"],
            (spec, a) => new OpenThen(spec, a.Get<TimePoint>("time"), a.FindValue<int>("page"), CommonParts.AtOf(a))
        ),
    ];
}

/// <summary>What was read after <c>audit</c>.</summary>
internal sealed record Conditions(AuditFilter Filter, int? Page);
