using System.Diagnostics;
using System.Text;
using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Proof.Checking;
using ChatOps.Proof.Merkle;
using ChatOps.Proof.Notes;
using ChatOps.Specs.Conventions;
using ChatOps.Storage.Sqlite;
using ChatOps.Verify;

namespace ChatOps.Specs.Proof;

/// <summary>
/// The examples in <c>docs/log-format/</c>: a small log with all that is given away of it, the same bytes for ever. Somebody who writes a
/// verifier from the document tries it on them; here chatops-verify and a script in another language do.
/// </summary>
public sealed class FormatVectors : IAsyncLifetime
{
    private const string Origin = "chatops/example";

    private static readonly SigningKey First = new(Origin, Enumerable.Repeat((byte)1, 32).ToArray());
    private static readonly SigningKey Second = new(Origin, Enumerable.Repeat((byte)2, 32).ToArray());
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private SqliteEventLog _log = null!;
    private LogTree _tree = null!;

    private static string Folder => Path.Combine(Checkout.Root, "docs", "log-format");

    public async Task InitializeAsync()
    {
        _log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        using var sealing = new ErasableLog(_log, new FixedKeys());
        var opened = new ExposureOpened(2, Text.Parse<PublicPort>("80"), [Text.Parse<VmEndpoint>("vm2:8080")]);
        var hash = new string('c', 64);
        await AppendAsync(sealing, "gateway/gw1", 0, Actor.Configuration, new GatewayAdded(0, Given.Gateway()));
        await AppendAsync(
            sealing,
            "gateway/gw1",
            1,
            Person("operator", "Zoë \"the gate\" \ud83d\ude00"),
            new ChangeProposed(2, "expose vm2:8080 on 80", "launch of the shop", [opened], hash, new Approvals(1, "approver"))
        );
        await AppendAsync(sealing, "gateway/gw2", 0, Actor.Configuration, new ChangeExpired(1));
        await AppendAsync(sealing, "gateway/gw1", 2, Person("approver", "Max"), new ChangeApproved(2, hash));
        await AppendAsync(
            sealing,
            "log",
            0,
            Person("admin", "Ada"),
            new SigningKeyAnnounced(First.Public.ToString(), Second.Public.ToString())
        );
        await AppendAsync(sealing, "gateway/gw1", 3, Person("approver", "Max"), new ChangeDenied(3, "wrong machine"));
        _tree = LogTree.Open(_log, _folder.In("log.tree"));
        await _tree.CatchUpAsync(default);
    }

    public async Task DisposeAsync()
    {
        _tree.Dispose();
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_examples_are_what_the_program_writes()
    {
        var early = SignedNote.Of((await AtAsync(3)).Text, First);
        var change = SignedNote.Of(new KeyChange(First.Public, Second.Public, 5).Text, First, Second);
        var late = SignedNote.Of((await AtAsync(6)).Text, Second);
        using var export = new MemoryStream();
        await LogExport.WriteAsync(export, Origin, _log.ReadTextsAsync(0, default), 6, [early, change, late], null, default);
        var lines = Encoding.UTF8.GetString(export.ToArray());
        Match("log.vkey", $"{First.Public}\n{Second.Public}\n");
        Match("checkpoints.txt", $"{early}\n{change}\n{late}\n");
        Match("export.jsonl", lines);
        Match("records.tlog-proof", await RecordProof.WriteAsync(_log, _tree, late, [2, 4], default));
        Match("growth.txt", await GrowthProof.WriteAsync(_tree, late, 3, default));

        // Each breaks one rule: a record that nothing follows was changed; two streams changed places; the last record is gone.
        var all = lines.Split('\n');
        Match("broken-changed.jsonl", lines.Replace("\"version\":4}", "\"version\":4} ", StringComparison.Ordinal));
        Match("broken-swapped.jsonl", string.Join('\n', [all[0], all[1], all[3], all[2], .. all[4..]]));
        Match("broken-cut.jsonl", string.Join('\n', [all[0].Replace("6}", "5}", StringComparison.Ordinal), .. all[1..6], .. all[7..]]));
        Match("broken-link.jsonl", lines.Replace("\"number\":2,\"planHash\"", "\"number\":7,\"planHash\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sealed_text_is_as_the_document_says()
    {
        using var seal = new TextSeal(FixedKeys.Of("operator"));
        var text = seal.Seal("example-2", "reason", "launch of the shop").ToString();
        Assert.Contains(text, File.ReadAllText(Path.Combine(Checkout.Root, "docs", "log-format.md")), StringComparison.Ordinal);
        Assert.Contains(text, File.ReadAllText(Path.Combine(Folder, "export.jsonl")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("export.jsonl", 0, "whole: 6 records, and 2 checkpoints agree with them.")]
    [InlineData("records.tlog-proof", 0, "proved: 2 records are in the log.")]
    [InlineData("growth.txt", 0, "grown: the log for 6 records begins with the 3 records of the former checkpoint.")]
    [InlineData("broken-changed.jsonl", 1, "records 4 to 6 are not those that were signed")]
    [InlineData("broken-swapped.jsonl", 1, "records 1 to 3 are not those that were signed")]
    [InlineData("broken-cut.jsonl", 1, "record 6 and all after it are missing")]
    [InlineData("broken-link.jsonl", 1, "records 1 to 3 are not those that were signed")]
    public void The_examples_are_what_chatops_verify_says(string file, int code, string words)
    {
        var said = new StringWriter();
        Assert.Equal(
            code,
            Command.Run(
                [
                    Path.Combine(Folder, file),
                    "--key",
                    Path.Combine(Folder, "log.vkey"),
                    "--checkpoint",
                    Path.Combine(Folder, "checkpoints.txt"),
                ],
                said,
                said
            )
        );
        Assert.Contains(words, said.ToString(), StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task A_verifier_in_another_language_says_the_same()
    {
        foreach (
            var file in Directory
                .GetFiles(Folder)
                .Where(f => !f.EndsWith("log.vkey", StringComparison.Ordinal) && !f.EndsWith(".txt", StringComparison.Ordinal))
        )
        {
            var (code, said) = await RunAsync(file);
            Assert.True(code == (Path.GetFileName(file).StartsWith("broken", StringComparison.Ordinal) ? 1 : 0), $"{file}: {code} {said}");
        }
    }

    private static async Task<(int Code, string Said)> RunAsync(string file)
    {
        var script = Path.Combine(Checkout.Root, "tests", "ChatOps.Specs", "Proof", "verify.py");
        string[] line = [script, file, Path.Combine(Folder, "log.vkey"), Path.Combine(Folder, "checkpoints.txt")];
        using var process = Process.Start(
            new ProcessStartInfo("python3", line) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal("", await complained);
        return (process.ExitCode, await said);
    }

    private async Task<Checkpoint> AtAsync(long size) => Checkpoint.Of(Origin, size, await _tree.RootAsync(size, default));

    private static Actor Person(string id, string name) => new("local", id, name);

    private static async Task AppendAsync(ErasableLog log, string stream, long version, Actor actor, GatewayEvent @event)
    {
        var number = await log.ReadTextsAsync(0, default).CountAsync() + 1;
        var record = new NewRecord(FormattableString.Invariant($"example-{number}"), Time.AddMinutes(number), actor, null, null, @event);
        Assert.IsType<AppendResult.Appended>(await log.AppendAsync(stream, version, [record], default));
    }

    // They stand for what others have built on: what is there is never written anew.
    private static void Match(string name, string text)
    {
        var file = Path.Combine(Folder, name);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1" && !File.Exists(file))
            File.WriteAllText(file, text);
        Assert.Equal(File.ReadAllText(file), text);
    }
}
