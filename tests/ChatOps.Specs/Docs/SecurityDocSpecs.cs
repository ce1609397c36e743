using System.Text.RegularExpressions;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Docs;

/// <summary>What docs/security.md says can and cannot be done is what a test shows.</summary>
public sealed partial class SecurityDocSpecs
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Checkout.Root, "docs", "security.md"));

    [Fact]
    public void Each_sentence_names_its_test() =>
        Assert.All(Lines.Where(l => l.StartsWith("- ", StringComparison.Ordinal)), l => Assert.Matches(Named(), l));

    [Fact]
    public void Each_test_that_is_named_is_there()
    {
        var classes = Directory
            .EnumerateFiles(Path.Combine(Checkout.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .ToLookup(f => Path.GetFileNameWithoutExtension(f).Split('.')[0], File.ReadAllText);
        var named = Lines.SelectMany(l => Named().Matches(l)).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, m =>
            Assert.Contains(classes[m.Groups[1].Value], text => text.Contains($" {m.Groups[2].Value}(", StringComparison.Ordinal))
        );
    }

    [GeneratedRegex(@"`(\w+)\.(\w+)`")]
    private static partial Regex Named();
}
