using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>All that has happened, and the edge as it was.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class TimelineTests(Chromium chromium, Furnished furnished)
{
    [Fact]
    public async Task A_filter_is_what_can_be_typed_after_audit()
    {
        await using var vic = await chromium.SignInAsync(furnished.Edition, "viewer");
        await vic.GoAsync("timeline");
        await FilterAsync(vic, "vm2 applied by operator");
        await vic.SeesAsync("vm2 · applied · by or for operator, all history: 4 lines");
        await Assertions.Expect(Lines(vic)).ToHaveCountAsync(4);
        await FilterAsync(vic, "who approved 3");
        await vic.SeesAsync("#3 · approved, all history: 1 line");
    }

    [Fact]
    public async Task A_slip_gets_a_did_you_mean_that_can_be_pressed()
    {
        await using var vic = await chromium.SignInAsync(furnished.Edition, "viewer");
        await vic.GoAsync("timeline");
        await FilterAsync(vic, "80 sinse 7d");
        await vic.SeesAsync(vic.Page.Locator("#timeline").GetByText("Did you mean: audit 80 since 7d"));
        await vic.Link("audit 80 since 7d").ClickAsync();
        await Assertions.Expect(vic.Page.GetByLabel("Filter")).ToHaveValueAsync("80 since 7d");
        await vic.SeesAsync(Lines(vic));
        await FilterAsync(vic, "vm22");
        await vic.SeesAsync("Did you mean vm2?");
    }

    [Fact]
    public async Task A_filter_is_completed_as_it_is_typed()
    {
        await using var vic = await chromium.SignInAsync(furnished.Edition, "viewer");
        await vic.GoAsync("timeline");
        await vic.Page.GetByLabel("Filter").PressSequentiallyAsync("vm2 app");
        await Assertions.Expect(vic.Page.Locator("#timeline datalist option[value='vm2 applied']")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_is_filtered_is_exported()
    {
        await using var olga = await chromium.SignInAsync(furnished.Edition, "operator");
        await olga.GoAsync("timeline?q=approvals");
        await olga.SeesAsync(Lines(olga));
        var file = await olga.Page.RunAndWaitForDownloadAsync(() =>
            olga.Page.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync()
        );
        Assert.EndsWith(".csv", file.SuggestedFilename, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(await file.PathAsync());
        Assert.StartsWith("time,gateway,change,what,who,details", text, StringComparison.Ordinal);
        Assert.Equal(15, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1), l =>
            Assert.Contains(",approved,approver", l, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_slider_shows_the_edge_as_it_was()
    {
        await using var olga = await chromium.SignInAsync(furnished.Edition, "operator");
        await olga.GoAsync("now");
        await olga.SeesAsync(olga.Picture.GetByRole(AriaRole.Link, new() { Name = "tcp 2222" }));
        await Assertions.Expect(olga.Slider).ToHaveAttributeAsync("max", "14");
        await olga.Slider.FocusAsync();

        // 14 changes are confirmed, and then comes now; the sixth opened port 80.
        for (var i = 0; i < 9; i++)
            await olga.Page.Keyboard.PressAsync("ArrowLeft");
        await olga.SeesAsync(olga.Page.GetByRole(AriaRole.Heading, new() { Name = "As it was" }));
        await olga.SeesAsync(olga.Picture.GetByRole(AriaRole.Link, new() { Name = "tcp 80," }));
        await Assertions.Expect(olga.Picture.Locator("a.port")).ToHaveCountAsync(1);
        Assert.Contains("gw1#6 open tcp 80 -> vm2:8080", await olga.Slider.GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);
        await olga.KeepAsync("then");

        // It is an address: a reload shows the same time.
        await olga.Page.ReloadAsync();
        await olga.SeesAsync(olga.Picture.GetByRole(AriaRole.Link, new() { Name = "tcp 80," }));
        await olga.Button("Back to now").ClickAsync();
        await olga.SeesAsync(olga.Picture.GetByRole(AriaRole.Link, new() { Name = "tcp 2222" }));
        await olga.SeesNoneAsync(olga.Picture.GetByRole(AriaRole.Link, new() { Name = "tcp 80," }));
    }

    [Fact]
    public async Task The_timeline_travels_too_and_pales_what_had_not_happened()
    {
        await using var olga = await chromium.SignInAsync(furnished.Edition, "operator");
        await olga.GoAsync("timeline?q=applied");
        await Assertions.Expect(Lines(olga)).ToHaveCountAsync(14);
        await olga.SeesNoneAsync(olga.Picture);
        await Assertions.Expect(olga.Slider).ToHaveAttributeAsync("max", "14");
        await olga.Slider.FocusAsync();
        await olga.Page.Keyboard.PressAsync("Home");
        await olga.SeesAsync(olga.Picture.GetByText("nothing is open"));
        await Assertions.Expect(olga.Page.Locator("#timeline .later")).ToHaveCountAsync(13);
    }

    [Fact]
    public async Task It_is_live_and_has_pages()
    {
        await using var edition = await Edition.StartAsync();
        await edition.AppliedAsync([.. Enumerable.Range(1, 17).Select(i => $"vm add vm{i} 10.1.0.{i + 10}")]);
        await using var vic = await chromium.SignInAsync(edition, "viewer");
        await vic.GoAsync("timeline");
        await Assertions.Expect(Lines(vic)).ToHaveCountAsync(50);
        await edition.SayAsync("operator: vm add vm99 10.1.0.99");
        await vic.SeesAsync(Lines(vic).First.GetByText("vm99"));
        await vic.Link("Older").ClickAsync();
        await vic.SeesAsync("page 2 of 2");
        await vic.SeesAsync(Lines(vic).GetByText("add gateway gw1"));
    }

    private static ILocator Lines(Visitor visitor) => visitor.Page.Locator("#timeline .lines li");

    private static async Task FilterAsync(Visitor visitor, string filter)
    {
        await visitor.Page.GetByLabel("Filter").FillAsync(filter);
        await visitor.Page.Keyboard.PressAsync("Enter");
    }
}
