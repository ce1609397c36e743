using System.Text.Json;
using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>What axe-core finds wrong for people with a keyboard, a screen reader or little light; and a screenshot of each view.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class AccessTests(Chromium chromium, Furnished furnished)
{
    public static TheoryData<string, int> Looks
    {
        get
        {
            var looks = new TheoryData<string, int>();
            foreach (var view in new[] { "now", "changes", "changes/gw1/13", "timeline", "chat" })
            {
                looks.Add(view, 1280);
                looks.Add(view, 390);
            }

            return looks;
        }
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Nothing_stands_in_the_way(string view, int width)
    {
        await using var ada = await chromium.SignInAsync(furnished.Edition, "approver", width);
        await ada.GoAsync(view);
        await ada.SeesAsync(ada.Page.Locator(view == "chat" ? "#room article" : "section:not([hidden]) :is(.rows .row, .lines li, .changes li)"));
        await ada.Page.EvaluateAsync(await File.ReadAllTextAsync(Checkout.Axe));
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await ada.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await ada.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = false)");
            await ada.KeepAsync($"{view.Replace('/', '-')}-{(scheme == ColorScheme.Dark ? "dark" : "light")}-{width}");
            await ada.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
            var found = await ada.Page.EvaluateAsync<JsonElement>("async () => (await axe.run(document)).violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html + ' ' + n.failureSummary).join('; '))");
            Assert.Empty(found.EnumerateArray().Select(v => v.GetString()));
        }

        // Nothing sticks out to the side.
        Assert.True(await ada.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{view} is wider than {width}");
    }
}
