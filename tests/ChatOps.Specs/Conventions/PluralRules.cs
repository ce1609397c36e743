using System.Text.RegularExpressions;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Conventions;

/// <summary>One packet is a packet: no sentence has a number with a noun that is always of many.</summary>
public sealed partial class PluralRules
{
    private const string Nouns =
        "addresses|alerts|approvals|bytes|certificates|changes|checkpoints|connections|days|elements|endpoints|entries|exports|files|gateways|"
        + "hours|keys|lines|members|minutes|networks|packets|pages|peers|ports|questions|records|revisions|rules|seconds|sessions|steps|times|VMs";

    [Theory]
    [InlineData("0 packets", 0)]
    [InlineData("1 packet", 1)]
    [InlineData("2 packets", 2)]
    [InlineData("-1 packets", -1)]
    public void A_noun_goes_with_its_number(string words, int number) => Assert.Equal(words, Counts.Of(number, "packet"));

    [Fact]
    public void A_figure_that_is_shown_as_1_is_one() =>
        Assert.Equal(("1 packet", "1 k packets"), (Counts.Of("1", "packet"), Counts.Of("1 k", "packet")));

    [Fact]
    public void No_sentence_of_the_program_has_a_number_with_a_noun_of_many() =>
        Assert.Empty(
            from file in Checkout.Sources
            where
                !file.Contains("/tests/", StringComparison.Ordinal)
                && !file.Contains("/ChatOps.Gateway/Checking/", StringComparison.Ordinal)
            from line in File.ReadLines(file)
            where
                !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
                && line.Contains("$\"", StringComparison.Ordinal)
                && !line.Contains("== 1 ?", StringComparison.Ordinal)
            from match in InCode().Matches(line)
            where !Constant().IsMatch(match.Groups["number"].Value)
            select $"{Path.GetFileName(file)}: {match.Value}"
        );

    [Fact]
    public void No_reply_and_no_view_of_the_page_has_one_either() =>
        Assert.Empty(
            from file in Directory
                .EnumerateFiles(Path.Combine(Checkout.Root, "templates", "replies"))
                .Concat(Directory.EnumerateFiles(Path.Combine(Checkout.Root, "bot", "Web", "page"), "*.js"))
            from match in InTemplate().Matches(File.ReadAllText(file))
            select $"{Path.GetFileName(file)}: {match.Value}"
        );

    // A number, and after it at most one more word; what is asked of a pattern ("is { } members") is none.
    [GeneratedRegex(@"\{(?<number>[\w.()?!+\- ]*\w[\w.()?!+\- ]*)(?::[N0]+)?\} (?:(?!has|takes)[a-z]+ )?(?:" + Nouns + @")\b")]
    private static partial Regex InCode();

    [GeneratedRegex(@"(?:\{\{ [\w.]+ \}\}|\$\{[\w.() \-]+\}) (?:[a-z]+ )?(?:" + Nouns + @")\b")]
    private static partial Regex InTemplate();

    // What there can be at most is more than one.
    [GeneratedRegex(@"^(\w+\.)*(Max\w*|Most\w*|Longest\w*|\w*Limit|\w*Max|TileSize|Sessions|Lines)$")]
    private static partial Regex Constant();
}
