using System.Globalization;
using System.Text;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Delivery;

/// <summary>
/// What turns one version of a file into the next, as <c>diff -n</c> writes it (RCS): <c>dLINE COUNT</c> takes lines of the old file away,
/// <c>aLINE COUNT</c> puts the lines that follow behind a line of it. The gateway's <c>Reading/LinePatch.cs</c> reads it.
/// </summary>
internal static class LinePatch
{
    /// <summary>The patch; null when the file itself is hardly longer, or has a last line without an end.</summary>
    public static string? Of(string before, string after)
    {
        var (old, @new) = (new Lines(before), new Lines(after));
        if (!old.AreWhole || !@new.AreWhole)
            return null;
        var patch = new StringBuilder();
        foreach (var hunk in LineDiff.Between(old, @new))
        {
            if (hunk.OldCount > 0)
                patch.Append(CultureInfo.InvariantCulture, $"d{hunk.OldStart + 1} {hunk.OldCount}\n");
            if (hunk.NewCount > 0)
                patch
                    .Append(CultureInfo.InvariantCulture, $"a{hunk.OldStart + hunk.OldCount} {hunk.NewCount}\n")
                    .Append(@new.Range(hunk.NewStart, hunk.NewCount));
        }

        return patch.Length < after.Length / 2 ? patch.ToString() : null;
    }
}
