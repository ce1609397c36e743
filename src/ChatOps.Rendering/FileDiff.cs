using ChatOps.Core.Domain.Values;

namespace ChatOps.Rendering;

/// <summary>The difference between two versions of a rendered file, as people read it.</summary>
/// <param name="Text">The hunks in unified form, with one line of context.</param>
public sealed record FileDiff(string Name, int Added, int Removed, string Text)
{
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
        var (added, removed, hunks) = UnifiedDiff.Of(before, after);
        var head = (before.Length == 0 ? "--- (none)\n" : $"--- {name}\n") + (after.Length == 0 ? "+++ (none)\n" : $"+++ {name}\n");
        return new(name, added, removed, head + hunks);
    }
}
