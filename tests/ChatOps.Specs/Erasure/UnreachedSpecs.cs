using ChatOps.Bot.Exports;

namespace ChatOps.Specs.Erasure;

/// <summary>Whoever was forgotten is told of elsewhere too, and people hear where.</summary>
public sealed class UnreachedSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_before_and_is_known_is_named_with_its_place()
    {
        Directory.CreateDirectory(_folder.In("exports"));
        Directory.CreateDirectory(_folder.In("before-restore-20261101-080000"));
        foreach (
            var name in new[]
            {
                "exports/audit.csv",
                "log.db",
                "log.past.db",
                "log.20261101-090000.db",
                "log.20261101-090000.people",
                "log.20261102-090000.db",
            }
        )
            File.WriteAllText(_folder.In(name), "");
        Assert.Equal(
            [
                $"1 export in {_folder.In("exports")}: delete what may not be kept",
                $"logs that were set aside, with their keys, in {_folder.Path}: log.20261101-090000.db, log.20261102-090000.db",
                $"what was put aside by a restore or as lost, in {_folder.Path}: before-restore-20261101-080000",
                "backups, wherever they are: chatops forget-in-backup FILE",
                "exports that were handed on, and other copies of the log that nobody told us of",
            ],
            new Unreached(new ExportFolder(_folder.In("exports"))).Places()
        );
    }

    [Fact]
    public void Where_nothing_is_known_what_only_people_know_is_named() =>
        Assert.Equal(2, new Unreached(new ExportFolder(_folder.In("exports"))).Places().Count());
}
