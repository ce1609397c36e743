using System.Diagnostics;
using ChatOps.Bot.Configuration;
using ChatOps.Local.Backups;

namespace ChatOps.Specs.Backups;

/// <summary>A backup is taken while the edition runs, and brings back all of it elsewhere.</summary>
public sealed class BackupSpecs : IDisposable
{
    private const string First = "operator: vm add vm2 400::100:0:0:2 because \"the birthday shop\"\napprover: approve 1";

    private readonly Installation _it = new();

    public void Dispose() => _it.Dispose();

    [Fact]
    public async Task What_was_said_is_there_again_in_an_empty_folder_with_its_names_and_proofs()
    {
        Directory.CreateDirectory(_it.InData("ssh"));
        await File.WriteAllTextAsync(_it.InData("ssh/id_ed25519"), "a private key");
        var manifest = (BackupManifest?)null;
        await _it.SayAsync(First, async () => manifest = await _it.BackUpAsync("b.tgz"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_it.In("b.tgz")));
        Assert.Equal(
            ["log.db", "log.key", "log.people", "log.vkey", "policy.json", "ssh/id_ed25519"],
            manifest!.Parts.Select(p => p.Name).Where(n => n != "log.checkpoints").Order()
        );
        Assert.Equal(2, manifest.Log.People);
        Assert.Empty(Directory.GetDirectories(_it.Data, "*.new"));

        var restored = await _it.RestoreAsync("b.tgz", _it.In("other"));
        Assert.Null(restored.Before);
        Assert.Equal("a private key", await File.ReadAllTextAsync(_it.In("other/ssh/id_ed25519")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_it.In("other/log.people")));
        Assert.True(File.Exists(_it.In("other/policy.from-backup.json")));
        var said = await Installation.SayInAsync(
            _it.In("other"),
            "show 1\naudit verify\noperator: expose vm2:8080 on 80\napprover: approve 2"
        );
        Assert.Contains("because \"the birthday shop\"", said, StringComparison.Ordinal);
        Assert.DoesNotContain("(erased)", said, StringComparison.Ordinal);
        Assert.Contains("the log is whole", said, StringComparison.Ordinal);
        Assert.Contains("confirmed", said, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(_it.InData("log.vkey")), await File.ReadAllTextAsync(_it.In("other/log.vkey")));
    }

    [Fact]
    public async Task Other_tools_can_list_it()
    {
        await _it.SayAsync(First, () => _it.BackUpAsync("b.tgz"));
        using var tar = Process.Start(new ProcessStartInfo("tar", ["-tzf", _it.In("b.tgz")]) { RedirectStandardOutput = true })!;
        Assert.StartsWith("manifest.json\nlog.", await tar.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_taken_over_and_over_while_people_speak_are_forgotten_and_keys_change()
    {
        await _it.SayAsync(First);
        using var over = new CancellationTokenSource();
        var taken = 0;
        var taking = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested || taken == 0)
                await _it.BackUpAsync($"b{++taken}.tgz");
        });
        var lines = string.Join(
            '\n',
            Enumerable
                .Range(0, 12)
                .Select(i =>
                    $"operator: vm add m{i} 400::{i + 10} because \"no {i}\"\naudit rotate key\napprover: deny {i + 2} because \"{i}\"\nforget operator\nforget approver"
                )
        );
        await _it.SayAsync(lines);
        await over.CancelAsync();
        await taking;
        for (var i = 1; i <= taken; i++)
        {
            var restored = await _it.RestoreAsync($"b{i}.tgz", _it.In($"other{i}"));
            Assert.Empty(restored.Forgotten);
            await Installation.SayInAsync(_it.In($"other{i}"), "audit verify");
        }
    }

    [Fact]
    public async Task What_was_there_is_kept_aside_and_what_the_backup_lacks_is_said()
    {
        await _it.SayAsync(First, () => _it.BackUpAsync("b.tgz"));
        await _it.SayAsync("operator: expose vm2:8080 on 80\napprover: approve 2");
        var restored = await _it.RestoreAsync("b.tgz");
        Assert.True(restored.Former.Records > restored.Proved.Records);
        Assert.True(File.Exists(Path.Combine(restored.Before!, "log.db")));
        Assert.DoesNotContain("#2", await _it.SayAsync("pending\nshow 1"), StringComparison.Ordinal);

        // And back again: nothing was lost by it.
        Directory.Move(_it.Data, _it.In("gone"));
        Directory.Move(Path.Combine(_it.In("gone"), Path.GetFileName(restored.Before!)), _it.Data);
        Assert.Contains("#2 · open tcp 80", await _it.SayAsync("show 2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_in_which_something_runs_is_left_alone()
    {
        await _it.SayAsync(First, () => _it.BackUpAsync("b.tgz"));
        using var running = DataFolder.Open(_it.Data);
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => _it.RestoreAsync("b.tgz"));
        Assert.Contains("another chatops has this folder. Next: end it first", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_anywhere_it_has_restored_all_or_nothing()
    {
        await _it.SayAsync(First, () => _it.BackUpAsync("b.tgz"));
        await _it.SayAsync("operator: expose vm2:8080 on 80\napprover: approve 2");
        var steps = new List<string>();
        await _it.RestoreAsync("b.tgz", _it.Data, step: step =>
        {
            steps.Add(step);
            Installation.Copy(_it.Data, _it.In($"killed{steps.Count}"));
        });
        Assert.Equal(["proved", "drafted", "decided"], steps[..3]);
        Assert.True(steps.Count > 10);
        for (var i = 1; i <= steps.Count; i++)
        {
            var killed = _it.In($"killed{i}");
            using (DataFolder.Open(killed))
            {
                // The next start.
            }

            Assert.Empty(Directory.GetFileSystemEntries(killed, "*.new"));
            var isNew = i >= 3;
            Assert.Equal(isNew, Directory.GetDirectories(killed, $"{DataFolder.Before}*").Length == 1);
            var said = await Installation.SayInAsync(killed, "audit verify\nshow 1");
            Assert.Contains("the birthday shop", said, StringComparison.Ordinal);
            Assert.Contains("the log is whole", said, StringComparison.Ordinal);
            Assert.Equal(!isNew, (await Installation.SayInAsync(killed, "show 2")).Contains("open tcp 80", StringComparison.Ordinal));
        }
    }
}
