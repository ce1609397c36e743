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
}
