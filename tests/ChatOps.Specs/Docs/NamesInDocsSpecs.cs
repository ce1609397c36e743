using System.Text.RegularExpressions;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Docs;

/// <summary>Whoever follows a guide through the code finds what it names.</summary>
public sealed partial class NamesInDocsSpecs
{
    private static readonly Lazy<(string File, string Text)[]> Sources = new(() =>
        [.. Checkout.Sources.Select(f => (f, File.ReadAllText(f)))]
    );

    public static TheoryData<string> Guides =>
        [
            "docs/development.md",
            .. Directory
                .EnumerateFiles(Checkout.Root, "README.md", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Checkout.Root, f))
                .Where(f => f.StartsWith("src/", StringComparison.Ordinal) || f.StartsWith("bot/", StringComparison.Ordinal)),
        ];

    [Theory]
    [MemberData(nameof(Guides))]
    public void A_file_or_a_member_of_a_type_that_a_guide_names_is_there(string guide)
    {
        var named = Quoted().Matches(File.ReadAllText(Path.Combine(Checkout.Root, guide))).Select(m => m.Groups[1].Value).Distinct();
        Assert.Empty(named.Where(n => SourceFile().IsMatch(n) ? !HasFile(n) : Member().Match(n) is { Success: true } m && !HasMember(m)));
    }

    private static bool HasFile(string name) => Sources.Value.Any(s => s.File.EndsWith($"/{name}", StringComparison.Ordinal));

    private static bool HasMember(Match named)
    {
        var (type, member) = (named.Groups[1].Value, named.Groups[2].Value);
        return Sources.Value.Any(s =>
            Regex.IsMatch(s.Text, $@"\b(class|record|struct|interface|enum) {type}\b") && Regex.IsMatch(s.Text, $@"\b{member}\b")
        );
    }

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^[\w/.]+\.cs$")]
    private static partial Regex SourceFile();

    // Change.Fail; a package or a project is no type.
    [GeneratedRegex(@"^(?!ChatOps\.|BouncyCastle\.)([A-Z]\w+)\.([A-Z]\w+)$")]
    private static partial Regex Member();
}
