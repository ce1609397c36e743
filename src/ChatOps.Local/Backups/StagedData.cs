using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Proof.Checking;
using ChatOps.Proof.Keeping;
using ChatOps.Proof.Notes;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Local.Backups;

/// <summary>
/// The parts of a backup as files in a folder that nothing uses, to be proved and put right before anybody relies on them.
/// </summary>
internal sealed class StagedData(DirectoryInfo folder) : IDisposable
{
    public DirectoryInfo Folder { get; } = folder;

    public string In(string name) => Path.Combine(Folder.FullName, name);

    /// <summary>
    /// Proves all of it, as <c>audit verify</c> does and more: every record and link, every checkpoint, that the signing keys are those of
    /// the log, and that each name can be read that may be.
    /// </summary>
    /// <exception cref="BackupException">The first thing that is wrong.</exception>
    public async Task<ProvedData> ProveAsync(
        IReadOnlyList<SignedNote> notes,
        IReadOnlyCollection<ForgottenPerson> forgotten,
        CancellationToken cancel
    )
    {
        try
        {
            var all = NotesIn(In(PartNames.Checkpoints)).Concat(notes).ToList();
            await using var log = await SqliteEventLog.OpenAsync(In(PartNames.Log), cancel: cancel);
            var use = await NeededKeys.OfAsync(log, cancel);
            var wasSigned = use.Needed.Count > 0 || use.Forgotten.Length > 0 || all.Count > 0;
            if (await KeyCheck.FaultAsync(new KeyFiles(In(PartNames.Log)), all, wasSigned, cancel) is { } wrong)
                throw new BackupException(wrong);
            var records = await log.ReadTextsAsync(0, cancel).LongCountAsync(cancel);
            var verdict = await VerdictAsync(log, all, records, cancel);
            if (verdict.Fault is { } fault)
                throw new BackupException(fault);
            var later = all.Select(n => Checkpoint.TryParse(n.Text, out var c) && c.Origin == OriginIn(Folder.FullName) ? c.Size : 0)
                .DefaultIfEmpty()
                .Max();
            return new(
                OriginIn(Folder.FullName),
                verdict.Records,
                verdict.Root,
                verdict.Covered,
                Math.Max(0, later - records),
                await PeopleAsync(use, forgotten, cancel),
                use
            );
        }
        catch (LogCorruptException e)
        {
            throw new BackupException(e.Message.Replace(Folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), e);
        }
    }

    /// <summary>Destroys the keys of people who were forgotten, and has the log say so where it does not.</summary>
    /// <param name="writes">False to leave the log as it is.</param>
    /// <returns>Those of whom something was still to be destroyed or to be written.</returns>
    public async Task<IReadOnlyList<ForgottenPerson>> ForgetAsync(
        IEnumerable<ForgottenPerson> forgotten,
        IEnumerable<PersonForgotten> inLog,
        DateTimeOffset now,
        bool writes,
        CancellationToken cancel
    )
    {
        var said = inLog.SelectMany(f => f.Keys).ToHashSet(StringComparer.Ordinal);
        var all = forgotten.ToList();
        var unsaid = all.Where(f => !f.Keys.All(said.Contains)).ToList();
        if (File.Exists(In(PartNames.People)))
        {
            await using var people = SqlitePersonKeys.Open(In(PartNames.People));
            await people.DestroyAsync([.. all.SelectMany(f => f.Keys), .. said], cancel);
        }

        if (!writes || unsaid.Count == 0)
            return unsaid;
        await using var log = await SqliteEventLog.OpenAsync(In(PartNames.Log), cancel: cancel);
        foreach (var person in unsaid)
            await LogStream.WriteAsync(
                log,
                new Origin($"restore:{person.Keys[0]}", Actor.Configuration),
                new PersonForgotten(person.Platform, person.Id, person.Keys),
                now,
                cancel
            );
        return unsaid;
    }

    /// <summary>The notes of a file; none when it is not there.</summary>
    public static IReadOnlyList<SignedNote> NotesIn(string path) =>
        File.Exists(path) ? [.. SignedNote.ReadAll(File.ReadAllText(path)).Where(n => n.Signatures.Length > 0)] : [];

    /// <summary>The name of the log of a folder; empty for one that was never signed.</summary>
    public static string OriginIn(string folder)
    {
        var keys = new ProofFiles(DataFolder.LogIn(folder)).PublicKeys;
        return File.Exists(keys) && NoteKey.TryParse(File.ReadAllText(keys).Split('\n')[0], out var first) ? first.Name : "";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Folder.FullName))
            Folder.Delete(recursive: true);
    }

    // A checkpoint for more records than are here says only that the log went on.
    private async Task<Verdict> VerdictAsync(SqliteEventLog log, List<SignedNote> notes, long records, CancellationToken cancel)
    {
        if (
            !NoteKey.TryParse(
                File.Exists(In("log.vkey")) ? (await File.ReadAllTextAsync(In("log.vkey"), cancel)).Split('\n')[0] : "",
                out var first
            )
        )
            first = SigningKey.Make("unsigned").Public;
        var within = notes.Where(n => !Checkpoint.TryParse(n.Text, out var c) || c.Size <= records).ToList();
        return await new LogCheck(first, within).RunAsync(log.ReadTextsAsync(0, cancel), null, cancel);
    }

    private async Task<int> PeopleAsync(NeededKeys use, IReadOnlyCollection<ForgottenPerson> forgotten, CancellationToken cancel)
    {
        var needed = use with { Needed = use.Needed.RemoveRange(forgotten.SelectMany(f => f.Keys)) };
        if (!File.Exists(In(PartNames.People)))
            return needed.Needed.Count == 0 ? 0 : throw Unnamed(needed.Needed);
        if (SqliteCopy.FaultOf(In(PartNames.People)) is { } damage)
            throw new BackupException($"{PartNames.People}: {damage}");
        await using var people = SqlitePersonKeys.Open(In(PartNames.People));
        var missing = await needed.MissingInAsync(people, cancel);
        return missing.IsEmpty ? needed.Needed.Values.Distinct().Count() : throw Unnamed(missing);
    }

    private static BackupException Unnamed(IEnumerable<KeyValuePair<string, Actor>> people) =>
        new($"{PartNames.People} lacks the keys that names and reasons of {BesideLog.NamesOf(people)} are sealed under");
}

/// <param name="Origin">The log's name; empty for one that was never signed.</param>
/// <param name="Root">The root over them, base64.</param>
/// <param name="Later">How many more a checkpoint from elsewhere speaks of.</param>
/// <param name="People">How many people's names and reasons can be read.</param>
internal sealed record ProvedData(string Origin, long Records, string Root, long Covered, long Later, int People, NeededKeys Use);
