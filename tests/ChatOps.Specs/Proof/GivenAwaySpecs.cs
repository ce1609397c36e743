using System.Diagnostics;

namespace ChatOps.Specs.Proof;

/// <summary>What is given away of the log, in the hands of somebody who has chatops-verify and nothing else.</summary>
public sealed class GivenAwaySpecs : IAsyncLifetime
{
    private readonly AuditedLog _log = new();

    public async Task InitializeAsync()
    {
        await _log.WriteAsync("gw1 gw2 gw1");
        await _log.WriteAsync("gw1 gw2 gw1 gw2 gw2");
    }

    public Task DisposeAsync()
    {
        _log.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Single_records_are_proved_and_shown_and_no_others()
    {
        await File.WriteAllTextAsync(_log.In("some.tlog-proof"), await _log.WithAsync((_, keeper) => keeper.ProveAsync([2, 5], default)));
        var (code, said) = _log.Check(_log.In("some.tlog-proof"), "--checkpoint", _log.Elsewhere);
        Assert.Equal(0, code);
        Assert.StartsWith("record 2: {\"actor\":{\"id\":\"ann\"", said, StringComparison.Ordinal);
        Assert.Contains("\nrecord 5: {", said, StringComparison.Ordinal);
        Assert.EndsWith("\nproved: 2 records are in the log.\n", said, StringComparison.Ordinal);
        Assert.DoesNotContain("id-3", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_is_one_in_what_is_said_of_an_export()
    {
        using var log = new AuditedLog();
        await log.WriteAsync("gw1");
        await log.ExportAsync();
        Assert.Equal((0, "whole: 1 record, and 1 checkpoint agrees with it.\n"), log.Check(log.In("export.jsonl")));
    }

    [Fact]
    public async Task A_record_that_was_changed_in_its_proof_is_found()
    {
        var proof = await _log.WithAsync((_, keeper) => keeper.ProveAsync([2], default));
        var lines = proof.Split('\n');
        var record = Convert.FromBase64String(lines[1]["extra ".Length..]);
        record[^20] ^= 1;
        lines[1] = $"extra {Convert.ToBase64String(record)}";
        await File.WriteAllLinesAsync(_log.In("changed.tlog-proof"), lines);
        var (code, said) = _log.Check(_log.In("changed.tlog-proof"));
        Assert.Equal(
            (1, "the proof of record 2 does not lead to the checkpoint for 8 records: this record is not in that log at this place.\n"),
            (code, said)
        );
    }

    [Fact]
    public async Task Growth_is_proved_to_who_kept_an_earlier_checkpoint()
    {
        await File.WriteAllTextAsync(_log.In("growth.txt"), await _log.WithAsync((_, keeper) => keeper.ProveGrowthAsync(3, default)));
        Assert.Equal(
            (0, "grown: the log for 8 records begins with the 3 records of the former checkpoint.\n"),
            _log.Check(_log.In("growth.txt"), "--checkpoint", _log.Elsewhere)
        );
        Assert.Equal((1, "give the checkpoint for 3 records that you kept with --checkpoint.\n"), _log.Check(_log.In("growth.txt")));
        Assert.Equal("", await _log.WithAsync((_, keeper) => keeper.ProveGrowthAsync(9, default)));
    }

    [Fact]
    public async Task An_export_that_ends_too_early_is_found()
    {
        Assert.Equal(8, await _log.ExportAsync());
        var lines = (await File.ReadAllLinesAsync(_log.In("export.jsonl"))).ToList();
        lines.RemoveRange(7, lines.Count - 7);
        await File.WriteAllLinesAsync(_log.In("export.jsonl"), lines);
        Assert.Equal((1, "the file says that it has 8 records, and it ends after 6.\n"), _log.Check(_log.In("export.jsonl")));
    }

    [Fact]
    public async Task An_export_without_a_checkpoint_proves_nothing()
    {
        await _log.ExportAsync();
        await File.WriteAllLinesAsync(
            _log.In("export.jsonl"),
            (await File.ReadAllLinesAsync(_log.In("export.jsonl"))).Where(l => !l.StartsWith("{\"note\"", StringComparison.Ordinal))
        );
        var (code, said) = _log.Check(_log.In("export.jsonl"));
        Assert.Equal(1, code);
        Assert.StartsWith("no checkpoint: 8 records follow each other", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_of_another_log_is_refused()
    {
        using var other = new AuditedLog();
        await other.WriteAsync("gw1");
        await _log.ExportAsync();
        var (code, said) = _log.Check(_log.In("export.jsonl"), "--checkpoint", other.Elsewhere);
        Assert.Equal(1, code);
        Assert.StartsWith("a checkpoint is of another log: ", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--keys")]
    [InlineData("no-such-file", "--key", "a+b+c")]
    [InlineData("no-such-file")]
    [InlineData("one", "two")]
    public async Task A_line_that_it_does_not_understand_ends_with_2(params string[] line) => Assert.Equal(2, (await RunAsync(line)).Code);

    [Fact]
    public async Task The_program_by_itself_says_what_it_found_and_ends_with_the_right_code()
    {
        await _log.ExportAsync();
        Assert.Equal(
            (0, "whole: 8 records, and 2 checkpoints agree with them.\n"),
            await RunAsync(_log.In("export.jsonl"), "--key", _log.Files.PublicKeys, "--checkpoint", _log.Elsewhere)
        );
        await File.WriteAllTextAsync(
            _log.In("export.jsonl"),
            (await File.ReadAllTextAsync(_log.In("export.jsonl"))).Replace("plan of id-4", "plan of id-5", StringComparison.Ordinal)
        );
        var (code, said) = await RunAsync(_log.In("export.jsonl"), "--key", await File.ReadAllTextAsync(_log.Files.PublicKeys));
        Assert.Equal(1, code);
        Assert.Contains("does not follow the one before it", said, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] line)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "chatops-verify.dll");
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [program, .. line]) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said + await complained);
    }
}
