using System.Text;
using ChatOps.Gateway.Reading;
using CsCheck;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>What a gateway makes of a patch, as "diff -n" writes it.</summary>
public sealed class LinePatchSpecs
{
    private static readonly Gen<string[]> SomeLines = Gen.Int[0, 5].Select(i => $"line {i}").Array[0, 30];

    [Theory]
    [InlineData("", "a0 2\none\ntwo\n", "one\ntwo\n")]
    [InlineData("one\ntwo\n", "", "one\ntwo\n")]
    [InlineData("one\ntwo\nthree\n", "d2 1\n", "one\nthree\n")]
    [InlineData("one\ntwo\nthree\n", "d1 3\n", "")]
    [InlineData("one\ntwo\nthree\n", "d2 1\na2 1\n2\n", "one\n2\nthree\n")]
    [InlineData("one\ntwo\nthree\n", "a0 1\nzero\nd1 1\na3 2\nfour\nfive\n", "zero\ntwo\nthree\nfour\nfive\n")]
    [InlineData("one\n", "a1 1\nd1 1\n", "one\nd1 1\n")]
    public void A_patch_leads_from_one_file_to_the_other(string old, string patch, string made) => Assert.Equal(made, Applied(old, patch));

    [Theory]
    [InlineData("x1 1\n")]
    [InlineData("a1\n")]
    [InlineData("a1 1\n")]
    [InlineData("d0 1\n")]
    [InlineData("d3 1\n")]
    [InlineData("d2 1\nd1 1\n")]
    [InlineData("d1 9\n")]
    [InlineData("a9 1\nx\n")]
    [InlineData("a-1 1\nx\n")]
    [InlineData("a999999999 999999999\nx\n")]
    [InlineData("a1 1\nx\nnothing\n")]
    public void What_is_no_patch_of_the_file_is_none(string patch) => Assert.Null(Applied("one\ntwo\n", patch));

    [Fact]
    public void Any_file_is_led_to_any_other() =>
        Gen.Select(SomeLines, SomeLines, SomeLines, SomeLines)
            .Sample(
                (start, before, after, end) =>
                    Assert.Equal(
                        Joined([.. start, .. after, .. end]),
                        Applied(Joined([.. start, .. before, .. end]), Patch(start.Length, before.Length, after))
                    )
            );

    private static string Patch(int at, int gone, string[] come) =>
        (gone > 0 ? $"d{at + 1} {gone}\n" : "") + (come.Length > 0 ? $"a{at + gone} {come.Length}\n{Joined(come)}" : "");

    private static string Joined(string[] lines) => string.Concat(lines.Select(l => l + "\n"));

    private static string? Applied(string old, string patch) =>
        LinePatch.Apply(Encoding.ASCII.GetBytes(old), Encoding.ASCII.GetBytes(patch)) is { } made ? Encoding.ASCII.GetString(made) : null;
}
