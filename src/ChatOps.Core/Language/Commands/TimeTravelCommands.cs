using System.Collections.Immutable;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

internal static class TimeTravelCommands
{
    private static readonly ArgumentKind ThenAsked = new(
        "TIME QUESTION",
        "a time and a question about what was so then, such as 2026-11-01 14:00 status",
        t => ReadThen(t) is var (point, query) ? new Then(point, query) : null,
        TakesLine: true,
        Explain: ExplainThen
    )
    {
        Fields =
        [
            ("time", new("TIME", "a time, such as 2d, yesterday 14:00 or 2026-11-01 14:00", t => t, TakesLine: true)),
            ("question", new("QUESTION", "what is asked: status, list, vms, peers, rules, gateways or pending", t => t, TakesLine: true)),
        ],
    };

    private static readonly ArgumentKind Exported = new(
        "QUESTION as csv|json|md",
        "a question (audit ... or history ...) and then as csv, as json or as md",
        t => ReadExport(t) is { Query: { } query, Format: { } format } ? new Wanted(query, format) : null,
        TakesLine: true,
        Explain: t => ReadExport(t).Refusal
    );

    public static ImmutableArray<CommandSpec> All { get; } =
    [
        new(
            "at",
            "answer status, list, vms, peers, rules, gateways or pending as of a time",
            "",
            CommonParts.Look,
            [new Part.Value("then", ThenAsked)],
            ["at 2026-11-01 14:00 status", "at 2d vms"],
            (spec, a) => a.Get<Then>("then") is var (point, query) ? new AsOf(spec, point, query) : throw new InvalidOperationException()
        ),
        new(
            "diff",
            "show what differs between two revisions of a gateway",
            "",
            CommonParts.Look,
            [
                new Part.Word("rev"),
                new Part.Value("from", Kinds.Revision),
                new Part.Word("rev"),
                new Part.Value("to", Kinds.Revision),
                CommonParts.At,
            ],
            ["diff rev 12 rev 15"],
            (spec, a) => new DiffRevisions(spec, a.Get<Revision>("from"), a.Get<Revision>("to"), CommonParts.AtOf(a))
        ),
        new(
            "export",
            "answer a question about the past as a file",
            "",
            CommonParts.Look,
            [new Part.Value("wanted", Exported)],
            ["export audit vm2 since 30d as csv", "export audit as json", "export history 443 as md"],
            (spec, a) =>
                a.Get<Wanted>("wanted") is var (query, format) ? new Export(spec, query, format) : throw new InvalidOperationException()
        ),
    ];

    private static (TimePoint Point, Query Query)? ReadThen(string text)
    {
        if (Tokens.Split(text) is not { } tokens || TimePoint.Read(tokens, 0) is not var (point, words) || words >= tokens.Length)
            return null;
        return
            Parser.Parse(text[tokens[words].Start..])
                is ParseResult.Understood
                {
                    Command: Query query and (Status or ListOpen or ListVms or ListPeers or ListRules or ListGateways or Pending)
                }
            ? (point, query)
            : null;
    }

    private static Refusal? ExplainThen(string text)
    {
        if (Tokens.Split(text) is not { } tokens || TimePoint.Read(tokens, 0) is not var (point, words))
            return new($"at: expected {TimePoint.Expected}, and then a question.", "help at");
        if (words >= tokens.Length)
            return new($"at {point}: expected a question after the time.", $"at {text} status");
        return Parser.Parse(text[tokens[words].Start..]) is ParseResult.NotUnderstood no
            ? no.Refusal
            : new(
                $"\"{text[tokens[words].Start..]}\" cannot be asked about the past; status, list, vms, peers, rules, gateways and pending can.",
                $"at {point} status"
            );
    }

    private static (Query? Query, ExportFormat? Format, Refusal? Refusal) ReadExport(string text)
    {
        var at = text.LastIndexOf(" as ", StringComparison.OrdinalIgnoreCase);
        if (
            at < 0
            || !Enum.TryParse<ExportFormat>(text[(at + 4)..].Trim(), ignoreCase: true, out var format)
            || char.IsAsciiDigit(text[at + 4])
        )
            return (
                null,
                null,
                new(
                    "export: expected \"as csv\", \"as json\" or \"as md\" at the end.",
                    Parser.Offered($"export {(at < 0 ? text : text[..at])} as csv", "export")
                )
            );
        return Parser.Parse(text[..at]) switch
        {
            ParseResult.Understood { Command: Query query and (AuditQuery or HistoryQuery) } => (query, format, null),
            ParseResult.NotUnderstood { Refusal: var no } => (
                null,
                null,
                no with
                {
                    Next = [.. no.Next.Select(n => Parser.Offered($"export {n}{text[at..]}", "export"))],
                }
            ),
            _ => (
                null,
                null,
                new(
                    $"export: \"{text[..at]}\" is no question about the past; audit and history are.",
                    $"export audit as {text[(at + 4)..]}"
                )
            ),
        };
    }

    private sealed record Then(TimePoint Point, Query Query);

    private sealed record Wanted(Query Query, ExportFormat Format);
}
