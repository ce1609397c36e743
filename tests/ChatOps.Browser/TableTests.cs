using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>What is open as a table: its order, its filters, and what stands in a row.</summary>
[Collection(ChromiumCollection.Name)]
public sealed partial class TableTests(Chromium chromium) : IAsyncLifetime
{
    private Edition _edition = null!;

    public async Task InitializeAsync()
    {
        _edition = await Edition.StartAsync();
        await _edition.AppliedAsync(
            "vm add vm1 10.1.0.11",
            "vm add vm2 10.1.0.12",
            "expose vm2:8080 on 80 because \"launch of the shop\"",
            "admin: expose vm1:5432 as postgres from 203.0.113.0/24 for 40m",
            "expose vm2:22 on 2222 for 3h"
        );
        await _edition.CountsAsync(("80", 5), ("5432", 900));
    }

    public Task DisposeAsync() => _edition.DisposeAsync().AsTask();

    [Fact]
    public async Task On_a_phone_each_value_has_the_name_of_its_column_for_eyes_and_for_ears()
    {
        await using var olga = await chromium.SignInAsync(_edition, "operator", 390);
        await olga.GoAsync("now");
        var cells = olga.Row("tcp 5432").GetByRole(AriaRole.Cell);
        await Assertions.Expect(cells).ToHaveCountAsync(6);
        await Assertions.Expect(olga.Row("tcp 5432").Locator(".c-from")).ToContainTextAsync("203.0.113.0/24");

        // What a column is called is part of what is read.
        var read = await olga.Row("tcp 5432").AriaSnapshotAsync();
        Assert.Matches(new Regex("cell \"Open tcp 5432 "), read);
        Assert.Matches(new Regex("cell \"Leads to vm1:5432"), read);
        Assert.Matches(new Regex("cell \"From 203.0.113.0/24"), read);
        Assert.Matches(new Regex("cell \"Until "), read);
        Assert.Matches(new Regex("cell \"Who and why "), read);
        Assert.Matches(new Regex("cell \"Now 900/s"), read);
        Assert.True(
            await cells.EvaluateAllAsync<bool>(
                "all => all.every(c => c.scrollHeight <= c.closest('.row').clientHeight && c.clientWidth > 40)"
            )
        );
        await olga.KeepAsync("phone-cards");
    }

    [Theory]
    [InlineData("port", "Open", "Open", "80 2222 5432")]
    [InlineData("target", "Leads to", "Leads to", "5432 2222 80")]
    [InlineData("from", "From", "From", "80 2222 5432")]
    [InlineData("until", "Until", "Until", "5432 2222 80")]
    [InlineData("who", "Who and why", "Who and why", "5432 80 2222")]
    [InlineData("packets", "Now", "Nowlast seen", "5432 80 2222")]
    [InlineData("seen", "last seen", "Nowlast seen", "80 5432 2222")]
    public async Task Each_head_of_a_column_orders_by_it_both_ways_and_says_so(string order, string button, string head, string expected)
    {
        await using var olga = await chromium.SignInAsync(_edition, "operator");
        await olga.GoAsync("now");
        await Assertions.Expect(olga.Row("tcp 5432").Locator(".c-packets")).ToContainTextAsync("900/s");
        var column = olga.Page.GetByRole(AriaRole.Columnheader).Filter(new() { HasTextRegex = new($"^{head}$") });
        var press = column.GetByRole(AriaRole.Button, new() { Name = button, Exact = true });
        await Assertions.Expect(column).ToHaveAttributeAsync("aria-sort", "none");
        await press.ClickAsync();
        await Assertions.Expect(column).ToHaveAttributeAsync("aria-sort", "ascending");
        await Assertions.Expect(Labels(olga)).ToHaveTextAsync(expected.Split(' ').Select(p => $"tcp {p}").ToArray());
        await Assertions.Expect(olga.Page).ToHaveURLAsync(new Regex($"#/now\\?sort={order}$"));

        await press.ClickAsync();
        await Assertions.Expect(column).ToHaveAttributeAsync("aria-sort", "descending");
        await Assertions.Expect(Labels(olga).Last).ToHaveTextAsync($"tcp {LastOf(order, expected)}");
        await olga.Page.ReloadAsync();
        await Assertions.Expect(column).ToHaveAttributeAsync("aria-sort", "descending");
        await Assertions.Expect(Labels(olga).Last).ToHaveTextAsync($"tcp {LastOf(order, expected)}");
        await Assertions.Expect(olga.Page.Locator("[aria-sort=none]")).ToHaveCountAsync(5);

        // A third time puts it back.
        await press.ClickAsync();
        await Assertions.Expect(column).ToHaveAttributeAsync("aria-sort", "none");
        await Assertions.Expect(olga.Page).ToHaveURLAsync(new Regex("#/now$"));
    }

    // What is equal by an order stays as it was.
    private static string LastOf(string order, string expected) =>
        order switch
        {
            "from" => "2222",
            "seen" => "5432",
            _ => expected.Split(' ')[0],
        };

    [Theory]
    [InlineData("Anybody", "by", "admin", "5432")]
    [InlineData("Anybody", "by", "operator", "80 2222")]
    [InlineData("Any engine", "engine", "pgbouncer", "5432")]
    [InlineData("Any VM", "vm", "vm2", "80 2222")]
    [InlineData("All ports", "show", "ending", "2222 5432")]
    [InlineData("All ports", "show", "trouble", "2222")]
    public async Task A_filter_stands_in_the_address_bar_and_is_kept(string label, string name, string value, string expected)
    {
        await using var olga = await chromium.SignInAsync(_edition, "operator");

        // One of the ports is in trouble.
        await olga.Page.RouteAsync("**/api/now?**", async route =>
        {
            const string Label = "\"label\":\"tcp 2222\"";
            var answer = await route.FetchAsync();
            var edge = await answer.TextAsync();
            var bad = edge.Replace(Label, $"{Label},\"trouble\":\"vm2:22 does not answer\"", StringComparison.Ordinal);
            await route.FulfillAsync(new() { Response = answer, Body = bad });
        });
        await olga.Page.ReloadAsync();
        await Assertions.Expect(olga.Rows).ToHaveCountAsync(3);
        await olga.Page.GetByLabel(label).SelectOptionAsync(value);
        await ShowsAsync();
        await olga.Page.ReloadAsync();
        await ShowsAsync();
        await olga.Link("Clear").ClickAsync();
        await Assertions.Expect(olga.Rows).ToHaveCountAsync(3);
        await Assertions.Expect(olga.Page).ToHaveURLAsync(new Regex("#/now$"));

        async Task ShowsAsync()
        {
            await Assertions.Expect(Labels(olga)).ToHaveTextAsync(expected.Split(' ').Select(p => $"tcp {p}").ToArray());
            await Assertions.Expect(olga.Picture.Locator("a.port")).ToHaveCountAsync(expected.Split(' ').Length);
            await Assertions.Expect(olga.Page).ToHaveURLAsync(new Regex($"#/now\\?{name}={value}$"));
            await Assertions.Expect(olga.Page.GetByLabel(label)).ToHaveValueAsync(value);
        }
    }

    [Fact]
    public async Task A_row_says_why_it_is_open_when_something_last_passed_and_counts_down_in_the_last_hour()
    {
        await using var olga = await chromium.SignInAsync(_edition, "operator");
        await olga.GoAsync("now");
        await Assertions.Expect(olga.Row("tcp 80").Locator(".c-who")).ToContainTextAsync("launch of the shop");
        var seen = olga.Row("tcp 80").Locator(".c-packets .second");
        await Assertions.Expect(seen).ToHaveTextAsync(Passed());
        await Assertions.Expect(seen).ToHaveAttributeAsync("title", new Regex(@"^last packet \d{4}-\d\d-\d\d \d\d:\d\d$"));
        await Assertions.Expect(olga.Row("tcp 2222").Locator(".c-packets .second")).ToHaveTextAsync("unused");
        await Assertions.Expect(olga.Row("tcp 2222").Locator(".left")).ToHaveTextAsync("in 2 h");
        var left = olga.Row("tcp 5432").Locator(".left.soon");
        await Assertions.Expect(left).ToHaveTextAsync(Left());
        await Assertions.Expect(left).Not.ToHaveTextAsync(await left.InnerTextAsync());
        await Assertions.Expect(left).ToHaveTextAsync(Left());
    }

    private static ILocator Labels(Visitor visitor) => visitor.Page.Locator(".rows .row .label");

    [GeneratedRegex(@"^(now|\d+ (s|min) ago)$")]
    private static partial Regex Passed();

    [GeneratedRegex(@"^[0-3]\d:[0-5]\d left$")]
    private static partial Regex Left();
}
