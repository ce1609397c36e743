using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>Names that are longer than there is room: they end in an ellipsis, and all of them is told.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class NamesTests(Chromium chromium)
{
    private const string Host = "a-very-long-name-of-an-application-that-somebody.example.com"; // 60 characters
    private const string Person = "annemarie-johanna-von-der-lauenburg-und-zu-hohenstein-berlin"; // as long
    private const string Vm = "virtual-machine-of-the-big-shops";

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task They_end_in_an_ellipsis_and_nothing_sticks_out(int width)
    {
        const string Users = "\"users\": [";
        const string Added = $"{Users} {{ \"id\": \"{Person}\", \"roles\": [\"operator\"] }},";
        await using var edition = await Edition.StartAsync(p => p.Replace(Users, Added, StringComparison.Ordinal));
        await edition.AppliedAsync(
            $"{Person}: vm add {Vm} 10.1.0.11",
            $"{Person}: expose {Vm}:8080 on {Host} because \"{Person} wants to show it to everybody who is interested\""
        );
        await edition.SayAsync($"{Person}: expose {Vm}:22 on 2222");
        await using var ada = await chromium.SignInAsync(edition, "approver", width);
        await ada.GoAsync("now");
        await ada.SeesAsync(ada.Row(Host));
        await IsCutAsync(".c-port .first", Host);
        await IsCutAsync(".c-port .second > :first-child", Host);
        await IsCutAsync(".c-target .first", $"{Vm}:8080");
        await IsCutAsync(".c-who .first", Person);
        await IsCutAsync(".c-who .second", "everybody who is interested");
        var copy = ada.Row(Host).GetByRole(AriaRole.Button, new() { Name = $"Copy {Host}" });
        await copy.ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(copy).ToBeInViewportAsync(new() { Ratio = 1 });

        // In the picture as well.
        foreach (var name in new[] { Host, Vm })
            Assert.NotEqual(0, await ada.Picture.Locator("text > title").Filter(new() { HasText = name }).CountAsync());
        const string Outside = """
            svg => [...svg.querySelectorAll('text')]
              .filter(t => t.getBBox().x + t.getBBox().width > svg.viewBox.baseVal.width + 1)
              .map(t => t.textContent)
            """;
        Assert.Empty(await ada.Picture.EvaluateAsync<string[]>(Outside));
        foreach (var view in new[] { "now", "changes", "changes/gw1/2", "timeline", "chat" })
        {
            await ada.GoAsync(view);
            var what = view == "chat" ? "#room article" : "section:not([hidden]) :is(.rows .row, .lines li, .changes li)";
            await ada.SeesAsync(ada.Page.Locator(what));
            await ada.KeepAsync($"names-{view.Replace('/', '-')}-{width}");
            const string Fits = "() => [...document.querySelectorAll('html, #views, #room')].every(e => e.scrollWidth <= e.clientWidth)";
            Assert.True(await ada.Page.EvaluateAsync<bool>(Fits), $"{view} is wider than {width}");
        }

        async Task IsCutAsync(string part, string whole)
        {
            // A row stays while its parts are made anew.
            const string Look = """
                (row, part) => {
                  const e = row.querySelector(part);
                  const isInside = e.getBoundingClientRect().right <= row.getBoundingClientRect().right;
                  return [e.scrollWidth > e.clientWidth, getComputedStyle(e).textOverflow, isInside, e.title].join(' ');
                }
                """;
            var found = await ada.Row(Host).EvaluateAsync<string>(Look, part);
            Assert.StartsWith("true ellipsis true ", found, StringComparison.Ordinal);
            Assert.Contains(whole, found, StringComparison.Ordinal);
        }
    }
}
