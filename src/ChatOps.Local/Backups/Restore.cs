using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Domain.Changes;
using ChatOps.Proof.Notes;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Local.Backups;

/// <summary>Puts a backup in the place of what is in a data folder, after it was proved.</summary>
/// <param name="folder">The data folder, which nobody else has meanwhile.</param>
/// <param name="checkpoints">Checkpoints that lie elsewhere; they too must agree.</param>
internal sealed class Restore(DataFolder folder, IReadOnlyList<SignedNote> checkpoints, TimeProvider clock)
{
    /// <summary>Reads and proves a backup, and puts it in place.</summary>
    /// <param name="replaces">False to prove it only.</param>
    /// <param name="cancel">Gives up; once it is decided to replace, it is done.</param>
    /// <exception cref="BackupException">It is not one that can be restored; nothing was changed.</exception>
    public async Task<Restored> RunAsync(Stream from, string name, bool replaces, Action<string> step, CancellationToken cancel)
    {
        using var staged = new StagedData(DataFolder.Stage(folder.Path, "restore"));
        var manifest = await BackupFile.ReadAsync(from, name, staged, cancel);
        var proved = await ProveAsync(staged, manifest, name, cancel);
        var former = FormerOf(staged);

        // Whoever was forgotten since the backup stays so: the log that is replaced knows, and so does a backup that somebody was taken out
        // of.
        var forgotten = manifest.Forgotten.Concat(former.Forgotten.Select(Forgotten)).DistinctBy(f => string.Join(' ', f.Keys)).ToList();
        if (!replaces)
            return new(manifest, proved, forgotten, former, null);
        var again = await staged.ForgetAsync(forgotten, proved.Use.Forgotten, clock.GetUtcNow(), writes: true, cancel);
        if (File.Exists(staged.In(PartNames.Policy)))
            File.Move(staged.In(PartNames.Policy), staged.In(PartNames.RestoredPolicy));
        step("proved");
        var before = folder.Replace(staged.Folder, clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture), step);
        return new(manifest, proved, again, former, before);
    }

    public static ForgottenPerson Forgotten(PersonForgotten person) => new(person.Platform, person.Id, person.Keys);

    private async Task<ProvedData> ProveAsync(StagedData staged, BackupManifest manifest, string name, CancellationToken cancel)
    {
        if (!File.Exists(staged.In(PartNames.Log)))
            throw new BackupException($"{name} holds no log");
        try
        {
            var proved = await staged.ProveAsync(checkpoints, manifest.Forgotten, cancel);
            return proved.Records == manifest.Log.Records && proved.Root == manifest.Log.Root && proved.Origin == manifest.Log.Origin
                ? proved
                : throw new BackupException("its log is not the one that its manifest speaks of");
        }
        catch (BackupException e)
        {
            throw new BackupException(
                $"{name} cannot be trusted: {e.Message.TrimEnd('.')}. Nothing was changed. Next: take another backup",
                e
            );
        }
    }

    // Of another log nothing is taken over; of a damaged one what can still be read.
    private Former FormerOf(StagedData staged)
    {
        if (!File.Exists(folder.Log))
            return new(0, [], null);
        try
        {
            var (first, forgotten, records) = SqliteCopy.Salvage(folder.Log);
            return first == SqliteCopy.Salvage(staged.In(PartNames.Log)).First ? new(records, forgotten, null) : new(0, [], null);
        }
        catch (IOException e)
        {
            return new(0, [], e.Message);
        }
    }
}

/// <param name="Records">How many records it had; 0 when it was another log or none.</param>
/// <param name="Unread">Why it could not be read; null when it could.</param>
internal sealed record Former(long Records, ImmutableArray<PersonForgotten> Forgotten, string? Unread);

/// <param name="Forgotten">Who was forgotten after the backup was made, and is so again.</param>
/// <param name="Before">The folder with what was there; null when there was nothing, or nothing was replaced.</param>
internal sealed record Restored(
    BackupManifest Manifest,
    ProvedData Proved,
    IReadOnlyList<ForgottenPerson> Forgotten,
    Former Former,
    string? Before
);
