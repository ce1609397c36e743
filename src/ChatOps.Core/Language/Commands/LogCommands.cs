using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

internal static class LogCommands
{
    private static readonly ArgumentKind Record = new("N", "the number of a record (1 or more)", t =>
        long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null
    );

    public static ImmutableArray<CommandSpec> All { get; } =
    [
        new(
            "audit verify",
            "check the whole log against everything that was signed of it",
            "",
            CommonParts.Look,
            [],
            ["audit verify"],
            (spec, _) => new VerifyLog(spec)
        ),
        new(
            "audit prove",
            "give the records of a change with proofs that the log holds them, for somebody who may not see the rest",
            "",
            new(Role.Operator),
            [new Part.Value("change", Kinds.Change)],
            ["audit prove 12"],
            (spec, a) => new ProveChange(spec, a.Get<ChangeRef>("change"))
        ),
        new(
            "audit prove",
            "give one record with its proof",
            "",
            new(Role.Operator),
            [new Part.Word("record"), new Part.Value("number", Record)],
            ["audit prove record 7"],
            (spec, a) => new ProveRecord(spec, a.Get<long>("number"))
        ),
        new(
            "audit prove",
            "prove that the log has only grown since a checkpoint for so many records",
            "",
            CommonParts.Look,
            [new Part.Word("since"), new Part.Value("number", Record)],
            ["audit prove since 256"],
            (spec, a) => new ProveGrowth(spec, a.Get<long>("number"))
        ),
        new(
            "export log",
            "give the whole log with its checkpoints, to be checked elsewhere with chatops-verify",
            "",
            new(Role.Admin),
            [],
            ["export log"],
            (spec, _) => new ExportLog(spec)
        ),
        new(
            "audit rotate key",
            "sign checkpoints with a new key",
            "the new key is announced in the log and under the old one",
            new(Role.Admin),
            [],
            ["audit rotate key"],
            (spec, _) => new ChangeLogKey(spec)
        ),
        new(
            "forget",
            "erase the name and the reasons of a person from everything that the log says",
            "their key is destroyed; records, hashes and proofs stay as they are",
            new(Role.Admin),
            [new Part.Value("user", Kinds.User)],
            ["forget operator"],
            (spec, a) => new Forget(spec, a.Get<string>("user"))
        ),
    ];
}
