using System.Text.RegularExpressions;

namespace ChatOps.Browser;

[Collection(ChromiumCollection.Name)]
public sealed partial class SignInTests(Chromium chromium, Furnished furnished)
{
    [GeneratedRegex("#/now$")]
    private static partial Regex Now();

    [Fact]
    public async Task A_link_works_once()
    {
        var edition = furnished.Edition;
        var link = edition.LinkFor("operator");
        await using var olga = await chromium.VisitorAsync(edition.Page);
        await olga.Page.GotoAsync(link.ToString());
        await olga.SeesAsync("operator (operator)");
        await olga.SeesAsync($"version {Hosting.ProgramVersion.Current}");
        await Microsoft.Playwright.Assertions.Expect(olga.Page).ToHaveURLAsync(Now());

        await using var thief = await chromium.VisitorAsync(edition.Page);
        await thief.Page.GotoAsync(link.ToString());
        await thief.SeesAsync("no such sign-in link. Each works once");
        await thief.Page.GotoAsync("/");
        await thief.SeesAsync("Not signed in");
        thief.Forgives("Failed to load resource");

        // Its scripts cannot be used to read or to write the cookie.
        Assert.Equal("", await olga.Page.EvaluateAsync<string>("() => document.cookie"));
        await olga.Button("Sign out").ClickAsync();
        await olga.SeesAsync("Not signed in");
        olga.Forgives("Failed to load resource");
    }

    [Fact]
    public async Task What_one_wanted_to_see_is_shown_after_signing_in_and_keys_lead_to_the_fields()
    {
        var edition = furnished.Edition;
        await using var ada = await chromium.VisitorAsync(edition.Page);
        ada.Forgives("Failed to load resource");
        await ada.Page.GotoAsync("/#/changes/gw1/13");
        await ada.SeesAsync("Not signed in");
        await ada.Page.GotoAsync(edition.LinkFor("approver").ToString());
        await ada.SeesAsync(ada.Page.Locator("#changes dd").GetByText("the shop has a name now"));

        await ada.Page.Keyboard.PressAsync("?");
        await ada.SeesAsync(ada.Page.GetByRole(Microsoft.Playwright.AriaRole.Dialog, new() { Name = "Keys" }));
        await ada.Page.Keyboard.PressAsync("Escape");
        await ada.Page.Keyboard.PressAsync("/");
        await Microsoft.Playwright.Assertions.Expect(ada.Page.Locator("#line")).ToBeFocusedAsync();
        await ada.GoAsync("now");
        await ada.Page.Locator("h2#now-title").FocusAsync();
        await ada.Page.Keyboard.PressAsync("/");
        await Microsoft.Playwright.Assertions.Expect(ada.Page.Locator("#find")).ToBeFocusedAsync();
    }
}
