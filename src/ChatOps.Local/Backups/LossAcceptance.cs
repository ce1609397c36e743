using System.Globalization;
using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Proof.Checking;
using ChatOps.Proof.Keeping;
using ChatOps.Proof.Notes;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Local.Backups;

/// <summary>
/// Makes a log usable again whose keys are lost for good. The log says whose names are: they are forgotten. A signing key that is lost, or
/// a log that is not all that was signed, gets a new key under a new name, so that nothing signed from now on is taken for a continuation.
/// </summary>
/// <param name="checkpoints">The file for checkpoints that lies elsewhere; null for none.</param>
internal sealed class LossAcceptance(DataFolder folder, string? checkpoints, TimeProvider clock)
{
    /// <summary>Does it, and says what it came to, a line each.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancel)
    {
        if (!File.Exists(folder.Log))
            throw new BackupException($"{folder.Path}: there is no log.db. Next: name the data folder by --data");
        var said = new List<string>();
        await using var log = await SqliteEventLog.OpenAsync(folder.Log, cancel: cancel);
        var use = await NeededKeys.OfAsync(log, cancel);
        if (await BesideLog.PeopleFaultAsync(use, folder.Files.People, cancel) is { } people)
            said.Add($"{people}. {await ForgetAsync(log, use, cancel)}");
        if ((await BesideLog.SigningFaultAsync(use, folder.Files, cancel) ?? await LogFaultAsync(log, cancel)) is { } signing)
            said.Add($"{signing}. {await NewKeyAsync(cancel)}");
        return said.Count > 0 ? said : [$"{folder.Path}: nothing is lost, and nothing was changed"];
    }

    private async Task<string> ForgetAsync(SqliteEventLog log, NeededKeys use, CancellationToken cancel)
    {
        if (File.Exists(folder.Files.People) && SqliteCopy.FaultOf(folder.Files.People) is not null)
            SetAside(folder.Files.People);
        await using var people = SqlitePersonKeys.Open(folder.Files.People);
        var lost = await use.MissingInAsync(people, cancel);
        foreach (var person in lost.GroupBy(p => (p.Value.Platform, p.Value.Id)))
        {
            var keys = person.Select(p => p.Key).Order(StringComparer.Ordinal).ToArray();
            await LogStream.WriteAsync(
                log,
                new Origin($"loss:{keys[0]}", Actor.Configuration),
                new PersonForgotten(person.Key.Platform, person.Key.Id, [.. keys]),
                clock.GetUtcNow(),
                cancel
            );
        }

        return $"Their names and reasons up to now read {SealedText.Erased} for ever, and the log says so";
    }

    private async Task<string?> LogFaultAsync(SqliteEventLog log, CancellationToken cancel)
    {
        if (
            !File.Exists(folder.Files.PublicKeys)
            || !NoteKey.TryParse((await File.ReadAllTextAsync(folder.Files.PublicKeys, cancel)).Split('\n')[0], out var first)
        )
            return null;
        var notes = StagedData
            .NotesIn(folder.Files.Checkpoints)
            .Concat(checkpoints is null ? [] : StagedData.NotesIn(checkpoints))
            .ToList();
        return (await new LogCheck(first, notes).RunAsync(log.ReadTextsAsync(0, cancel), null, cancel)).Fault?.TrimEnd('.');
    }

    private async Task<string> NewKeyAsync(CancellationToken cancel)
    {
        foreach (
            var file in new[]
            {
                folder.Files.Key,
                $"{folder.Files.Key}.next",
                folder.Files.PublicKeys,
                folder.Files.Checkpoints,
                folder.Files.Tree,
            }.Where(File.Exists)
        )
            SetAside(file);
        var key = await KeyCheck.MakeAsync(new KeyFiles(folder.Log), cancel);
        return $"What is signed from now on is signed under a new name; what was signed before is another log's. Next: give whoever checks the new key: {key}";
    }

    private void SetAside(string file)
    {
        var stamp = clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        File.Move(file, Path.Combine(folder.Path, $"lost-{stamp}-{Path.GetFileName(file)}"), overwrite: true);
    }
}
