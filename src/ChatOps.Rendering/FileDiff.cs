using System.Globalization;
using System.Text;
using DiffPlex;
using DiffPlex.Chunkers;

namespace ChatOps.Rendering;

/// <summary>The difference between two versions of a rendered file, as people read it.</summary>
/// <param name="Name">The file.</param>
/// <param name="Added">Lines that come.</param>
/// <param name="Removed">Lines that go.</param>
/// <param name="Text">The hunks in unified form, with one line of context.</param>
public sealed record FileDiff(string Name, int Added, int Removed, string Text)
{
    private const int Context = 1;

    /// <summary>The differences between two sets of files, by name; files that are equal are left out.</summary>
    public static IReadOnlyList<FileDiff> Between(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        [
            .. before
                .Keys.Union(after.Keys)
                .Order(StringComparer.Ordinal)
                .Select(name => (name, old: before.GetValueOrDefault(name, ""), @new: after.GetValueOrDefault(name, "")))
                .Where(f => f.old != f.@new)
                .Select(f => Of(f.name, f.old, f.@new)),
        ];

    private static FileDiff Of(string name, string before, string after)
    {
        var (old, @new) = (Lines(before), Lines(after));

        // Most of a large file is the same at both ends; the search for the shortest difference gets only the middle.
        var head = 0;
        while (head < old.Length && head < @new.Length && old[head] == @new[head])
            head++;
        var tail = 0;
        while (tail < old.Length - head && tail < @new.Length - head && old[^(tail + 1)] == @new[^(tail + 1)])
            tail++;
        var result = Differ.Instance.CreateDiffs(
            string.Join('\n', old[head..^tail]),
            string.Join('\n', @new[head..^tail]),
            ignoreWhiteSpace: false,
            ignoreCase: false,
            LineChunker.Instance
        );

        var text = new StringBuilder();
        text.Append(before.Length == 0 ? "--- (none)\n" : $"--- {name}\n").Append(after.Length == 0 ? "+++ (none)\n" : $"+++ {name}\n");
        var (added, removed) = (0, 0);
        foreach (var block in result.DiffBlocks)
        {
            var (oldAt, newAt) = (head + block.DeleteStartA, head + block.InsertStartB);
            text.Append(CultureInfo.InvariantCulture, $"@@ -{oldAt + 1},{block.DeleteCountA} +{newAt + 1},{block.InsertCountB} @@\n");
            Append(text, ' ', old, Math.Max(0, oldAt - Context), Math.Min(oldAt, Context));
            Append(text, '-', old, oldAt, block.DeleteCountA);
            Append(text, '+', @new, newAt, block.InsertCountB);
            Append(text, ' ', old, oldAt + block.DeleteCountA, Math.Min(Context, old.Length - oldAt - block.DeleteCountA));
            added += block.InsertCountB;
            removed += block.DeleteCountA;
        }

        return new(name, added, removed, text.ToString());
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private static void Append(StringBuilder text, char mark, string[] lines, int from, int count)
    {
        for (var i = from; i < from + count; i++)
            text.Append(mark).Append(lines[i]).Append('\n');
    }
}
