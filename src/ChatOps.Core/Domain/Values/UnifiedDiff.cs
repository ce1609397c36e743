using System.Globalization;
using System.Text;

namespace ChatOps.Core.Domain.Values;

/// <summary>The difference between two texts as people read it: hunks in unified form, with one line of context.</summary>
/// <param name="Hunks">The hunks; empty when the texts are equal.</param>
public sealed record UnifiedDiff(int Added, int Removed, string Hunks)
{
    private const int Context = 1;

    /// <summary>Compares two texts line by line.</summary>
    public static UnifiedDiff Of(string before, string after)
    {
        var (old, @new) = (new Lines(before), new Lines(after));
        var text = new StringBuilder();
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

        return new(added, removed, text.ToString());
    }

    private static void Append(StringBuilder text, char mark, Lines lines, int from, int count)
    {
        for (var i = from; i < from + count; i++)
            text.Append(mark).Append(lines[i]).Append('\n');
    }
}
