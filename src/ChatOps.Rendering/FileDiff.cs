using System.Globalization;
using System.Text;
using ChatOps.Core.Differences;

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
        var (old, @new) = (new Lines(before), new Lines(after));
        var text = new StringBuilder();
        text.Append(before.Length == 0 ? "--- (none)\n" : $"--- {name}\n").Append(after.Length == 0 ? "+++ (none)\n" : $"+++ {name}\n");
        var (added, removed) = (0, 0);
        foreach (var (oldAt, goes, newAt, comes) in LineDiff.Between(old, @new))
        {
            text.Append(CultureInfo.InvariantCulture, $"@@ -{oldAt + 1},{goes} +{newAt + 1},{comes} @@\n");
            Append(text, ' ', old, Math.Max(0, oldAt - Context), Math.Min(oldAt, Context));
            Append(text, '-', old, oldAt, goes);
            Append(text, '+', @new, newAt, comes);
            Append(text, ' ', old, oldAt + goes, Math.Min(Context, old.Count - oldAt - goes));
            added += comes;
            removed += goes;
        }

        return new(name, added, removed, text.ToString());
    }

    private static void Append(StringBuilder text, char mark, Lines lines, int from, int count)
    {
        for (var i = from; i < from + count; i++)
            text.Append(mark).Append(lines[i]).Append('\n');
    }
}
