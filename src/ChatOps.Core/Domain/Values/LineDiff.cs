using System.Collections.Immutable;

namespace ChatOps.Core.Domain.Values;

/// <summary>Lines of an old text that give way to lines of a new one; both are counted from 0, and either may be none.</summary>
/// <param name="OldStart">The first line that goes, or the one before which the new ones come.</param>
/// <param name="NewStart">The first line that comes, in the new text.</param>
public readonly record struct Hunk(int OldStart, int OldCount, int NewStart, int NewCount);

/// <summary>
/// The shortest difference between two texts, line by line, after Myers, "An O(ND) Difference Algorithm" (1986): it costs one look at each
/// line and the square of how many differ. Ten thousand lines that differ in a few places far apart take about as long as reading them.
/// </summary>
public static class LineDiff
{
    // So that the square stays small. Texts that differ in more are another text, and are told so: one hunk.
    private const int MostSteps = 1_000;

    /// <summary>What differs, in the order of the lines; nothing when they are equal.</summary>
    public static ImmutableArray<Hunk> Between(Lines before, Lines after)
    {
        var shorter = Math.Min(before.Count, after.Count);
        var head = 0;
        while (head < shorter && before[head].SequenceEqual(after[head]))
            head++;
        var tail = 0;
        while (tail < shorter - head && before[before.Count - tail - 1].SequenceEqual(after[after.Count - tail - 1]))
            tail++;
        var middle = new Hunk(head, before.Count - head - tail, head, after.Count - head - tail);
        return middle is { OldCount: 0, NewCount: 0 } ? []
            : middle.OldCount == 0 || middle.NewCount == 0 ? [middle]
            : Trace(before, after, middle) is { } trace ? Hunks(trace, middle)
            : [middle];
    }

    /// <summary>
    /// For each number of edits, how far into the old lines each diagonal (old minus new) gets; null when that takes too many. Diagonal k
    /// of step d is at index k + d.
    /// </summary>
    private static List<int[]>? Trace(Lines before, Lines after, Hunk middle)
    {
        var trace = new List<int[]>();
        for (var d = 0; d <= MostSteps; d++)
        {
            var reached = new int[(2 * d) + 1];
            for (var k = -d; k <= d; k += 2)
            {
                var x = d == 0 ? 0 : Step(trace[d - 1], d, k).X;
                while (
                    x < middle.OldCount
                    && x - k < middle.NewCount
                    && before[middle.OldStart + x].SequenceEqual(after[middle.NewStart + x - k])
                )
                    x++;
                reached[k + d] = x;
                if (x < middle.OldCount || x - k < middle.NewCount)
                    continue;
                trace.Add(reached);
                return trace;
            }

            trace.Add(reached);
        }

        return null;
    }

    /// <summary>
    /// The better of the two ways onto a diagonal: a line that comes (from the one above) or a line that goes (from the one below).
    /// </summary>
    private static (int X, bool Comes) Step(int[] last, int d, int k)
    {
        // In the step before, diagonal k is at index k + d - 1.
        var comes = k == -d || (k != d && last[k + d - 2] < last[k + d]);
        return (comes ? last[k + d] : last[k + d - 2] + 1, comes);
    }

    // Backwards from the end, one edit a step; edits that touch become one hunk.
    private static ImmutableArray<Hunk> Hunks(List<int[]> trace, Hunk middle)
    {
        var hunks = new List<Hunk>();
        var k = middle.OldCount - middle.NewCount;
        for (var d = trace.Count - 1; d > 0; d--)
        {
            var (x, comes) = Step(trace[d - 1], d, k);
            var edit = comes
                ? new Hunk(middle.OldStart + x, 0, middle.NewStart + x - k - 1, 1)
                : new Hunk(middle.OldStart + x - 1, 1, middle.NewStart + x - k, 0);
            if (
                hunks.Count > 0
                && hunks[^1] is var next
                && edit.OldStart + edit.OldCount == next.OldStart
                && edit.NewStart + edit.NewCount == next.NewStart
            )
                hunks[^1] = new(edit.OldStart, edit.OldCount + next.OldCount, edit.NewStart, edit.NewCount + next.NewCount);
            else
                hunks.Add(edit);
            k += comes ? 1 : -1;
        }

        hunks.Reverse();
        return [.. hunks];
    }
}
