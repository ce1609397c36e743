using System.CommandLine;
using ChatOps.Local.Backups;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Local.Commands;

/// <summary><c>chatops forget-in-backup FILE...</c>: takes the keys of people who were forgotten out of older backups.</summary>
internal static class ForgetInBackupCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "backups that were made before somebody was forgotten",
            Arity = ArgumentArity.OneOrMore,
        };
        var data = BackupOptions.Data();
        var command = new Command(
            "forget-in-backup",
            "Takes the keys of everybody who was forgotten out of backups, so that they cannot bring anybody back. The service may run meanwhile."
        )
        {
            files,
            data,
        };
        command.SetAction(parsed => BackupOptions.RunAsync(cancel => RunAsync(parsed.GetValue(files)!, parsed.GetValue(data)!, cancel)));
        return command;
    }

    /// <summary>Does it, file by file: each is as it was or done.</summary>
    public static async Task<int> RunAsync(string[] files, string data, CancellationToken cancel)
    {
        var (first, forgotten, _) = SqliteCopy.Salvage(DataFolder.LogIn(data));
        foreach (var file in files)
        {
            using var staged = new StagedData(DataFolder.Stage(data, "forget"));
            BackupManifest manifest;
            await using (var from = File.OpenRead(file))
                manifest = await BackupFile.ReadAsync(from, file, staged, cancel);
            if (SqliteCopy.Salvage(staged.In(PartNames.Log)).First != first)
                throw new BackupException($"{file} is a backup of another log than that of {data}. It was not changed");
            var proved = await staged.ProveAsync([], manifest.Forgotten, cancel);
            var added = await staged.ForgetAsync(
                forgotten.Select(Restore.Forgotten),
                proved.Use.Forgotten,
                TimeProvider.System.GetUtcNow(),
                writes: false,
                cancel
            );
            var all = manifest.Forgotten.Concat(added).DistinctBy(f => string.Join(' ', f.Keys)).ToList();
            await BackupFile.WriteAsync(
                file,
                manifest with
                {
                    Parts = [.. BackupFile.PartsIn(staged)],
                    Forgotten = [.. all],
                },
                staged,
                replaces: true,
                cancel
            );
            Console.WriteLine(
                $"{file} · {(all.Count == 0 ? "nobody was forgotten after it was made" : $"cannot bring back {string.Join(", ", all.Select(f => $"{f.Platform}:{f.Id}"))}")}"
            );
        }

        return 0;
    }
}
