namespace ChatOps.Bot.Replies;

/// <summary>A row of figures as a small plot in one line of text.</summary>
internal static class Sparkline
{
    private const string Steps = "▁▂▃▄▅▆▇█";

    /// <summary>The plot: the highest figure is a full block, and nothing at all is the lowest line.</summary>
    /// <param name="values">The figures, oldest first.</param>
    /// <param name="width">How many characters at most; of several figures that share one, the highest is drawn, so that no burst is
    /// lost.</param>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        var columns = Math.Min(width, values.Count);
        var highest = Enumerable
            .Range(0, columns)
            .Select(c => values.Take((c * values.Count / columns)..((c + 1) * values.Count / columns)).Max())
            .ToList();
        var top = highest.DefaultIfEmpty().Max();
        return string.Concat(
            highest.Select(h => top <= 0 || h <= 0 ? Steps[0] : Steps[Math.Min(Steps.Length - 1, 1 + (int)(h / top * (Steps.Length - 2)))])
        );
    }
}
