using ChatOps.Hosting;
using ChatOps.Proof.Keeping;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Local.Backups;

/// <summary>Makes backups of a data folder, also while a service works in it.</summary>
/// <param name="Policy">The policy file; null for none.</param>
/// <param name="Checkpoints">The file of checkpoints; null for the one beside the log.</param>
internal sealed record Backup(string Data, string? Policy, string? Checkpoints, TimeProvider Clock)
{
    private const int Tries = 5;

    public static string Program => ProgramVersion.Current;

    /// <summary>
    /// Copies all parts and proves the copy. Somebody may be forgotten or the key changed between one part and the next: what does not fit
    /// together is taken once more.
    /// </summary>
    /// <param name="write">Writes what was proved.</param>
    /// <exception cref="BackupException">There is nothing to back up, or it cannot be proved.</exception>
    public async Task<BackupManifest> MakeAsync(Func<BackupManifest, StagedData, Task> write, CancellationToken cancel)
    {
        if (!File.Exists(DataFolder.LogIn(Data)))
            throw new BackupException($"{Data}: there is no log.db. Next: name the data folder by --data");
        for (var attempt = 1; ; attempt++)
        {
            using var staged = new StagedData(DataFolder.Stage(Data, "backup"));
            if (await ManifestOfAsync(staged, attempt == Tries, cancel) is not { } manifest)
                continue;
            await write(manifest, staged);
            return manifest;
        }
    }

    // Null when it is worth another try.
    private async Task<BackupManifest?> ManifestOfAsync(StagedData staged, bool isLast, CancellationToken cancel)
    {
        try
        {
            TakeParts(staged);
            var proved = await staged.ProveAsync([], [], cancel);
            await staged.ForgetAsync([], proved.Use.Forgotten, Clock.GetUtcNow(), writes: false, cancel);
            var log = new BackupLog(proved.Origin, proved.Records, proved.Root, proved.People);
            return new BackupManifest(BackupManifest.Current, Clock.GetUtcNow(), Program, log, [.. BackupFile.PartsIn(staged)], []);
        }
        catch (Exception e) when (e is BackupException or IOException)
        {
            return isLast ? throw new BackupException($"no backup was made of {Data}: {e.Message}", e) : null;
        }
    }

    // What speaks of the log comes before it, so that it is not ahead of it; the keys of people after it, so that they are not behind.
    private void TakeParts(StagedData staged)
    {
        foreach (var name in PartNames.Keys)
            Take(Path.Combine(Data, name), staged.In(name));
        Take(Checkpoints ?? new ProofFiles(DataFolder.LogIn(Data)).Checkpoints, staged.In(PartNames.Checkpoints));
        SqliteCopy.Make(DataFolder.LogIn(Data), staged.In(PartNames.Log));
        foreach (var name in new[] { PartNames.People, PartNames.Notes })
        {
            if (File.Exists(Path.Combine(Data, name)))
                SqliteCopy.Make(Path.Combine(Data, name), staged.In(name));
        }

        if (Policy is not null)
            Take(Policy, staged.In(PartNames.Policy));
        var ssh = Path.Combine(Data, PartNames.Ssh);
        foreach (var file in Directory.Exists(ssh) ? Directory.EnumerateFiles(ssh) : [])
        {
            var name = $"{PartNames.Ssh}/{Path.GetFileName(file)}";
            if (PartNames.WhatIs(name) is not null)
                Take(file, staged.In(name));
        }
    }

    private static void Take(string from, string to)
    {
        if (!File.Exists(from))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(to)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new FileStream(
            to,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        source.CopyTo(copy);
    }
}
