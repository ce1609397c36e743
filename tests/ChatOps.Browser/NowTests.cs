using ChatOps.Core.Application.Ports;
using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>The picture of the edge.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class NowTests(Chromium chromium, Furnished furnished)
{
    [Fact]
    public async Task Ports_stand_with_what_carries_them_a_lock_and_their_packets()
    {
        await using var olga = await chromium.SignInAsync(furnished.Edition, "operator");
        await olga.GoAsync("now");
        await olga.SeesAsync(
            olga.Picture.GetByRole(
                AriaRole.Link,
                new() { Name = "tcp 7000, carried by HAProxy, leads to vm1:7000,vm3:7000, 1.2 k packets/s" }
            )
        );
        var web = olga.Picture.GetByRole(
            AriaRole.Link,
            new() { Name = "app.example.com, carried by nginx http, TLS, certificate example, leads to vm2:8080" }
        );
        await olga.SeesAsync(web.Locator(".lock"));
        await olga.SeesAsync(olga.Picture.GetByText("handshake 2"));

        // The addresses too, beside what passes.
        await olga.SeesAsync(olga.Picture.GetByText("203.0.113.10"));
        await olga.SeesAsync(olga.Picture.GetByText(" packets/s, "));
        await olga.SeesAsync("1 change waits for approval");

        // This one is docs/page.png.
        await olga.Page.SetViewportSizeAsync(1280, 1000);
        await olga.KeepAsync("now");

        // The same in words, for who does not look.
        Assert.Equal(
            "The edge now: 1 gateway, 10 ports open, 3 VMs, 2 peers, nothing in trouble.",
            await olga.Picture.GetAttributeAsync("aria-label")
        );
        var row = olga.Row("tcp 5432");
        await Assertions.Expect(row).ToContainTextAsync("vm1:5432pgbouncer203.0.113.0/24no end");
        await Assertions.Expect(row).ToContainTextAsync("operator");
        await Assertions.Expect(olga.Row("tcp 7000")).ToContainTextAsync("1.2 k/s");
    }

    [Fact]
    public async Task A_click_leads_to_the_story_and_from_there_to_the_change()
    {
        await using var olga = await chromium.SignInAsync(furnished.Edition, "operator");
        await olga.GoAsync("now");
        await olga.Picture.GetByRole(AriaRole.Link, new() { Name = "app.example.com" }).ClickAsync();
        await olga.SeesAsync("app.example.com · at gw1, all history: 3 lines");
        await olga.Page.Locator("#timeline").GetByRole(AriaRole.Link, new() { Name = "gw1#13" }).First.ClickAsync();
        await olga.SeesAsync(olga.Page.Locator("#changes dd").GetByText("the shop has a name now"));
        await olga.Page.GoBackAsync();
        await olga.SeesAsync("app.example.com · at gw1, all history: 3 lines");
        await olga.Page.ReloadAsync();
        await olga.SeesAsync("app.example.com · at gw1, all history: 3 lines");
    }

    [Fact]
    public async Task A_keyboard_is_enough()
    {
        await using var olga = await chromium.SignInAsync(furnished.Edition, "operator");
        await olga.GoAsync("now");
        await olga.SeesAsync(olga.Picture);
        await TabToAsync(olga, "a[aria-label^='tcp 7000']");
        await olga.Page.Keyboard.PressAsync("Enter");
        await olga.SeesAsync("7000 · at gw1, all history");
        await TabToAsync(olga, "#timeline .key");
        await olga.Page.Keyboard.PressAsync("Enter");
        await olga.SeesAsync(olga.Page.GetByRole(AriaRole.Heading, new() { Name = "Story" }));
        await TabToAsync(olga, "#line");
        await olga.Page.Keyboard.TypeAsync("vms");
        await olga.Page.Keyboard.PressAsync("Enter");
        await olga.SeesAsync(olga.Page.Locator("#room article.bot").GetByText("400::100:0:0:2"));
    }

    [Fact]
    public async Task A_viewer_sees_no_address_or_key_of_a_peer()
    {
        await using var vic = await chromium.SignInAsync(furnished.Edition, "viewer");
        foreach (var view in new[] { "now", "changes", "changes/gw1/4", "timeline?q=laptop" })
        {
            await vic.GoAsync(view);
            await vic.SeesAsync(vic.Page.Locator("section:not([hidden])").GetByText("laptop"));
            await vic.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
            var all = await vic.AllTextAsync();
            Assert.DoesNotContain(Furnished.PeerAddress, all, StringComparison.Ordinal);
            Assert.DoesNotContain(Furnished.PeerKey, all, StringComparison.Ordinal);
        }

        await using var olga = await chromium.SignInAsync(furnished.Edition, "operator");
        await olga.GoAsync("changes/gw1/4");
        await olga.SeesAsync(olga.Page.Locator("#changes").GetByText(Furnished.PeerAddress));
    }

    [Fact]
    public async Task What_is_asked_for_narrows_table_and_picture_and_stands_in_the_address_bar()
    {
        await using var olga = await chromium.SignInAsync(furnished.Edition, "operator");
        await olga.GoAsync("now?vm=vm1&sort=-packets");
        await Assertions.Expect(olga.Rows).ToHaveCountAsync(6);
        await olga.Page.GetByLabel("Find").FillAsync("postgres");
        await Assertions.Expect(olga.Rows).ToHaveCountAsync(1);
        await Assertions.Expect(olga.Picture.Locator("a.port")).ToHaveCountAsync(1);
        await Assertions
            .Expect(olga.Page)
            .ToHaveURLAsync(new System.Text.RegularExpressions.Regex("#/now\\?vm=vm1&sort=-packets&find=postgres$"));
        await olga.Link("and 9 ports more").ClickAsync();
        await Assertions.Expect(olga.Rows).ToHaveCountAsync(10);
        await olga.Page.GetByRole(AriaRole.Button, new() { Name = "Now", Exact = true }).ClickAsync();
        await Assertions.Expect(olga.Rows.First).ToContainTextAsync("tcp 7000");
        await olga.Page.GetByLabel("All ports").SelectOptionAsync("unused");
        await Assertions.Expect(olga.Row("tcp 2222")).ToHaveCountAsync(1);
        await Assertions.Expect(olga.Row("tcp 7000")).ToHaveCountAsync(0);

        // Nobody has counted for thirty days yet, and it says so.
        await olga.Page.GetByLabel("All ports").SelectOptionAsync("unused30");
        await Assertions.Expect(olga.Rows).ToHaveCountAsync(0);
        await Assertions
            .Expect(olga.Page.Locator(".shown"))
            .ToHaveTextAsync(
                new System.Text.RegularExpressions.Regex("^0 ports of [0-9]+, as packets are counted since 20[0-9-]+ [0-9:]+$")
            );
    }

    [Fact]
    public async Task An_address_is_copied_and_what_may_be_done_about_a_row_fills_the_line()
    {
        await using var olga = await chromium.SignInAsync(furnished.Edition, "operator");
        await olga.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await olga.GoAsync("now");
        await olga.Row("tcp 7000").GetByRole(AriaRole.Button, new() { Name = "Copy 203.0.113.10:7000" }).ClickAsync();
        await Assertions.Expect(olga.Row("tcp 7000").Locator("button path")).ToHaveAttributeAsync("d", "M3 8l4 4 6-8");
        Assert.Equal("203.0.113.10:7000", await olga.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        await Assertions.Expect(olga.Row("app.example.com").Locator("a[target]")).ToHaveAttributeAsync("href", "https://app.example.com/");
        await olga.Row("tcp 19001").GetByRole(AriaRole.Link, new() { Name = "extend" }).ClickAsync();
        await Assertions
            .Expect(olga.Page.Locator("#line"))
            .ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^extend \\d+ for 1h$"));
        await olga.Row("tcp 7000").GetByRole(AriaRole.Link, new() { Name = "close" }).ClickAsync();
        await Assertions.Expect(olga.Page.Locator("#line")).ToHaveValueAsync("unexpose 7000");

        // Nothing of that for who may only look.
        await using var vic = await chromium.SignInAsync(furnished.Edition, "viewer");
        await vic.GoAsync("now");
        await vic.SeesAsync(vic.Row("tcp 7000"));
        await vic.SeesNoneAsync(vic.Page.Locator(".offer, .opener:not([hidden])"));
    }

    [Fact]
    public async Task The_ports_of_a_folder_are_written_and_none_is_called_open()
    {
        await using var edition = await Edition.StartAsync(isFolder: true);
        await edition.AppliedAsync("vm add vm1 10.1.0.11", "expose vm1:8080 on 80");
        await using var olga = await chromium.SignInAsync(edition, "operator");
        await olga.GoAsync("now");
        await Assertions
            .Expect(olga.Page.Locator(".shown"))
            .ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^1 port written, times in "));
        await Assertions
            .Expect(olga.Picture)
            .ToHaveAttributeAsync("aria-label", "The edge now: 1 gateway, 1 port written, 1 VM, 0 peers, nothing in trouble.");
        await olga.SeesAsync("a folder: its files are written, and nothing is switched on");
    }

    [Fact]
    public async Task A_form_writes_the_line_that_one_would_type_and_says_it()
    {
        await using var edition = await Edition.StartAsync();
        await edition.AppliedAsync("vm add vm1 10.1.0.11");
        await using var olga = await chromium.SignInAsync(edition, "operator");
        await olga.GoAsync("now");
        await olga.Page.Locator(".opener summary").ClickAsync();
        await olga.Page.GetByLabel("VM", new() { Exact = true }).FillAsync("vm1");
        await olga.Page.GetByLabel("Its port").FillAsync("8080");
        await olga.Page.GetByLabel("Open on").FillAsync("80");
        await olga.Page.GetByLabel("How long").SelectOptionAsync("8h");
        await olga.Page.GetByLabel("Because").FillAsync("the \"shop\"");
        await Assertions.Expect(olga.Page.Locator("output.line")).ToHaveTextAsync("expose vm1:8080 on 80 for 8h because \"the 'shop'\"");
        await olga.Button("Propose").ClickAsync();
        await olga.SeesAsync(olga.Page.Locator("#changes .headline").GetByText("open tcp 80 -> vm1:8080"));
    }

    [Fact]
    public async Task An_empty_edge_says_what_to_type_and_drift_is_red()
    {
        await using var edition = await Edition.StartAsync();
        await using var olga = await chromium.SignInAsync(edition, "operator");
        await olga.GoAsync("now");
        await olga.SeesAsync("Nothing is open yet. Type:");
        await olga.Link("vm add vm1 ADDRESS").ClickAsync();
        await Assertions.Expect(olga.Page.Locator("#line")).ToHaveValueAsync("vm add vm1 ADDRESS");
        await Assertions.Expect(olga.Page.Locator("#line")).ToBeFocusedAsync();

        await edition.AppliedAsync("vm add vm1 10.1.0.11", "expose vm1:8080 on 80");
        edition.Drifts(new Drift("nftables", "-  tcp dport 80"));
        await olga.SeesAsync(olga.Page.Locator(".alert"));
        await olga.SeesAsync(olga.Picture.Locator(".gateway.bad"));
        await olga.KeepAsync("now-drift");
    }

    [Fact]
    public async Task Thousands_of_ports_stand_together_by_vm()
    {
        await using var edition = await Edition.StartAsync();
        await edition.AppliedAsync(
            "vm add vm1 10.1.0.11",
            "vm add vm2 10.1.0.12",
            "expose vm1:20000-20999 on 20000-20999",
            "expose vm1:21000-21999 on 21000-21999",
            "expose vm2:8080-8089 on 8080-8089"
        );
        await using var olga = await chromium.SignInAsync(edition, "operator");
        await olga.GoAsync("now");
        await olga.SeesAsync(olga.Picture.GetByText("2,000 ports"));
        Assert.Contains("2,010 ports open", await olga.Picture.GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        await olga.Picture.GetByRole(AriaRole.Link, new() { Name = "10 ports, tcp 8080-8089" }).ClickAsync();
        await Assertions.Expect(olga.Picture.Locator("a.port")).ToHaveCountAsync(10);
        await Assertions.Expect(olga.Rows).ToHaveCountAsync(10);
    }

    private static async Task TabToAsync(Visitor visitor, string selector)
    {
        for (var i = 0; i < 150; i++)
        {
            await visitor.Page.Keyboard.PressAsync("Tab");
            if (await visitor.Page.EvaluateAsync<bool>("s => document.activeElement.matches(s)", selector))
                return;
        }

        Assert.Fail($"no way to {selector} by the Tab key");
    }
}
