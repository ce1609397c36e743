using System.Text;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery;
using CsCheck;

namespace ChatOps.Specs.Delivery;

/// <summary>What travels to a gateway instead of a file that it has almost.</summary>
public sealed class DifferenceSpecs
{
    // Few different lines, so that there is much to confuse; long enough for a patch to be shorter than the text.
    private static readonly Gen<string> SomeText = Gen.Int[0, 5].Select(i => $"line {i}\n").Array[0, 30].Select(string.Concat);

    [Fact]
    public void Hunks_lead_from_any_text_to_any_other() =>
        Gen.Select(SomeText, SomeText).Sample((before, after) => Assert.Equal(after, Follow(before, after)));

    [Fact]
    public void Two_lines_far_apart_among_ten_thousand_are_two_hunks()
    {
        var lines = Enumerable.Range(0, 10_000).Select(i => $"      tcp . {i},\n").ToList();
        var before = string.Concat(lines);
        lines.RemoveAt(8_000);
        lines.Insert(100, "      tcp . 65000,\n");

        Assert.Equal(
            [new Hunk(100, 0, 100, 1), new Hunk(8_000, 1, 8_001, 0)],
            LineDiff.Between(new(before), new(string.Concat(lines))).ToArray()
        );
    }

    [Fact]
    public void Texts_that_have_nothing_in_common_are_one_hunk()
    {
        var (before, after) = (Numbered("old", 3_000), Numbered("new", 2_000));

        Assert.Equal([new Hunk(0, 3_000, 0, 2_000)], LineDiff.Between(new(before), new(after)).ToArray());
        Assert.Null(LinePatch.Of(before, after));
    }

    [Fact]
    public void A_last_line_without_an_end_is_no_matter_for_a_patch()
    {
        Assert.Null(LinePatch.Of(Numbered("same", 100) + "end", Numbered("same", 100)));
        Assert.Null(LinePatch.Of(Numbered("same", 100), Numbered("same", 100) + "end"));
    }

    [Fact]
    public void Only_what_differs_is_in_the_bundle_with_the_sums_of_everything()
    {
        var before = new Dictionary<string, string>
        {
            ["exposures"] = Numbered("a", 100),
            ["listeners"] = "",
            ["nginx.conf"] = "events {}\n",
        };
        var after = new Dictionary<string, string>
        {
            ["exposures"] = Numbered("a", 101),
            ["listeners"] = "",
            ["wg0.conf"] = "[Interface]\n",
        };

        var members = Difference.Between(new Revision(8), before, after);

        Assert.Equal(["base", "exposures.patch", "sums", "wg0.conf"], members.Keys);
        Assert.Equal(("8\n", "a100 1\na 100\n"), (members["base"], members["exposures.patch"]));
        Assert.Equal(["exposures", "listeners", "wg0.conf"], members["sums"].TrimEnd('\n').Split('\n').Select(l => l.Split("  ")[1]));
        Assert.Contains(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  listeners\n",
            members["sums"],
            StringComparison.Ordinal
        );
    }

    private static string Numbered(string word, int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"{word} {i}\n"));

    private static string Follow(string before, string after)
    {
        var (old, @new) = (new Lines(before), new Lines(after));
        var text = new StringBuilder();
        var at = 0;
        foreach (var hunk in LineDiff.Between(old, @new))
        {
            text.Append(old.Range(at, hunk.OldStart - at)).Append(@new.Range(hunk.NewStart, hunk.NewCount));
            at = hunk.OldStart + hunk.OldCount;
        }

        return text.Append(old.Range(at, old.Count - at)).ToString();
    }
}
