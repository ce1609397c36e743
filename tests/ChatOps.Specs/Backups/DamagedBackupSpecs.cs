using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using ChatOps.Local.Backups;
using Microsoft.Data.Sqlite;

namespace ChatOps.Specs.Backups;

/// <summary>What is not a whole backup of a log that can be trusted is refused, and nothing is changed.</summary>
public sealed class DamagedBackupSpecs : IAsyncLifetime
{
    private readonly Installation _it = new();

    public async Task InitializeAsync()
    {
        await _it.SayAsync("operator: vm add vm2 400::100:0:0:2 because \"shop\"\napprover: approve 1");
        await _it.BackUpAsync("b.tgz");
    }

    public Task DisposeAsync()
    {
        _it.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task No_byte_can_be_changed_and_no_end_cut_off()
    {
        var bytes = await File.ReadAllBytesAsync(_it.In("b.tgz"));

        // The last bytes are padding and a checksum: cut off there, all parts are whole.
        for (var i = 20; i < bytes.Length - 200; i += bytes.Length / 25)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 0x40;
            // A few bits of the compression stand for nothing: with those changed it is the same backup.
            if (Unzipped(changed)?.SequenceEqual(Unzipped(bytes)!) != true)
                await RefusedAsync(changed);
            await RefusedAsync(bytes[..i]);
        }

        await RefusedAsync("not a backup"u8.ToArray());
        await RefusedAsync([]);
    }

    [Fact]
    public async Task A_part_that_is_not_what_the_manifest_says_is_named() =>
        Assert.Contains(
            "is damaged: log.vkey is not what the manifest says. Nothing was changed.",
            await RefusedAsync(await AlteredAsync("log.vkey", _ => "x"u8.ToArray(), tells: false)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("../evil")]
    [InlineData("/tmp/evil")]
    [InlineData("ssh/../../evil")]
    [InlineData("ssh/.hidden")]
    [InlineData("lock")]
    [InlineData("past.db")]
    public async Task Nothing_is_written_outside_or_that_is_no_part(string name)
    {
        Assert.Contains(
            $"it holds {name}, which does not belong there",
            await RefusedAsync(await AlteredAsync("log.vkey", c => c, as_: name)),
            StringComparison.Ordinal
        );
        Assert.False(File.Exists("/tmp/evil"));
    }

    [Fact]
    public async Task A_log_that_was_rewritten_is_found_also_when_the_manifest_was()
    {
        var altered = await AlteredAsync("log.db", content =>
            With(content, "UPDATE records SET body = replace(body, 'vm2', 'vm3') WHERE position = 2")
        );
        Assert.Contains("cannot be trusted: its text has the hash", await RefusedAsync(altered), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_are_gone_are_found_by_the_checkpoint()
    {
        var altered = await AlteredAsync("log.db", content =>
            With(
                content,
                "DELETE FROM records WHERE position = (SELECT max(position) FROM records); UPDATE sqlite_sequence SET seq = seq - 1"
            )
        );
        Assert.Contains("its log is not the one that its manifest speaks of", await RefusedAsync(altered), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_without_the_names_of_people_is_none()
    {
        var altered = await AlteredAsync("log.people", content => With(content, "DELETE FROM people WHERE person = 'operator'"));
        Assert.Contains(
            "log.people lacks the keys that names and reasons of local:operator are sealed under",
            await RefusedAsync(altered),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_signing_key_of_another_log_is_found()
    {
        using var other = new Installation();
        await other.SayAsync("status");
        var key = await File.ReadAllBytesAsync(other.InData("log.key"));
        Assert.Contains(
            "log.key) is not the last of the public ones",
            await RefusedAsync(await AlteredAsync("log.key", _ => key)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_damaged_log_is_not_backed_up()
    {
        await File.WriteAllBytesAsync(
            _it.InData("log.db"),
            With(
                await File.ReadAllBytesAsync(_it.InData("log.db")),
                "UPDATE records SET body = replace(body, 'vm2', 'vm3') WHERE position = 2"
            )
        );
        var refused = await Assert.ThrowsAsync<BackupException>(() => _it.BackUpAsync("c.tgz"));
        Assert.StartsWith($"no backup was made of {_it.Data}: ", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_it.In("c.tgz")));
    }

    private static byte[]? Unzipped(byte[] backup)
    {
        try
        {
            using var zipped = new GZipStream(new MemoryStream(backup), CompressionMode.Decompress);
            var content = new MemoryStream();
            zipped.CopyTo(content);
            return content.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private async Task<string> RefusedAsync(byte[] backup)
    {
        await File.WriteAllBytesAsync(_it.In("bad.tgz"), backup);
        var before = Directory.GetFileSystemEntries(_it.Data).Order().ToArray();
        var refused = await Assert.ThrowsAsync<BackupException>(() => _it.RestoreAsync("bad.tgz"));
        Assert.Equal(before, Directory.GetFileSystemEntries(_it.Data).Order());
        return refused.Message;
    }

    // The backup with one part changed; unless told otherwise the manifest agrees with it.
    private async Task<byte[]> AlteredAsync(string part, Func<byte[], byte[]> change, bool tells = true, string? as_ = null)
    {
        using var folder = new TempFolder();
        using var staged = new StagedData(Directory.CreateDirectory(folder.In("staged")));
        BackupManifest manifest;
        await using (var from = File.OpenRead(_it.In("b.tgz")))
            manifest = await BackupFile.ReadAsync(from, "b", staged, default);
        await File.WriteAllBytesAsync(staged.In(part), change(await File.ReadAllBytesAsync(staged.In(part))));
        if (tells)
            manifest = manifest with { Parts = [.. BackupFile.PartsIn(staged)] };
        if (as_ is null)
        {
            using var whole = new MemoryStream();
            await BackupFile.WriteAsync(whole, manifest, staged, default);
            return whole.ToArray();
        }

        manifest = manifest with { Parts = [.. manifest.Parts.Select(p => p.Name == part ? p with { Name = as_ } : p)] };
        using var written = new MemoryStream();
        await using (var zipped = new GZipStream(written, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(zipped, TarEntryFormat.Pax))
        {
            await tar.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, BackupManifest.FileName) { DataStream = new MemoryStream(manifest.ToJson()) }
            );
            await tar.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, as_) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes("x")) }
            );
        }

        return written.ToArray();
    }

    private static byte[] With(byte[] database, string sql)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.In("x.db"), database);
        using (var connection = new SqliteConnection($"Data Source={folder.In("x.db")};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                $"PRAGMA journal_mode = DELETE; DROP TRIGGER IF EXISTS records_are_not_changed; DROP TRIGGER IF EXISTS records_are_not_removed; {sql}";
            command.ExecuteNonQuery();
        }

        return File.ReadAllBytes(folder.In("x.db"));
    }
}
