using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Web;

/// <summary>What the page asks: for whom, and what of it they are told.</summary>
public sealed partial class PageDataSpecs : IAsyncLifetime
{
    private const string Key = "5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";
    private const string PeerAddress = "10.1.0.77";

    private static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");

    private WebRoom _web = null!;

    public async Task InitializeAsync() => _web = await WebRoom.OpenAsync();

    public Task DisposeAsync() => _web.DisposeAsync().AsTask();

    public static TheoryData<string> Questions =>
        ["now", "live", "then?at=1m", "moments", "mine", "changes", "change?of=gw1%231", "timeline", "suggest?line=audit"];

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Who_is_not_signed_in_is_told_nothing(string question)
    {
        using var stranger = new Browser(_web.Uri);
        using var answer = await stranger.GetAsync($"/api/{question}");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.DoesNotContain("gw1", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.OK)]
    public async Task Another_page_of_the_same_browser_cannot_ask_in_its_name(string site, HttpStatusCode expected)
    {
        using var olga = await _web.SignInAsync("olga");
        using var answer = await olga.GetAsync("/api/timeline", ("Sec-Fetch-Site", site));
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Nobody_without_the_right_sees_a_peers_key_or_address(string question)
    {
        await _web.HappensAsync(
            new PeerAdded(0, Text.Parse<Name<Peer>>("laptop"), Text.Parse<WireGuardKey>(Key), Text.Parse<Address>(PeerAddress))
        );
        using var olga = await _web.SignInAsync("olga");
        using var said = await olga.SayAsync($"peer rotate laptop {Key.Replace('5', '7')}");
        using var proposed = await olga.SayAsync($"expose vm2:8080 on 80 because \"as {PeerAddress} said\\n{PeerAddress}\"");
        using var vic = await _web.SignInAsync("vic");
        foreach (var asked in new[] { question, $"timeline?q={Uri.EscapeDataString("text \"said\"")}", "change?of=2" })
        {
            var text = await (await vic.GetAsync($"/api/{asked}")).Content.ReadAsStringAsync();
            Assert.DoesNotContain(PeerAddress, text, StringComparison.Ordinal);
            Assert.DoesNotContain(
                Key[1..^1],
                JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(text)).Replace("\\u002B", "+", StringComparison.Ordinal),
                StringComparison.Ordinal
            );
        }

        Assert.Contains(PeerAddress, (await olga.AskAsync("now")).ToString(), StringComparison.Ordinal);
        var peer = (await vic.AskAsync("now")).Gateways()[0].GetProperty("peers")[0];
        Assert.Equal(("laptop", "(hidden)"), (peer.Word("name"), peer.Word("address")));
    }

    [Fact]
    public async Task A_picture_tells_what_carries_a_port_where_it_leads_and_how_much_passes()
    {
        await OpenAsync("80");
        var now = TimeProvider.System.GetUtcNow();
        _web.Board.Add(Gw1, Sample(now.AddSeconds(-10), 0));
        _web.Board.Add(Gw1, Sample(now, 12_000));
        using var vic = await _web.SignInAsync("vic");
        var port = (await vic.AskAsync("now")).Gateways()[0].GetProperty("ports")[0];
        Assert.Equal(("80", "tcp 80", "vm2:8080"), (port.Word("endpoint"), port.Word("label"), port.Word("targets")));
        Assert.Equal(["nftables", "HAProxy map"], port.GetProperty("engines").EnumerateArray().Select(e => e.GetString()!));
        var rate = (await vic.AskAsync("live")).Gateways()[0].GetProperty("ports").GetProperty("80");
        Assert.Equal("1.2 k packets/s, 117 KiB/s, 4 connections open", rate.Word("words"));
        Assert.Equal(now, rate.GetProperty("seen").GetDateTimeOffset());
    }

    [Fact]
    public async Task What_is_wrong_stands_where_it_is_wrong()
    {
        await OpenAsync("80");
        await _web.HappensAsync(
            new AlertRaised("backend 80 vm2:8080", "vm2:8080 does not answer the checks of tcp 80 on gw1", null, ["stats 80"]),
            new AlertRaised("drift", "gw1 has drifted", "diff", ["repair"])
        );
        using var vic = await _web.SignInAsync("vic");
        var gateway = (await vic.AskAsync("now")).Gateways()[0];
        Assert.Equal(["gw1 has drifted"], gateway.GetProperty("trouble").EnumerateArray().Select(t => t.GetString()!));
        Assert.StartsWith("vm2:8080 does not answer", gateway.GetProperty("ports")[0].Word("trouble"), StringComparison.Ordinal);
        Assert.StartsWith("vm2:8080 does not answer", gateway.GetProperty("vms")[0].Word("trouble"), StringComparison.Ordinal);
        Assert.Equal(2, gateway.GetProperty("alerts").GetArrayLength());
    }

    [Fact]
    public async Task Every_port_is_told_with_who_opened_it_why_for_whom_and_until_when()
    {
        await OpenAsync([.. Enumerable.Range(20000, 500).Select(p => $"{p}")]);
        using var olga = await _web.SignInAsync("olga");
        using var said = await olga.SayAsync("expose vm2:8080 on 80 from 203.0.113.0/24 until 2190-01-01 because \"launch\"");
        using var ada = await _web.SignInAsync("ada");
        using var approved = await ada.SayAsync("approve 1");
        var options = new ExposureOptions(
            Text.Parse<Networks>("203.0.113.0/24"),
            DateTimeOffset.Parse("2190-01-02T00:00:00Z", CultureInfo.InvariantCulture)
        );
        await _web.HappensAsync(
            new ExposureOpened(1, Text.Parse<PublicEndpoint>("80"), [Text.Parse<VmEndpoint>("vm2:8080")], options),
            new ChangeApplied(1, new Revision(1), new string('0', 64), ImmutableSortedDictionary<string, int>.Empty, [])
        );
        var ports = (await olga.AskAsync("now")).Gateways()[0].GetProperty("ports").EnumerateArray().ToList();
        Assert.Equal(501, ports.Count);
        var port = ports.Single(p => p.Word("endpoint") == "80");
        Assert.Equal(
            ("203.0.113.0/24", "gw1#1", "olga", "launch"),
            (port.Word("from"), port.Word("change"), port.Word("by"), port.Word("reason"))
        );
        Assert.Equal(options.Until, port.GetProperty("until").GetDateTimeOffset());
    }

    [Fact]
    public async Task What_may_be_done_about_a_port_is_told_to_those_who_may()
    {
        using var olga = await _web.SignInAsync("olga");
        using var vic = await _web.SignInAsync("vic");
        Assert.Equal(
            ["expose", "unexpose", "extend"],
            (await olga.AskAsync("now")).GetProperty("may").EnumerateArray().Select(m => m.GetString()!)
        );
        Assert.Empty((await vic.AskAsync("now")).GetProperty("may").EnumerateArray());
    }

    [Fact]
    public async Task An_edge_with_nothing_open_says_what_to_type()
    {
        using var vic = await _web.SignInAsync("vic");
        Assert.Equal("expose vm2:8080 on 80", Assert.Single((await vic.AskAsync("now")).GetProperty("type").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task The_past_is_asked_by_any_time_that_can_be_typed()
    {
        using var vic = await _web.SignInAsync("vic");
        var before = TimeProvider.System.GetUtcNow();
        while (TimeProvider.System.GetUtcNow() - before < TimeSpan.FromMilliseconds(2))
            await Task.Yield();
        await OpenAsync("80");
        var then = await vic.AskAsync($"then?at={Uri.EscapeDataString(before.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null))}");
        Assert.False(then.GetProperty("isNow").GetBoolean());
        Assert.Equal(0, then.Gateways()[0].GetProperty("ports").GetArrayLength());
        Assert.Equal(1, (await vic.AskAsync("then?at=now")).Gateways()[0].GetProperty("ports").GetArrayLength());
        Assert.Contains(
            "has not come yet",
            (await vic.AskAsync("then?at=2190-01-01")).GetProperty("refusal").Word("sentence"),
            StringComparison.Ordinal
        );
        Assert.True((await vic.AskAsync("then?at=sometime")).TryGetProperty("refusal", out _));
    }

    [Fact]
    public async Task A_moment_of_the_slider_is_a_time_that_can_be_asked_and_shows_what_it_changed()
    {
        using var olga = await _web.SignInAsync("olga");
        using var ada = await _web.SignInAsync("ada");
        using var said = await olga.SayAsync("expose vm2:8080 on 80");
        using var approved = await ada.SayAsync("approve 1");
        await OpenAsync("80");
        await _web.HappensAsync(
            new ChangeApplied(1, new Revision(1), new string('0', 64), ImmutableSortedDictionary<string, int>.Empty, [])
        );
        var moment = Assert.Single((await olga.AskAsync("moments")).GetProperty("moments").EnumerateArray());
        Assert.Equal(("gw1#1", "open tcp 80 -> vm2:8080"), (moment.Word("change"), moment.Word("headline")));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$", moment.Word("at"));
        while (TimeProvider.System.GetUtcNow() < DateTimeOffset.Parse(moment.Word("at"), CultureInfo.InvariantCulture))
            await Task.Yield();
        var then = (await olga.AskAsync($"then?at={Uri.EscapeDataString(moment.Word("at"))}")).Gateways()[0];
        Assert.Equal("tcp 80", Assert.Single(then.GetProperty("ports").EnumerateArray()).Word("label"));
    }

    [Fact]
    public async Task Of_more_than_a_thousand_moments_the_newer_half_is_whole_and_the_older_one_reaches_back_to_the_first()
    {
        const int All = 1300;
        for (var i = 1; i <= All; i++)
        {
            var added = new VmAdded(i, Text.Parse<Name<Vm>>($"vm{i + 2}"), [Text.Parse<Address>($"10.2.{i / 250}.{(i % 250) + 1}")]);
            await _web.HappensAsync(
                new ChangeProposed(
                    i,
                    $"vm add vm{i + 2} {added.Addresses[0]}",
                    null,
                    [added],
                    new string('0', 64),
                    new Approvals(0, "approver")
                ),
                added,
                new ChangeApplied(i, new Revision(i), new string('0', 64), ImmutableSortedDictionary<string, int>.Empty, [])
            );
        }

        using var vic = await _web.SignInAsync("vic");
        var found = await vic.AskAsync("moments");
        var changes = found
            .GetProperty("moments")
            .EnumerateArray()
            .Select(m => int.Parse(m.Word("change")["gw1#".Length..], CultureInfo.InvariantCulture))
            .ToList();
        Assert.Equal((All, 1000), (found.GetProperty("total").GetInt32(), changes.Count));
        Assert.Equal(1, changes[0]);
        Assert.Equal(Enumerable.Range(All - 499, 500), changes[^500..]);
        Assert.Equal(changes.Order().Distinct(), changes);
        Assert.InRange(changes.Zip(changes.Skip(1), (a, b) => b - a).Max(), 1, 2);
    }

    [Fact]
    public async Task Buttons_are_offered_to_those_who_may_press_them()
    {
        using var olga = await _web.SignInAsync("olga");
        using var ada = await _web.SignInAsync("ada");
        using var vic = await _web.SignInAsync("vic");
        using var said = await olga.SayAsync("expose vm2:8080 on 80");
        Assert.Equal(["Withdraw"], Buttons(await olga.AskAsync("change?of=1")));
        Assert.Equal(["Approve", "Deny"], Buttons(await ada.AskAsync("change?of=gw1%231")));
        var seen = await vic.AskAsync("change?of=1");
        Assert.Empty(Buttons(seen));
        Assert.Equal("approve needs the role approver; vic has the role viewer.", seen.GetProperty("noButtons")[0].GetString());
    }

    [Fact]
    public async Task Who_may_consent_is_told_what_waits_for_them_and_nothing_of_a_plan_is_cut()
    {
        using var olga = await _web.SignInAsync("olga");
        using var ada = await _web.SignInAsync("ada");
        using var said = await olga.SayAsync("expose vm2:9000-9029 on 9000-9029");
        Assert.Equal("gw1#1", Assert.Single((await ada.AskAsync("mine")).GetProperty("mine").EnumerateArray()).Word("key"));
        Assert.Empty((await olga.AskAsync("mine")).GetProperty("mine").EnumerateArray());
        var routes = (await ada.AskAsync("change?of=1")).GetProperty("routes").EnumerateArray().Select(r => r.GetString()!).ToList();
        Assert.Equal(60, routes.Count);
        Assert.DoesNotContain(routes, r => r.EndsWith(" more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_that_is_refused_says_so_and_which_message_has_the_words()
    {
        using var vic = await _web.SignInAsync("vic");
        using var said = await vic.SayAsync("approve 1");
        var answer = JsonSerializer.Deserialize<JsonElement>(await said.Content.ReadAsStringAsync());
        Assert.False(answer.GetProperty("isTaken").GetBoolean());
        Assert.Equal(answer.Word("answer"), (await vic.SeesAsync("needs the role approver")).Word("key"));
    }

    private async Task OpenAsync(params string[] endpoints)
    {
        var vm2 = Text.Parse<VmEndpoint>("vm2:8080");
        await _web.HappensAsync([.. endpoints.Select(e => new ExposureOpened(0, Text.Parse<PublicEndpoint>(e), [vm2]))]);
    }

    private static StatsSample Sample(DateTimeOffset at, long packets)
    {
        var port = new PortStats(Family.IPv4, Text.Parse<PublicPort>("80"), new(packets, packets * 100), default, 9, 4);
        return new(
            at,
            new GatewayStats("boot", TimeSpan.FromHours(1), 1, [port], ImmutableSortedDictionary<string, Volume>.Empty, [], [], 4, 100)
        );
    }

    private static IEnumerable<string> Buttons(JsonElement one) => one.GetProperty("buttons").EnumerateArray().Select(b => b.Word("label"));
}
