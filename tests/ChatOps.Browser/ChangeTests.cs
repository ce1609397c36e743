using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>A change from its proposal to its end, as several people see it at once.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class ChangeTests(Chromium chromium) : IAsyncLifetime
{
    private Edition _edition = null!;

    public async Task InitializeAsync()
    {
        _edition = await Edition.StartAsync();
        await _edition.AppliedAsync("vm add vm2 400::100:0:0:2");
    }

    public Task DisposeAsync() => _edition.DisposeAsync().AsTask();

    [Fact]
    public async Task One_proposes_another_approves_and_both_see_it_confirmed()
    {
        await using var olga = await SignedInAsync("operator");
        await using var ada = await SignedInAsync("approver");
        await ada.GoAsync("changes");
        await ada.SeesAsync("None is open");
        await olga.GoAsync("now");
        await olga.SayAsync("expose vm2:8080 on 80 because \"launch of the shop\"");

        // The other browser shows it without being asked.
        await ada.Link("gw1#2").First.ClickAsync();
        await ada.SeesAsync(ada.Page.GetByRole(AriaRole.Heading, new() { Name = "gw1#2 open tcp 80 -> vm2:8080" }));
        await ada.SeesAsync("waits for 1 approval (approver)");
        await ada.SeesAsync(ada.Page.Locator("#changes").GetByText("IPv6 clients: nftables DNAT to [400::100:0:0:2]:8080"));
        await ada.Page.Locator("#changes summary").First.ClickAsync();
        await ada.SeesAsync(ada.Page.Locator("#changes .added").GetByText("+"));
        await ada.Page.Locator("#changes").GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();

        await ada.SeesAsync(ada.Page.Locator("#changes .state").GetByText("confirmed, revision 2"));
        await ada.SeesAsync(ada.Page.Locator(".steps").GetByText("validating"));
        await ada.SeesNoneAsync(ada.Page.Locator("#changes .decisions button"));
        await olga.SeesAsync(
            olga.Picture.GetByRole(AriaRole.Link, new() { Name = "tcp 80, carried by nftables and HAProxy map, leads to vm2:8080" })
        );
    }

    [Fact]
    public async Task Nobody_is_offered_what_they_may_not_and_the_chat_says_the_same()
    {
        await _edition.SayAsync("operator: expose vm2:8080 on 80");
        await using var olga = await SignedInAsync("operator");
        await olga.GoAsync("changes/gw1/2");
        await olga.SeesAsync(olga.Page.Locator("#changes").GetByRole(AriaRole.Button, new() { Name = "Withdraw", Exact = true }));
        await olga.SeesNoneAsync(olga.Page.Locator("#changes").GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }));

        await using var vic = await SignedInAsync("viewer");
        await vic.GoAsync("changes/2");
        await vic.SeesAsync(vic.Page.Locator("#changes").GetByText("approve needs the role approver; viewer has the role viewer."));
        await vic.SeesNoneAsync(vic.Page.Locator("#changes .decisions button"));
    }

    [Fact]
    public async Task A_refusal_to_a_button_is_the_refusal_to_the_line()
    {
        await _edition.SayAsync("operator: expose vm2:8080 on 80");
        await using var ada = await SignedInAsync("approver");
        await ada.GoAsync("changes/gw1/2");
        var approve = ada.Page.Locator("#changes").GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true });
        await ada.SeesAsync(approve);

        // What the page asks is not answered any more, so it still shows a button that has nothing left to decide.
        await ada.Page.RouteAsync("**/api/change?**", _ => Task.CompletedTask);
        await _edition.SayAsync("operator: withdraw 2");
        await approve.ClickAsync();
        const string Refusal = "#2 is withdrawn; there is nothing left to decide.";
        await ada.SeesAsync(ada.Page.Locator("#decided").GetByText(Refusal));
        await ada.SeesAsync(ada.Page.Locator("#room article.bad").GetByText(Refusal));
    }

    [Fact]
    public async Task On_a_phone_a_long_plan_is_whole_and_the_button_is_under_the_thumb()
    {
        await _edition.SayAsync("operator: expose vm2:9000-9059 on 9000-9059");
        await using var ada = await chromium.SignInAsync(_edition, "approver", 390);
        await ada.GoAsync("now");
        await Assertions.Expect(ada.Page.Locator("#mine")).ToHaveTextAsync("1");
        await Assertions.Expect(ada.Page).ToHaveTitleAsync("(1) Now - ChatOps");
        await ada.GoAsync("changes/gw1/2");
        var approve = ada.Page.Locator("#changes").GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true });
        await Assertions.Expect(approve).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions
            .Expect(ada.Page.Locator("#changes .plan li").GetByText("tcp 9059, IPv6 clients: nftables DNAT"))
            .ToHaveCountAsync(1);
        await ada.KeepAsync("change-long-390");
        await approve.ClickAsync();
        await ada.SeesAsync(ada.Page.Locator("#changes .state").GetByText("confirmed, revision 2"));
        await Assertions.Expect(ada.Page.Locator("#mine")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task In_the_chat_a_long_plan_is_whole_too_and_approve_stays_on_the_screen()
    {
        await _edition.SayAsync("operator: expose vm2:9000-9059 on 9000-9059");
        await using var ada = await chromium.SignInAsync(_edition, "approver", 390);
        await ada.GoAsync("chat");
        var card = ada.Page.Locator("#room article.waiting");
        var last = card.GetByText("tcp 9059, IPv6 clients: nftables DNAT");
        await Assertions.Expect(last).ToHaveCountAsync(1);
        await Assertions.Expect(last).ToBeHiddenAsync();
        await card.GetByText("and 110 more", new() { Exact = true }).ClickAsync();
        await last.ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(last).ToBeInViewportAsync(new() { Ratio = 1 });
        var approve = card.GetByRole(AriaRole.Button, new() { Name = "Approve gw1#2" });
        await Assertions.Expect(approve).ToBeInViewportAsync(new() { Ratio = 1 });
        await ada.KeepAsync("chat-long-390");

        // At its beginning as well; and unfolded it stays, when the card is told anew.
        await card.GetByText("waiting for 1 approval").ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(approve).ToBeInViewportAsync(new() { Ratio = 1 });
        await _edition.SayAsync("operator: expose vm2:9059 on 9059");
        await ada.SeesAsync(ada.Page.Locator("#room article.waiting").Nth(1));
        await Assertions.Expect(last).ToBeVisibleAsync();
        await approve.ClickAsync();
        await ada.SeesAsync(ada.Page.Locator("#room article.good").GetByText("confirmed · revision 2"));
    }

    [Fact]
    public async Task What_can_be_typed_next_is_pressed_in_the_chat_and_only_what_works_is_offered()
    {
        await using var vic = await SignedInAsync("viewer");
        await vic.GoAsync("now");
        await _edition.SayAsync("operator: expose vm2:8080 on 80");
        var card = vic.Page.Locator("#room article.waiting");
        await Assertions.Expect(card.Locator("details + pre")).ToHaveTextAsync("show 2");
        await vic.SeesNoneAsync(card.GetByText("approve 2").Or(card.GetByText("deny 2")));
        await Assertions.Expect(card.Locator("pre.beginning span")).ToHaveCountAsync(6);
        await card.Locator("summary").GetByText(" lines more").ClickAsync();
        await Assertions.Expect(card.Locator("pre.beginning")).ToBeHiddenAsync();
        await vic.SeesAsync(card.Locator("details pre").GetByText("+80 400::100:0:0:2/8080"));
        await card.GetByRole(AriaRole.Link, new() { Name = "show 2", Exact = true }).ClickAsync();
        await Assertions.Expect(vic.Page.Locator("#line")).ToHaveValueAsync("show 2");
        await vic.SeesNoneAsync(card.GetByRole(AriaRole.Button));

        // Who may is offered it.
        await using var ada = await SignedInAsync("approver");
        await ada.GoAsync("now");
        await ada.Page.Locator("#room article.waiting").GetByRole(AriaRole.Link, new() { Name = "approve 2", Exact = true }).ClickAsync();
        await Assertions.Expect(ada.Page.Locator("#line")).ToHaveValueAsync("approve 2");
    }

    [Fact]
    public async Task Text_of_people_stays_text()
    {
        const string Hostile = "<img src=x onerror=alert(1)><b>bold</b> & 'quotes'";
        await _edition.SayAsync($"operator: expose vm2:8080 on 80 because \"{Hostile}\"");
        await using var ada = await SignedInAsync("approver");
        ada.Page.Dialog += (_, dialog) => Assert.Fail($"a dialog: {dialog.Message}");
        await ada.GoAsync("changes/gw1/2");
        await ada.SeesAsync(ada.Page.Locator("#changes dd").GetByText(Hostile));
        await ada.Page.Locator("#changes").GetByRole(AriaRole.Button, new() { Name = "Deny", Exact = true }).ClickAsync();
        await ada.Page.GetByLabel("Deny because").FillAsync($"no: {Hostile}");
        await ada.Page.Keyboard.PressAsync("Enter");
        await ada.SeesAsync(ada.Page.Locator("#changes .state").GetByText("denied by approver"));
        await ada.SeesAsync(ada.Page.Locator("#changes .lines").GetByText($"no: {Hostile}"));
        await ada.GoAsync($"timeline?q={Uri.EscapeDataString("text \"<img\"")}");
        await ada.SeesAsync(ada.Page.Locator("#timeline .lines").GetByText(Hostile));
        await ada.SeesNoneAsync(ada.Page.Locator("img"));
        await ada.SeesNoneAsync(ada.Page.Locator("b").GetByText("bold", new() { Exact = true }));
    }

    private Task<Visitor> SignedInAsync(string name) => chromium.SignInAsync(_edition, name);
}
