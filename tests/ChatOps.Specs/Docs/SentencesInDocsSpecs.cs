using System.Text.RegularExpressions;
using ChatOps.Core.Language.Commands;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Docs;

/// <summary>Whoever has a sentence of the program before them finds it in the docs as it is said: what they quote is in it.</summary>
public sealed partial class SentencesInDocsSpecs
{
    private const double AtLeast = 0.3; // the rest is names, numbers and addresses
    private const int FewestLetters = 6;
    private const int FewestWords = 4;

    public static TheoryData<string> Pages =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Checkout.Root, "docs"), "*.md")
                .Select(f => Path.GetFileName(f))
                .Except(["commands.md", "development.md", "log-format.md"]),
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_a_page_quotes_is_said(string page) =>
        Assert.Empty(
            from quoted in QuotedIn(page)
            from part in quoted.Split("...").Select(p => p.Trim())
            where part.Count(char.IsLetter) >= FewestLetters
            let likeness = SaidTexts.Likeness(part)
            where likeness < AtLeast
            select $"{quoted} ({part}: {likeness:0.00})"
        );

    [Fact]
    public void The_page_for_when_something_does_not_work_has_its_sentences_looked_up() =>
        Assert.InRange(QuotedIn("troubleshooting.md").Count(), 12, 100);

    [Theory]
    [InlineData("the log does not answer. Nothing of this is kept.")]
    [InlineData("expose wants the role operator; vic has the role viewer.")]
    [InlineData("olga proposed #12; somebody else must approve it.")]
    public void What_is_not_said_so_is_not_found(string sentence) => Assert.InRange(SaidTexts.Likeness(sentence), -10, AtLeast);

    // In the first column of a table that says what the program says; elsewhere what is no line to type and no command of a shell.
    private static IEnumerable<string> QuotedIn(string page)
    {
        var text = Block().Replace(File.ReadAllText(Path.Combine(Checkout.Root, "docs", page)), "");
        var all =
            page == "troubleshooting.md" ? FirstColumn().Matches(text).SelectMany(m => Quoted().Matches(m.Value)) : Quoted().Matches(text);
        return all.Select(m => m.Groups[1].Value)
            .Where(q => page == "troubleshooting.md" || (q.Split(' ').Length >= FewestWords && !IsTyped(q)))
            .Distinct();
    }

    private static bool IsTyped(string quoted) =>
        Typed().IsMatch(quoted) || Catalogue.All.Any(c => quoted.TrimStart('/').StartsWith($"{c.Name} ", StringComparison.Ordinal));

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\| [^|]+ \|", RegexOptions.Multiline)]
    private static partial Regex FirstColumn();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    // Lines, commands, requests and parts of files.
    [GeneratedRegex(
        @"^([/{\[.]|[A-Z_]+=|(az|at|between|chatops|curl|dotnet|GET|gpg|infra|journalctl|openssl|ssh|sudo|systemctl|what|when|why|who) )|[A-Z]{4}|[{}]"
    )]
    private static partial Regex Typed();
}
