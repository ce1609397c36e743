using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>The chat before anything was said, and what tells a reader who looks elsewhere.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class ChatTests(Chromium chromium)
{
    // A browser that keeps what it was told to notify of, and looks elsewhere.
    private const string Notifies = """
        window.notified = [];
        window.Notification = class extends EventTarget {
          static permission = "PERMISSION";
          static async requestPermission() { return (this.permission = "granted"); }
          constructor(title, { body, tag }) { super(); notified.push(`${title} | ${body} | ${tag}`); window.newest = this; }
          close() {}
        };
        document.hasFocus = () => false;
        """;

    private const string Told = "gw1#3 waits for you | open tcp 81 -> vm1:8081, by operator | gw1#3";

    [Fact]
    public async Task An_empty_chat_shows_what_could_be_said_and_a_press_fills_the_field()
    {
        await using var edition = await Edition.StartAsync();
        await using var vic = await chromium.SignInAsync(edition, "viewer");
        const string Nothing = "retry: 600000\n\n";
        await vic.Page.RouteAsync("**/room", route => route.FulfillAsync(new() { ContentType = "text/event-stream", Body = Nothing }));
        await vic.Page.GotoAsync("/#/chat");
        await vic.Page.ReloadAsync();
        await vic.SeesAsync("Nothing has been said yet.");
        await vic.Page.Locator("#nothing").GetByRole(AriaRole.Link, new() { Name = "help expose", Exact = true }).ClickAsync();
        await Assertions.Expect(vic.Page.Locator("#line")).ToHaveValueAsync("help expose");
        await vic.Page.UnrouteAllAsync();
        await vic.Page.ReloadAsync();
        await vic.SayAsync("vms");
        await vic.SeesAsync(vic.Page.Locator("#room article.person"));
        await Assertions.Expect(vic.Page.Locator("#nothing")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Who_looks_elsewhere_is_notified_of_what_waits_for_them_and_only_of_that()
    {
        await using var edition = await Edition.StartAsync();
        await edition.AppliedAsync("vm add vm1 10.1.0.11");
        await edition.SayAsync("operator: expose vm1:8080 on 80");
        await using var ada = await WithNotificationsAsync(edition, "approver", "granted");
        await using var olga = await WithNotificationsAsync(edition, "operator", "granted");
        await Assertions.Expect(ada.Page.Locator("#mine")).ToHaveTextAsync("1");
        await Assertions.Expect(ada.Page.Locator("#notify")).ToBeHiddenAsync();
        await edition.SayAsync("operator: expose vm1:8081 on 81");
        await Assertions.Expect(ada.Page.Locator("#mine")).ToHaveTextAsync("2");
        Assert.Equal([Told], await ada.Page.EvaluateAsync<string[]>("() => notified"));
        await ada.Page.EvaluateAsync("() => newest.dispatchEvent(new Event('click'))");
        await ada.SeesAsync(ada.Page.GetByRole(AriaRole.Heading, new() { Name = "gw1#3 open tcp 81" }));
        await olga.SeesAsync(olga.Page.Locator("#room").GetByText("open tcp 81 -> vm1:8081").First);
        Assert.Empty(await olga.Page.EvaluateAsync<string[]>("() => notified"));
    }

    [Fact]
    public async Task It_is_asked_for_by_a_button_of_whoever_something_waits_for()
    {
        await using var edition = await Edition.StartAsync();
        await edition.AppliedAsync("vm add vm1 10.1.0.11");
        await using var ada = await WithNotificationsAsync(edition, "approver", "default");
        await Assertions.Expect(ada.Page.Locator("#notify")).ToBeHiddenAsync();
        await edition.SayAsync("operator: expose vm1:8080 on 80");
        await ada.Button("Notify me").ClickAsync();
        await Assertions.Expect(ada.Page.Locator("#notify")).ToBeHiddenAsync();
        await edition.SayAsync("operator: expose vm1:8081 on 81");
        await Assertions.Expect(ada.Page.Locator("#mine")).ToHaveTextAsync("2");
        Assert.Equal([Told], await ada.Page.EvaluateAsync<string[]>("() => notified"));
    }

    private async Task<Visitor> WithNotificationsAsync(Edition edition, string name, string permission)
    {
        var visitor = await chromium.SignInAsync(edition, name);
        await visitor.Page.AddInitScriptAsync(Notifies.Replace("PERMISSION", permission, StringComparison.Ordinal));
        await visitor.Page.ReloadAsync();
        await visitor.GoAsync("now");
        return visitor;
    }
}
