namespace ChatOps.Bench;

/// <summary>Columns as wide as their widest cell.</summary>
internal static class Table
{
    public static void Write(TextWriter to, string[] head, IReadOnlyList<string[]> rows)
    {
        var all = rows.Prepend(head).ToList();
        var widths = head.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        to.WriteLine(Line(head));
        to.WriteLine(string.Join("  ", widths.Select(w => new string('-', w))));
        foreach (var row in rows)
            to.WriteLine(Line(row));

        string Line(string[] row) => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
    }
}
