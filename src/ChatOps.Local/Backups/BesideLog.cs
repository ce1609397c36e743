using ChatOps.Bot.Configuration;
using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Ports;
using ChatOps.Proof.Keeping;
using ChatOps.Storage.Sqlite;
using ChatOps.Storage.Starting;

namespace ChatOps.Local.Backups;

/// <summary>
/// What must lie beside a log before anybody works with it. Without it a start would make new keys, every person would read as erased, and
/// checkpoints would be another log's, as if it had always been so.
/// </summary>
internal static class BesideLog
{
    private const int Named = 3;

    /// <summary>Refuses a log whose keys are not there.</summary>
    /// <param name="stored">The log as it is stored.</param>
    /// <param name="files">What lies beside it.</param>
    /// <param name="from">What a part of the log was read for before; null for nothing.</param>
    /// <returns>Whose keys the log needs.</returns>
    /// <exception cref="ConfigurationException">What is missing or damaged, and what to do.</exception>
    public static async Task<NeededKeys> CheckAsync(IEventLog stored, ProofFiles files, StartPoint? from, CancellationToken cancel)
    {
        var use = from is null
            ? await NeededKeys.OfAsync(stored, cancel)
            : await NeededKeys.OfAsync(stored, from.People, from.Mark.Position, cancel);
        if ((await PeopleFaultAsync(use, files.People, cancel) ?? await SigningFaultAsync(use, files, cancel)) is not { } fault)
            return use;
        throw new ConfigurationException(
            $"{fault}. Nothing was started or changed. Next: put it back from a backup (chatops restore FILE), or, when it is lost for good, chatops accept-loss --data {Path.GetDirectoryName(files.Log)}"
        );
    }

    /// <summary>What is wrong with the keys of people.</summary>
    public static async Task<string?> PeopleFaultAsync(NeededKeys use, string path, CancellationToken cancel)
    {
        if (!File.Exists(path))
            return use.Needed.IsEmpty
                ? null
                : $"{path} is missing: without it nobody can read the names and reasons of {NamesOf(use.Needed)} in the log";
        if (new FileInfo(path).Length > 0 && SqliteCopy.FaultOf(path) is { } damage)
            return $"{path} cannot be read: {damage}";
        await using var people = SqlitePersonKeys.Open(path);
        var missing = await use.MissingInAsync(people, cancel);
        return missing.IsEmpty
            ? null
            : $"{path} lacks the keys that the names and reasons of {NamesOf(missing)} in the log are sealed under: it is of another time or log";
    }

    /// <summary>What is wrong with the keys that sign.</summary>
    public static async Task<string?> SigningFaultAsync(NeededKeys use, ProofFiles files, CancellationToken cancel)
    {
        var notes = StagedData.NotesIn(files.Checkpoints);
        var wasSigned = !use.Needed.IsEmpty || use.Forgotten.Length > 0 || notes.Count > 0;
        return await KeyCheck.FaultAsync(new KeyFiles(files.Log), notes, wasSigned, cancel) is { } fault
            ? $"{Path.GetDirectoryName(files.Log)}: {fault}"
            : null;
    }

    /// <summary>A few of them by id, and how many more.</summary>
    public static string NamesOf(IEnumerable<KeyValuePair<string, Core.Domain.Values.Actor>> people)
    {
        var ids = people.Select(p => $"{p.Value.Platform}:{p.Value.Id}").Distinct().Order(StringComparer.Ordinal).ToList();
        return string.Join(", ", ids.Take(Named)) + (ids.Count > Named ? $" and {ids.Count - Named} more" : "");
    }
}
