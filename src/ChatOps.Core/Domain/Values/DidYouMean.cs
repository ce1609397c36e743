namespace ChatOps.Core.Domain.Values;

/// <summary>Finds what a person probably meant.</summary>
public static class DidYouMean
{
    /// <summary>The candidate with the fewest slips of the keyboard between it and the text, when that is few enough; else null.</summary>
    public static string? Closest(string text, IEnumerable<string> candidates)
    {
        var (best, distance) = candidates
            .Select(c => (c, Distance(text, c)))
            .DefaultIfEmpty(("", int.MaxValue))
            .MinBy(x => (x.Item2, -InCommon(text, x.Item1)));
        return distance <= Math.Max(1, Math.Min(text.Length, best.Length) / 3) ? best : null;
    }

    // Of two that are as near, the one that has more of the letters that were typed: "hepl" is help and not heal.
    private static int InCommon(string a, string b) => a.GroupBy(c => c).Sum(g => Math.Min(g.Count(), b.Count(c => c == g.Key)));

    // Optimal string alignment: insertions, deletions, substitutions, and two neighbours swapped count one each.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
