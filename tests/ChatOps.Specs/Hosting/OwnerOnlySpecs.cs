using ChatOps.Local.Backups;
using ChatOps.Specs.Discord;
using ChatOps.Storage.ReadModels;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatOps.Specs.Hosting;

/// <summary>What a log is made of is its owner's alone.</summary>
public sealed class OwnerOnlySpecs : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody =
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TempFolder _folder = new();

    private string Data => _folder.In("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_file_is_made_so_that_nobody_else_reads_it_and_one_that_was_wider_is_made_so()
    {
        DataFolder.Open(Data).Dispose();
        await MakeAsync();
        var made = Directory.GetFiles(Data);
        string[] expected = ["log.db", "log.people", "log.key", "log.vkey", "log.checkpoints", "log.tree", "log.past.db", "discord.db"];
        Assert.Superset(expected.ToHashSet(), made.Select(f => Path.GetFileName(f)).ToHashSet());
        Assert.All(made, f => Assert.Equal(Private, File.GetUnixFileMode(f)));
        foreach (var file in made)
            File.SetUnixFileMode(file, Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        DataFolder.Open(Data).Dispose();
        Assert.All(made.Where(f => Path.GetFileName(f) != "lock"), f => Assert.Equal(Private, File.GetUnixFileMode(f)));
    }

    [Fact]
    public void A_folder_that_others_can_look_into_is_named()
    {
        DataFolder.Open(Data).Dispose();
        Assert.Equal(Private | UnixFileMode.UserExecute, File.GetUnixFileMode(Data));
        Assert.Null(DataFolder.WiderThanOwner(Data));
        File.SetUnixFileMode(Data, Private | UnixFileMode.UserExecute | Everybody);
        Assert.Equal($"{Data} is open to others on this machine (mode 755). Next: chmod 700 {Data}", DataFolder.WiderThanOwner(Data));
    }

    private async Task MakeAsync()
    {
        var path = DataFolder.LogIn(Data);
        await using var stored = await SqliteEventLog.OpenAsync(path);
        await using var proved = await ProvedLog.OpenAsync(stored, path, _folder.In("exports"), NullLoggerFactory.Instance);
        await using var past = new SqliteReadModel(Path.ChangeExtension(path, "past.db"), stored);
        using var notes = SqliteNotes.Open(DataFolder.NotesIn(Data));
        notes.Put("a", "b");
        await Audit.PortStory.TellAsync(proved.Events, 3);
        await proved.Keeping.Signer.CheckpointAsync(default);
        Assert.NotEmpty((await past.FindAsync(new(), 1, 10, default)).Lines);
        Assert.All(Directory.GetFiles(Data), f => Assert.Equal(Private, File.GetUnixFileMode(f)));
    }
}
