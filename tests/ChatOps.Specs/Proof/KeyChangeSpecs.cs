using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Proof.Notes;
using ChatOps.Specs.Storage;

namespace ChatOps.Specs.Proof;

/// <summary>
/// Whoever was given the first key can follow the log through every change of key, and an old key is worth nothing afterwards.
/// </summary>
public sealed class KeyChangeSpecs : IDisposable
{
    private static readonly Origin By = new("line-1", Sample.Ann, "line-1");

    private readonly AuditedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Only_the_owner_reads_the_key()
    {
        await _log.WriteAsync("gw1");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_log.Files.Key));
        Assert.DoesNotContain("PRIVATE", _log.Key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_key_is_announced_under_the_old_one_in_the_log_and_in_a_note_of_both()
    {
        await _log.WriteAsync("gw1 gw2");
        var (first, second) = await ChangeAsync();
        await _log.WriteAsync("gw1");
        var verdict = await _log.VerifyAsync();
        Assert.Equal((null, 4, 4), (verdict.Fault, verdict.Records, verdict.Covered));

        var note = SignedNote.ReadAll(await File.ReadAllTextAsync(_log.Elsewhere)).Single(n => KeyChange.TryParse(n.Text, out _));
        Assert.True(note.IsSignedBy(first) && note.IsSignedBy(second));
        await _log.ExportAsync();
        Assert.Equal((0, "whole: 4 records, and 3 checkpoints agree with them.\n"), _log.Check(_log.In("export.jsonl")));
    }

    [Fact]
    public async Task Without_the_announcement_the_new_key_is_nobody()
    {
        await _log.WriteAsync("gw1 gw2");
        await ChangeAsync();
        await _log.WriteAsync("gw1");
        await _log.ExportAsync();
        var lines = (await File.ReadAllLinesAsync(_log.In("export.jsonl"))).Where(l => !l.Contains("key change", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(_log.In("export.jsonl"), lines);
        Assert.Contains(
            "is not signed by the key that the log had at that size",
            _log.Check(_log.In("export.jsonl")).Said,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_old_key_signs_nothing_that_counts_any_more()
    {
        await _log.WriteAsync("gw1 gw2");
        var stolen = _log.Key;
        await ChangeAsync();
        var note = await _log.WriteAsync("gw1");
        await File.AppendAllTextAsync(_log.Elsewhere, SignedNote.Of(note!.Text, stolen).ToString());
        Assert.Contains(
            "the checkpoint for 4 records is not signed by the key of this log at that size",
            (await _log.VerifyAsync()).Fault,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Two_announcements_of_one_key_show_that_it_was_stolen()
    {
        await _log.WriteAsync("gw1 gw2");
        var stolen = _log.Key;
        await ChangeAsync();
        var thief = SigningKey.Make(stolen.Public.Name);
        var claim = SignedNote.Of(new KeyChange(stolen.Public, thief.Public, 3).Text, stolen, thief);
        await File.AppendAllTextAsync(_log.Elsewhere, claim.ToString());
        Assert.Contains("has announced more than one other", (await _log.VerifyAsync()).Fault, StringComparison.Ordinal);
        await _log.ExportAsync();
        Assert.Contains(
            "has announced more than one other",
            _log.Check(_log.In("export.jsonl"), "--checkpoint", _log.Elsewhere).Said,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_change_that_was_cut_short_after_its_event_is_finished_by_the_next_process()
    {
        await _log.WriteAsync("gw1 gw2");
        var former = _log.Key.Public;
        var next = SigningKey.Make(former.Name);
        await File.WriteAllTextAsync(_log.Files.Key + ".next", next.Secret);
        await _log.WithAsync(
            (log, _) =>
                LogStream
                    .WriteAsync(log, By, new SigningKeyAnnounced(former.ToString(), next.Public.ToString()), Sample.Noon, default)
                    .ContinueWith(_ => 0, TaskScheduler.Default)
        );
        // Opening it has dropped the key, which was not announced then; so it is put there once more.
        await File.WriteAllTextAsync(_log.Files.Key + ".next", next.Secret);
        await _log.WriteAsync("gw1");
        Assert.Equal(next.Public, _log.Key.Public);
        Assert.False(File.Exists(_log.Files.Key + ".next"));
        Assert.Equal((null, 4), ((await _log.VerifyAsync()).Fault, (await _log.VerifyAsync()).Covered));
    }

    [Fact]
    public async Task A_change_that_was_cut_short_with_both_keys_the_same_is_finished()
    {
        await _log.WriteAsync("gw1 gw2");
        var (_, second) = await ChangeAsync();
        await File.WriteAllTextAsync(_log.Files.Key + ".next", _log.Key.Secret);
        await _log.WriteAsync("gw1");
        Assert.Equal(second, _log.Key.Public);
        Assert.False(File.Exists(_log.Files.Key + ".next"));
        Assert.Null((await _log.VerifyAsync()).Fault);
    }

    [Fact]
    public async Task A_change_that_was_cut_short_before_its_event_never_was()
    {
        await _log.WriteAsync("gw1 gw2");
        var former = _log.Key.Public;
        await File.WriteAllTextAsync(_log.Files.Key + ".next", SigningKey.Make(former.Name).Secret);
        await _log.WriteAsync("gw1");
        Assert.Equal(former, _log.Key.Public);
        Assert.False(File.Exists(_log.Files.Key + ".next"));
        Assert.Null((await _log.VerifyAsync()).Fault);
    }

    private Task<(NoteKey First, NoteKey Second)> ChangeAsync() =>
        _log.WithAsync(async (log, keeper) => (keeper.FirstKey, await keeper.ChangeKeyAsync(log, By, default)));
}
