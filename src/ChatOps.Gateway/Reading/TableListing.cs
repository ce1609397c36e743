using System.Text;
using System.Text.RegularExpressions;

namespace ChatOps.Gateway.Reading;

/// <summary>What a listing of a table ("nft -ns list table inet chatops") means.</summary>
internal static partial class TableListing
{
    // Of sets that packets fill.
    private static readonly string[] Flags = ["dynamic", "timeout"];

    /// <summary>
    /// The listing with an element a line and in one order, without remarks (nft 1.1.6 and newer count a set's elements in one), without
    /// counters' figures and what is left of a time, and without the elements of sets that packets or the clock fill. Two tables that do
    /// the same are then the same text, whatever order they were filled in and whichever nft lists them.
    /// </summary>
    public static string Meaning(string listing)
    {
        var made = new StringBuilder();
        var elements = new List<string>();
        var (isFilledElsewhere, isInside) = (false, false);
        foreach (var line in Lines(listing))
        {
            if (line.StartsWith("\tset ", StringComparison.Ordinal) || line.StartsWith("\tmap ", StringComparison.Ordinal))
                isFilledElsewhere = line.StartsWith("\tset ended ", StringComparison.Ordinal);
            if (line.StartsWith("\t\tflags ", StringComparison.Ordinal))
                isFilledElsewhere |= Flags.Any(flag => line.Contains(flag, StringComparison.Ordinal));
            var begins = line.StartsWith("\t\telements = {", StringComparison.Ordinal);
            if (!begins && !isInside)
            {
                made.Append(MeaningOf(line, ", ")).Append('\n');
                continue;
            }

            var text = MeaningOf(begins ? line["\t\telements = {".Length..] : line, "\n");
            isInside = !text.EndsWith('}');
            if (!isFilledElsewhere)
                elements.AddRange((isInside ? text : text[..^1]).Split('\n').Select(e => e.Trim(' ', '\t', ',')).Where(e => e.Length > 0));
            if (isInside)
                continue;
            elements.Sort(StringComparer.Ordinal);
            foreach (var element in elements)
                made.Append("\t\t").Append(element).Append('\n');
            elements.Clear();
        }

        return made.ToString();
    }

    private static string[] Lines(string text) =>
        text.EndsWith('\n') ? text[..^1].Split('\n')
        : text.Length == 0 ? []
        : text.Split('\n');

    // A line without what does not count, its commas replaced. What stands in quotes is somebody's text.
    private static string MeaningOf(string line, string comma)
    {
        var parts = line.Split('"');
        var all = new StringBuilder();
        for (var i = 0; i < parts.Length; i += 2)
        {
            var plain = parts[i];
            var remark = plain.IndexOf('#', StringComparison.Ordinal);
            if (remark >= 0)
                plain = plain[..remark].TrimEnd(' ', '\t');
            plain = Times().Replace(Figures().Replace(plain, ""), "").Replace(", ", comma, StringComparison.Ordinal);
            all.Append(plain);
            if (remark >= 0)
                break;
            if (i + 1 < parts.Length)
                all.Append('"').Append(parts[i + 1]).Append('"');
        }

        return all.ToString();
    }

    [GeneratedRegex(" packets [0-9]+ bytes [0-9]+")]
    private static partial Regex Figures();

    [GeneratedRegex(" (expires|used) [0-9a-z]+( [a-z]+)?")]
    private static partial Regex Times();
}
