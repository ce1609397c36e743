using System.Text.Json;
using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>What axe-core finds wrong for people with a keyboard, a screen reader or little light; and a screenshot of each view.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class AccessTests(Chromium chromium, Furnished furnished) : IClassFixture<Furnished>
{
    private static readonly string[] Views = ["now", "changes", "changes/gw1/13", "timeline", "chat"];

    public static TheoryData<string, ColorScheme, int> Looks
    {
        get
        {
            var looks = new TheoryData<string, ColorScheme, int>();
            foreach (var view in Views)
            {
                foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
                {
                    looks.Add(view, scheme, 1280);
                    looks.Add(view, scheme, 390);
                }
            }

            return looks;
        }
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Nothing_stands_in_the_way(string view, ColorScheme scheme, int width)
    {
        await using var ada = await chromium.SignInAsync(furnished.Edition, "approver", width, scheme);
        await ada.GoAsync(view);
        await ada.SeesAsync(ada.Page.Locator(view == "chat" ? "#room article" : "section:not([hidden]) :is(svg a, .lines li, .changes li)"));
        await ada.KeepAsync($"{view.Replace('/', '-')}-{(scheme == ColorScheme.Dark ? "dark" : "light")}-{width}");

        // Nothing sticks out to the side.
        Assert.True(await ada.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{view} is wider than {width}");
        await ada.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
        await ada.Page.EvaluateAsync(await File.ReadAllTextAsync(Checkout.Axe));
        var found = await ada.Page.EvaluateAsync<JsonElement>("async () => (await axe.run(document)).violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html + ' ' + n.failureSummary).join('; '))");
        Assert.Empty(found.EnumerateArray().Select(v => v.GetString()));
    }
}
