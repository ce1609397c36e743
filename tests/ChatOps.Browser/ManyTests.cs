using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>The picture of more than can be drawn one by one: its groups are exact, and all of it can be got to.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class ManyTests(Chromium chromium)
{
    [Fact]
    public async Task A_group_is_what_it_says_and_nothing_of_a_longer_name()
    {
        await using var edition = await Edition.StartAsync();
        await edition.AppliedAsync(
            "vm add api 10.1.0.11",
            "vm add api102 10.1.0.12",
            "vm add vm3 10.1.0.13",
            "expose api:8000-8019 on 8000-8019",
            "expose api102:9000-9024 on 9000-9024",
            "expose api:7000,vm3:7000 on 7000 balanced",
            "expose api:7001,vm3:7001 on 7001 balanced",
            "expose api102:7002,vm3:7002 on 7002 balanced"
        );
        await using var olga = await chromium.SignInAsync(edition, "operator");
        await olga.GoAsync("now");
        await Assertions.Expect(olga.Rows.Or(olga.Page.Locator(".shown"))).Not.ToHaveCountAsync(0);
        await Assertions.Expect(olga.Picture.Locator("a.port")).ToHaveCountAsync(4);

        // "api" beside "api102"; two of what leads to it lead elsewhere too, and are another group.
        await olga.Picture.GetByRole(AriaRole.Link, new() { Name = "20 ports, tcp 8000-8019" }).ClickAsync();
        await Assertions.Expect(olga.Page.Locator(".shown")).ToHaveTextAsync("20 ports of 48");
        await Assertions.Expect(olga.Page).ToHaveURLAsync(new Regex(@"#/now\?vm=only(\+|%20)api$"));
        await olga.Page.GoBackAsync();
        await olga.Picture.GetByRole(AriaRole.Link, new() { Name = "2 ports, tcp 7000-7001" }).ClickAsync();
        await Assertions.Expect(olga.Page.Locator(".rows .label")).ToHaveTextAsync(["tcp 7000", "tcp 7001"]);
        await Assertions.Expect(olga.Page.GetByLabel("Any VM")).ToHaveValueAsync("only api,vm3");

        // A VM by its name is whatever leads to it.
        await olga.GoAsync("now?vm=api");
        await Assertions.Expect(olga.Page.Locator(".shown")).ToHaveTextAsync("22 ports of 48");
        await olga.GoAsync("now?vm=api102");
        await Assertions.Expect(olga.Page.Locator(".shown")).ToHaveTextAsync("26 ports of 48");
    }

    [Fact]
    public async Task More_than_forty_VMs_are_a_click_away()
    {
        await using var edition = await Edition.StartAsync();
        await edition.AppliedAsync([.. Enumerable.Range(1, 45).Select(i => $"vm add vm{i} 10.1.0.{i + 10}")]);
        await edition.AppliedAsync([.. Enumerable.Range(1, 45).Select(i => $"expose vm{i}:8080 on {8000 + i}")]);
        await using var olga = await chromium.SignInAsync(edition, "operator");
        await olga.GoAsync("now");
        await Assertions.Expect(olga.Picture.Locator("a[data-name^='vm ']")).ToHaveCountAsync(40);
        await Assertions.Expect(olga.Picture.Locator("a.port")).ToHaveCountAsync(40);
        await olga.SeesAsync(olga.Picture.GetByRole(AriaRole.Link, new() { Name = "and 5 ports more", Exact = true }));
        await olga.Picture.GetByRole(AriaRole.Link, new() { Name = "and 5 VMs more", Exact = true }).ClickAsync();
        await Assertions.Expect(olga.Page).ToHaveURLAsync(new Regex(@"#/now\?groups=all$"));
        await Assertions.Expect(olga.Picture.Locator("a[data-name^='vm ']")).ToHaveCountAsync(45);
        await Assertions.Expect(olga.Picture.Locator("a.port")).ToHaveCountAsync(45);
        await olga.SeesNoneAsync(olga.Picture.GetByText(" more"));
        await olga.Page.ReloadAsync();
        await Assertions.Expect(olga.Picture.Locator("a.port")).ToHaveCountAsync(45);

        // Narrowed to one, the others are a click away too.
        await olga.GoAsync("now?vm=vm45");
        await Assertions.Expect(olga.Picture.Locator("a[data-name^='vm ']")).ToHaveCountAsync(1);
        await olga.Picture.GetByRole(AriaRole.Link, new() { Name = "and 44 VMs more", Exact = true }).ClickAsync();
        await Assertions.Expect(olga.Page).ToHaveURLAsync(new Regex("#/now$"));
    }

    [Fact]
    public async Task Of_more_changes_than_the_slider_has_room_for_it_says_so_and_the_field_beside_it_reaches_all()
    {
        await using var edition = await Edition.StartAsync();
        await edition.AppliedAsync("vm add vm1 10.1.0.11", "expose vm1:8080 on 80");
        await using var olga = await chromium.SignInAsync(edition, "operator");
        await olga.Page.RouteAsync("**/api/moments?**", async route =>
        {
            var answer = await route.FetchAsync();
            var many = Regex.Replace(await answer.TextAsync(), "\"total\":\\d+", "\"total\":1300");
            await route.FulfillAsync(new() { Response = answer, Body = many });
        });
        await olga.Page.ReloadAsync();
        await olga.GoAsync("now");
        var oldest = olga.Page.Locator(".slider .oldest").First;
        await Assertions.Expect(oldest).ToHaveTextAsync(new Regex(@"^\d{4}-\d\d-\d\d$"));
        await Assertions.Expect(oldest).ToHaveAttributeAsync("title", "1,300 changes; the slider stops at 2 of them");

        // Any time that can be typed, by what it is called.
        var date = olga.Page.Locator("#now").GetByLabel("As it was at");
        await date.FillAsync("now");
        await date.PressAsync("Enter");
        await olga.SeesAsync(olga.Page.GetByRole(AriaRole.Heading, new() { Name = "As it was" }));
        await Assertions.Expect(olga.Page).ToHaveURLAsync(new Regex(@"#/now\?at=now$"));
        await Assertions.Expect(olga.Picture.Locator("a.port")).ToHaveCountAsync(1);
        await date.FillAsync("5m");
        await date.PressAsync("Enter");
        await Assertions.Expect(olga.Page).ToHaveURLAsync(new Regex(@"#/now\?at=5m$"));
        await olga.SeesAsync(olga.Page.Locator("#now output.moment").GetByText("as of 5m"));
        await olga.Button("Back to now").ClickAsync();
        await olga.SeesAsync(olga.Page.GetByRole(AriaRole.Heading, new() { Name = "Now", Exact = true }));
    }
}
