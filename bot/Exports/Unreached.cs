using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Exports;

/// <summary>
/// What was written before somebody was forgotten and still says their name: nothing of ours opens these again, so whoever keeps them is
/// told where they are.
/// </summary>
/// <param name="exports">The folder for files that are given away; it lies in the one of the log, or of what was read from it.</param>
internal sealed class Unreached(ExportFolder exports)
{
    private const int MaxCount = 5;

    /// <summary>The places that are known, a line each; then those that only people know.</summary>
    public IEnumerable<string> Places()
    {
        var data = Path.GetDirectoryName(Path.GetFullPath(exports.Path))!;
        if (Names(exports.Path, "*") is { Count: > 0 } files)
            yield return $"{Counts.Of(files.Count, "export")} in {exports.Path}: delete what may not be kept";
        var aside = Names(data, "log.*.db").Where(n => n != "log.past.db").ToList();
        if (aside.Count > 0)
            yield return $"logs that were set aside, with their keys, in {data}: {Listed(aside)}";
        List<string> former = [.. Names(data, "before-restore-*"), .. Names(data, "lost-*")];
        if (former.Count > 0)
            yield return $"what was put aside by a restore or as lost, in {data}: {Listed(former)}";
        yield return "backups, wherever they are: chatops forget-in-backup FILE";
        yield return "exports that were handed on, and other copies of the log that nobody told us of";
    }

    private static List<string> Names(string folder, string pattern) =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFileSystemEntries(folder, pattern).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal)]
            : [];

    private static string Listed(List<string> names) =>
        string.Join(", ", names.Take(MaxCount)) + (names.Count > MaxCount ? $" and {names.Count - MaxCount} more" : "");
}
