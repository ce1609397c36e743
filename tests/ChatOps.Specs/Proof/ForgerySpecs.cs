using System.Globalization;
using System.Text.Json;
using ChatOps.Core.Application.Ports;
using ChatOps.Hosting;
using ChatOps.Proof.Keeping;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Specs.Proof;

/// <summary>
/// Every way in which a log can be forged is found by <c>audit verify</c>, and by chatops-verify with nothing but an export and a
/// checkpoint that lay elsewhere. The forger may do anything to the folder of the log, also with the keys that lie there.
/// </summary>
public sealed class ForgerySpecs : IAsyncLifetime
{
    private readonly AuditedLog _log = new();

    // Positions 1 to 4 are under one checkpoint, 5 to 8 under the next.
    public async Task InitializeAsync()
    {
        await _log.WriteAsync("gw1 gw2 gw1 gw2");
        await _log.WriteAsync("gw1 gw1 gw2 gw1");
    }

    public Task DisposeAsync()
    {
        _log.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_log_that_nobody_touched_is_whole()
    {
        var verdict = await _log.VerifyAsync();
        Assert.Null(verdict.Fault);
        Assert.Equal((8, 2, 8), (verdict.Records, verdict.Checkpoints, verdict.Covered));
        await _log.ExportAsync();
        var (code, said) = _log.Check(_log.In("export.jsonl"), "--checkpoint", _log.Elsewhere);
        Assert.Equal((0, "whole: 8 records, and 2 checkpoints agree with them.\n"), (code, said));
    }

    [Fact]
    public async Task A_changed_byte_is_found_and_its_record_named()
    {
        await using var open = await SqliteEventLog.OpenAsync(_log.LogFile);
        _log.Attack("UPDATE records SET body = replace(body, 'Ann', 'Bob') WHERE position = 6");
        await Assert.ThrowsAsync<LogCorruptException>(() => SqliteEventLog.OpenAsync(_log.LogFile));
        await FoundWhileOpenAsync(open, "record 6 (gateway/gw1 version 4, id id-6, position 6) cannot be trusted: its text has the hash ");
    }

    [Fact]
    public async Task A_removed_record_is_found_and_named()
    {
        await using var open = await SqliteEventLog.OpenAsync(_log.LogFile);
        _log.Attack("DELETE FROM records WHERE position = 3");
        await FoundWhileOpenAsync(
            open,
            "(gateway/gw1 version 3, id id-5, position 5) cannot be trusted: version 2 of its stream is missing before it"
        );
    }

    [Fact]
    public async Task The_last_record_of_a_stream_cannot_be_removed_either()
    {
        await using var open = await SqliteEventLog.OpenAsync(_log.LogFile);
        _log.Attack("DELETE FROM records WHERE position = 7");
        await FoundWhileOpenAsync(open, "record 8 and all after it are missing: a checkpoint was signed for 8 records, and the log has 7");
    }

    [Fact]
    public async Task A_record_that_was_removed_with_all_that_depends_on_it_made_to_fit_is_found()
    {
        Forger.Rewrite(_log, records => records.RemoveAt(1));
        await FoundAsync("records 1 to 4 are not those that were signed", "put in another order");
        await FoundByAuditorAsync("records 1 to 4 are not those that were signed");
    }

    [Fact]
    public async Task One_record_is_one_in_what_is_said_of_it()
    {
        using var log = new AuditedLog();
        await log.WriteAsync("gw1");
        await log.WriteAsync("gw2");
        Forger.Rewrite(log, records => records[1]["actor"]!["name"] = "Bob");
        var fault = (await log.VerifyAsync()).Fault!;
        Assert.StartsWith("record 2 is not the one that was signed: the checkpoint for 2 records ", fault, StringComparison.Ordinal);
        Assert.EndsWith(". The first is as it was signed", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_that_were_swapped_between_streams_are_found()
    {
        Forger.Rewrite(_log, records => (records[5], records[6]) = (records[6], records[5]));
        await FoundAsync("records 5 to 8 are not those that were signed", "put in another order", "The first 4 are as they were signed");
        await FoundByAuditorAsync("records 5 to 8 are not those that were signed");
    }

    [Fact]
    public async Task Two_that_were_swapped_in_a_stream_are_found()
    {
        Forger.Rewrite(_log, records => (records[4], records[5]) = (records[5], records[4]));
        await FoundAsync("records 5 to 8 are not those that were signed");
        await FoundByAuditorAsync("records 5 to 8 are not those that were signed");
    }

    [Fact]
    public async Task A_tail_that_was_cut_off_is_found()
    {
        Forger.Rewrite(_log, records => records.RemoveRange(6, 2));
        await FoundAsync("record 7 and all after it are missing: a checkpoint was signed for 8 records, and the log has 6");
        ExportedByTheForger();
        Assert.Contains("record 7 and all after it are missing", Failed("--checkpoint", _log.Elsewhere), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_that_was_written_anew_with_all_its_hashes_is_found()
    {
        Forger.Rewrite(_log, records => records[2]["actor"]!["name"] = "Bob");
        await FoundAsync("records 1 to 4 are not those that were signed", "they were written anew");
        await FoundByAuditorAsync("records 1 to 4 are not those that were signed");
    }

    [Fact]
    public async Task A_history_that_was_written_anew_and_signed_anew_with_the_stolen_key_is_found()
    {
        // No checkpoint is left in the folder, and the forger signs the new history with the right key.
        Forger.Rewrite(_log, records => records[2]["actor"]!["name"] = "Bob");
        File.Delete(_log.Files.Checkpoints);
        File.Delete(_log.Files.Tree);
        Assert.NotNull(await _log.WithAsync((_, keeper) => keeper.CheckpointAsync(default), alsoElsewhere: false));
        await FoundAsync("records 1 to 4 are not those that were signed");
        ExportedByTheForger();
        Assert.Equal(0, _log.Check(_log.In("export.jsonl")).Code);
        Assert.Contains("records 1 to 4 are not those that were signed", Failed("--checkpoint", _log.Elsewhere), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_copy_that_was_put_back_is_found()
    {
        using var copy = new TempFolder();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_log.LogFile)!))
            File.Copy(file, copy.In(Path.GetFileName(file)));
        await _log.WriteAsync("gw2");
        foreach (var file in Directory.GetFiles(copy.Path))
            File.Copy(file, _log.In(Path.GetFileName(file)), overwrite: true);
        await FoundAsync(
            "record 9 and all after it are missing: a checkpoint was signed for 9 records, and the log has 8",
            "or an older copy was put back"
        );

        // Written on as if nothing were, it is not signed any more.
        await Assert.ThrowsAsync<LogCorruptException>(() => _log.WriteAsync("gw1 gw1"));
        await FoundAsync("record 9 is not the one that was signed");
    }

    [Fact]
    public async Task A_checkpoint_that_somebody_else_signed_is_found()
    {
        using var other = new AuditedLog();
        var note = await other.WriteAsync("gw1");
        var origin = (await _log.WithAsync((_, keeper) => Task.FromResult(keeper.FirstKey))).Name;
        var lines = note!.ToString().Split('\n');
        await File.AppendAllTextAsync(
            _log.Files.Checkpoints,
            string.Create(CultureInfo.InvariantCulture, $"{origin}\n{8}\n{lines[2]}\n\n{lines[4]}\n")
        );
        await FoundAsync("the checkpoint for 8 records is not signed by the key of this log at that size");
    }

    [Fact]
    public async Task Checkpoints_of_another_log_are_left_out_and_counted()
    {
        using var other = new AuditedLog();
        await other.WriteAsync("gw1");
        await File.AppendAllTextAsync(_log.Elsewhere, await File.ReadAllTextAsync(other.Elsewhere));
        var verdict = await _log.VerifyAsync();
        Assert.Equal((null, 1), (verdict.Fault, verdict.Foreign));
    }

    private async Task FoundAsync(params string[] words)
    {
        var fault = (await _log.VerifyAsync()).Fault;
        Assert.All(words, w => Assert.Contains(w, fault, StringComparison.Ordinal));
    }

    private async Task FoundWhileOpenAsync(SqliteEventLog open, string words)
    {
        ICheckpointSink[] sinks = [new FileCheckpointSink(_log.Elsewhere)];
        using var keeper = await CheckpointSigner.OpenAsync(
            open,
            new KeyFiles(_log.LogFile),
            _log.Files.Tree,
            sinks,
            KeeperOptions.Default,
            TimeProvider.System,
            SentenceLog.To(_log.Complaints.Add),
            default
        );
        Assert.Contains(words, (await keeper.VerifyAsync(null, default)).Fault, StringComparison.Ordinal);
    }

    // The keeper of the log signs nothing that does not go on from before, so a forger has to write the export himself.
    private async Task FoundByAuditorAsync(string words)
    {
        await Assert.ThrowsAsync<LogCorruptException>(() => _log.WithAsync((_, keeper) => keeper.CheckpointAsync(default)));
        ExportedByTheForger();
        Assert.Contains(words, Failed("--checkpoint", _log.Elsewhere), StringComparison.Ordinal);
    }

    private void ExportedByTheForger()
    {
        var origin = File.ReadAllText(_log.Files.PublicKeys).Split('+')[0];
        var bodies = new List<string>();
        using (var connection = new SqliteConnection($"Data Source={_log.LogFile};Pooling=false"))
        {
            connection.Open();
            using var select = connection.CreateCommand();
            select.CommandText = "SELECT body FROM records ORDER BY position";
            using var reader = select.ExecuteReader();
            while (reader.Read())
                bodies.Add(reader.GetString(0));
        }

        var note = JsonSerializer.Serialize(File.Exists(_log.Files.Checkpoints) ? File.ReadAllText(_log.Files.Checkpoints) : "");
        File.WriteAllLines(
            _log.In("export.jsonl"),
            [$$"""{"export":"chatops-log-v1","origin":"{{origin}}","records":{{bodies.Count}}}""", .. bodies, $$"""{"note":{{note}}}"""]
        );
    }

    private string Failed(params string[] more)
    {
        var (code, said) = _log.Check(_log.In("export.jsonl"), more);
        Assert.Equal(1, code);
        return said;
    }
}
