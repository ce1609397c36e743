using System.Text.RegularExpressions;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Web;

/// <summary>The stylesheets of the page, all of which hold for all of it.</summary>
public sealed partial class StyleSpecs
{
    // What means the same wherever it stands.
    private static readonly string[] Shared = ["soft", "trouble", "waiting", "working", "good", "bad", "buttons", "slider"];

    // Otherwise what one sheet says of a card's head, the other's head of a table gets too.
    [Fact]
    public void A_class_that_one_stylesheet_gives_a_look_by_itself_is_not_named_in_another()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "bot", "Web", "page"), "*.css");
        var sheets = files.Select(f => (Name: Path.GetFileName(f), Selectors: SelectorsOf(File.ReadAllText(f)).ToList())).ToList();
        Assert.True(sheets.Count > 3);
        var twice =
            from sheet in sheets
            from name in sheet.Selectors.Select(s => Alone().Match(s)).Where(m => m.Success).Select(m => m.Groups[1].Value).Distinct()
            where !Shared.Contains(name)
            from other in sheets.Where(o => o.Name != sheet.Name)
            from selector in other.Selectors
            where Classes().Matches(selector).Any(m => m.Groups[1].Value == name)
            select $".{name} of {sheet.Name} is in {other.Name}: {selector}";
        Assert.Empty(twice);
    }

    private static IEnumerable<string> SelectorsOf(string sheet) =>
        Heads()
            .Matches(Comments().Replace(sheet, ""))
            .Select(m => m.Groups[1].Value.Trim())
            .Where(s => !s.StartsWith('@'))
            .SelectMany(s => Commas().Split(s))
            .Select(s => s.Trim());

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"([^{}]+)\{")]
    private static partial Regex Heads();

    // Not those within :is(...).
    [GeneratedRegex(@",(?![^()]*\))")]
    private static partial Regex Commas();

    [GeneratedRegex(@"^\.([a-z-]+)(:\S*)?$")]
    private static partial Regex Alone();

    [GeneratedRegex(@"\.([a-z-]+)")]
    private static partial Regex Classes();
}
