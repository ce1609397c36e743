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
        await ada.SeesAsync(
            ada.Page.Locator(view == "chat" ? "#room article" : "section:not([hidden]) :is(.rows .row, .lines li, .changes li)")
        );
        await ada.Page.EvaluateAsync(await File.ReadAllTextAsync(Checkout.Axe));
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await ada.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await ada.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = false)");
            await ada.KeepAsync($"{view.Replace('/', '-')}-{(scheme == ColorScheme.Dark ? "dark" : "light")}-{width}");
            await ada.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
            await FindsNothingAsync(ada);
        }

        // Nothing sticks out to the side.
        Assert.True(
            await ada.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"),
            $"{view} is wider than {width}"
        );
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Nor_in_what_opens_over_the_page_and_beside_it(int width)
    {
        await using var olga = await chromium.SignInAsync(furnished.Edition, "operator", width);
        await olga.GoAsync("now");
        await olga.SeesAsync(olga.Rows);
        await olga.Page.Locator("h2#now-title").FocusAsync();
        await olga.Page.Keyboard.PressAsync("?");
        await olga.SeesAsync(olga.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" }));
        await LooksAsync("keys");
        await olga.Button("Close").ClickAsync();

        await olga.Page.Locator(".opener summary").ClickAsync();
        await olga.Page.GetByLabel("VM", new() { Exact = true }).FillAsync("vm1");
        await olga.SeesAsync(olga.Button("Propose"));
        await LooksAsync("form");

        // The form for a reason, of whoever may deny.
        await using var ada = await chromium.SignInAsync(furnished.Edition, "approver", width);
        await ada.GoAsync("changes/gw1/15");
        await ada.Page.Locator("#changes").GetByRole(AriaRole.Button, new() { Name = "Deny", Exact = true }).ClickAsync();
        await ada.SeesAsync(ada.Page.GetByLabel("Deny because"));
        await LooksAtAsync(ada, $"reason-{width}");

        olga.Forgives("Failed to load resource");
        await olga.Button("Sign out").ClickAsync();
        await olga.SeesAsync("Not signed in");
        await LooksAsync("signed-out");

        Task LooksAsync(string name) => LooksAtAsync(olga, $"{name}-{width}");
    }

    private static async Task LooksAtAsync(Visitor visitor, string name)
    {
        await visitor.Page.EvaluateAsync(await File.ReadAllTextAsync(Checkout.Axe));
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await visitor.KeepAsync($"{name}-{(scheme == ColorScheme.Dark ? "dark" : "light")}");
            await FindsNothingAsync(visitor);
        }

        Assert.True(
            await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"),
            $"{name} is too wide"
        );
    }

    private static async Task FindsNothingAsync(Visitor visitor)
    {
        var found = await visitor.Page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run(document)).violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html + ' ' + n.failureSummary).join('; '))"
        );
        Assert.Empty(found.EnumerateArray().Select(v => v.GetString()));
    }
}
