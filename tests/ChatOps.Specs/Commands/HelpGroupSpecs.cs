using ChatOps.Core.Language.Commands;

namespace ChatOps.Specs.Commands;

/// <summary>The overview of all commands.</summary>
public sealed class HelpGroupSpecs
{
    // Names in it, and the words that a family begins with: "help vm".
    private static readonly HashSet<string> Named =
    [
        .. HelpGroup.All.SelectMany(g => g.Lines).SelectMany(l => $"{l.Example} {l.Does}".Split(' ', ',', ';', ':')),
    ];

    public static TheoryData<string> Examples => [.. HelpGroup.All.SelectMany(g => g.Lines).Select(l => l.Example)];

    [Fact]
    public void It_fits_on_a_screen() => Assert.InRange(HelpGroup.All.Sum(g => g.Lines.Length + 1) + 1, 1, 20);

    [Fact]
    public void It_names_every_command() =>
        Assert.Empty(
            Catalogue.All.Where(s => !Named.Contains(s.Words[0]) && s.Name is not ("help" or "version" or "whoami")).Select(s => s.Name)
        );

    [Theory]
    [MemberData(nameof(Examples))]
    public void Its_examples_are_lines(string example) => Assert.Null(Assert.IsType<ParseResult.Understood>(Parser.Parse(example)).Meant);
}
