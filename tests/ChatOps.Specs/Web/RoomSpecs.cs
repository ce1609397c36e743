using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Web;

public sealed class RoomSpecs : IAsyncLifetime
{
    private WebRoom _web = null!;

    public async Task InitializeAsync() => _web = await WebRoom.OpenAsync();

    public async Task DisposeAsync() => await _web.DisposeAsync();

    [Fact]
    public async Task A_line_is_answered_and_both_are_in_the_room()
    {
        using var olga = await _web.SignInAsync("olga");
        using var said = await olga.SayAsync("vms");
        Assert.Equal(HttpStatusCode.Accepted, said.StatusCode);

        var messages = await olga.EventsAsync().Messages().Take(2).ToListAsync();
        Assert.Equal(("olga", "vms"), (messages[0].Word("author"), messages[0].Word("text")));
        Assert.Equal("", messages[1].Word("author"));
        Assert.Contains("vm2", messages[1].Word("text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proposal_comes_with_its_diff_and_to_each_with_the_buttons_that_work_for_them()
    {
        using var olga = await _web.SignInAsync("olga");
        using var ada = await _web.SignInAsync("ada");
        using var vic = await _web.SignInAsync("vic");
        using var said = await olga.SayAsync("expose vm2:8080 on 80");
        var proposal = await olga.SeesAsync("waiting for 1 approval");
        Assert.Equal(("gw1#1", "waiting"), (proposal.Word("key"), proposal.Word("tone")));
        Assert.Contains("+++ nftables.nft", proposal.Word("diff"), StringComparison.Ordinal);
        Assert.Equal(["Withdraw"], Buttons(proposal).Select(b => b.Word("label")));
        var buttons = Buttons(await ada.SeesAsync("waiting for 1 approval"));
        Assert.Equal(["Approve", "Deny"], buttons.Select(b => b.Word("label")));
        Assert.Equal([false, true], buttons.Select(b => b.GetProperty("asksReason").GetBoolean()));
        Assert.Empty(Buttons(await vic.SeesAsync("waiting for 1 approval")));
    }

    [Fact]
    public async Task What_can_be_typed_next_is_told_apart_so_that_it_can_be_pressed()
    {
        using var olga = await _web.SignInAsync("olga");
        using var said = await olga.SayAsync("expose vm2:8080 on 80");
        using var ada = await _web.SignInAsync("ada");
        Assert.Equal(["approve 1", "deny 1 because \"...\"", "show 1"], Next(await ada.SeesAsync("waiting for 1 approval")));
        using var again = await olga.SayAsync("withdraw 7");
        Assert.NotEmpty(Next(await olga.SeesAsync("Next: ")));
        using var asked = await olga.SayAsync("vms");
        Assert.Empty(Next(await olga.SeesAsync("behind gw1")));
    }

    [Fact]
    public async Task A_card_offers_to_each_the_lines_that_they_may_say_and_has_its_whole_plan()
    {
        using var olga = await _web.SignInAsync("olga");
        using var said = await olga.SayAsync("expose vm2:9000-9059 on 9000-9059");
        using var vic = await _web.SignInAsync("vic");
        foreach (var reader in new[] { olga, vic })
        {
            var card = await reader.SeesAsync("waiting for 1 approval");
            Assert.Equal(["show 1"], Next(card));
            Assert.EndsWith("\nshow 1", card.Word("text"), StringComparison.Ordinal);
            Assert.DoesNotContain("approve 1", card.Word("text"), StringComparison.Ordinal);
        }

        using var ada = await _web.SignInAsync("ada");
        var whole = await ada.SeesAsync("waiting for 1 approval");
        Assert.EndsWith("\napprove 1 · deny 1 because \"...\" · show 1", whole.Word("text"), StringComparison.Ordinal);
        Assert.Contains("\n  and 110 more\n", whole.Word("text"), StringComparison.Ordinal);
        var folded = whole.GetProperty("folded");
        Assert.Equal("and 110 more", folded.Word("words"));
        Assert.Equal(110, folded.GetProperty("lines").GetArrayLength());
        Assert.StartsWith("tcp 9059, IPv6 clients: ", folded.GetProperty("lines")[109].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ended_within_a_day_is_there_after_a_restart_too()
    {
        await using var other = await WebRoom.OpenAsync(
            null,
            new ChangeProposed(
                1,
                "vm add vm7 10.1.0.17",
                null,
                [new VmAdded(1, Text.Parse<Name<Vm>>("vm7"), [Text.Parse<Address>("10.1.0.17")])],
                new string('0', 64),
                new Approvals(1, "approver")
            ),
            new ChangeWithdrawn(1)
        );
        using var vic = await other.SignInAsync("vic");
        var message = await vic.SeesAsync("add VM vm7");
        Assert.Equal("gw1#1", message.Word("key"));
    }

    [Fact]
    public async Task A_second_person_sees_lines_and_edits_as_they_come()
    {
        using var olga = await _web.SignInAsync("olga");
        using var ada = await _web.SignInAsync("ada");
        await using var seen = ada.EventsAsync().Messages().GetAsyncEnumerator();
        using var proposed = await olga.SayAsync("expose vm2:8080 on 80");
        Assert.Equal("olga", (await NextAsync(seen)).Word("author"));
        var proposal = await NextAsync(seen);

        var approve = proposal.GetProperty("buttons")[0].Word("line");
        using var approved = await ada.SayAsync(approve);
        var line = await NextAsync(seen);
        Assert.Equal(("ada", "approve gw1#1"), (line.Word("author"), line.Word("text")));
        var edit = await NextAsync(seen);
        Assert.Equal((proposal.Word("key"), "working"), (edit.Word("key"), edit.Word("tone")));
    }

    [Fact]
    public async Task Whoever_comes_late_sees_a_message_once_and_as_it_is_now()
    {
        using var olga = await _web.SignInAsync("olga");
        using var ada = await _web.SignInAsync("ada");
        using var proposed = await olga.SayAsync("expose vm2:8080 on 80");
        using var approved = await ada.SayAsync("approve 1");
        await _web.HappensAsync(
            new ChangeApplied(1, new Revision(1), new string('0', 64), ImmutableSortedDictionary<string, int>.Empty, [])
        );
        await _web.Core.ShownAsync(6, CancellationToken.None);

        using var vic = await _web.SignInAsync("vic");
        var messages = await vic.EventsAsync().Messages().Take(3).ToListAsync();
        Assert.Equal(["olga", "", "ada"], messages.Select(m => m.Word("author")));
        Assert.Equal("good", messages[1].Word("tone"));
        Assert.Empty(messages[1].GetProperty("buttons").EnumerateArray());
    }

    [Fact]
    public async Task A_viewer_who_proposes_gets_a_refusal()
    {
        using var vic = await _web.SignInAsync("vic");
        using var said = await vic.SayAsync("expose vm2:8080 on 80");
        Assert.Equal(HttpStatusCode.Accepted, said.StatusCode);
        var refusal = await vic.SeesAsync("expose needs the role operator; vic has the role viewer.");
        Assert.Equal("bad", refusal.Word("tone"));
    }

    [Fact]
    public async Task The_reason_for_a_denial_follows_the_button_in_quotes()
    {
        using var olga = await _web.SignInAsync("olga");
        using var ada = await _web.SignInAsync("ada");
        using var proposed = await olga.SayAsync("expose vm2:8080 on 80");
        var deny = (await ada.SeesAsync("waiting for 1 approval")).GetProperty("buttons")[1].Word("line");
        using var denied = await ada.SayAsync($"{deny} \"the 'wrong' machine\"");
        await ada.SeesAsync("denied by ada: \"the 'wrong' machine\"");
    }

    [Fact]
    public async Task Markup_in_a_line_stays_text()
    {
        using var olga = await _web.SignInAsync("olga");
        const string Line = "# </script><img src=x onerror=alert(1)> & \"quotes\"";
        using var said = await olga.SayAsync(Line);
        Assert.Equal(Line, (await olga.SeesAsync("img")).Word("text"));
    }

    [Theory]
    [InlineData("""{"line": null}""")]
    [InlineData("""{"line": 7}""")]
    [InlineData("""{"text": "status"}""")]
    [InlineData("""{"line": "\ud800"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("status")]
    [InlineData("")]
    public async Task What_is_not_a_line_is_not_said(string body)
    {
        using var olga = await _web.SignInAsync("olga");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var said = await olga.PostAsync("/say", content);
        Assert.Equal(HttpStatusCode.BadRequest, said.StatusCode);
    }

    [Theory]
    [InlineData(2000, HttpStatusCode.Accepted)]
    [InlineData(2001, HttpStatusCode.BadRequest)]
    [InlineData(70_000, HttpStatusCode.BadRequest)]
    public async Task A_line_has_2000_characters_at_most(int length, HttpStatusCode expected)
    {
        using var olga = await _web.SignInAsync("olga");
        using var said = await olga.SayAsync(new string('x', length));
        Assert.Equal(expected, said.StatusCode);
    }

    [Fact]
    public async Task The_stream_says_when_log_or_board_have_come_further()
    {
        using var vic = await _web.SignInAsync("vic");
        await using var changed = vic.EventsAsync().Where(e => e.Type == "changed").Select(e => e.Data).GetAsyncEnumerator();
        var before = await NextAsync(changed);
        await _web.HappensAsync(new AlertRaised("drift", "gw1 has drifted", null, []));
        var after = await NextAsync(changed);
        Assert.True(after.GetProperty("log").GetInt64() > before.GetProperty("log").GetInt64());
        _web.IsAskedOf(Text.Parse<WireGuardKey>("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s="));
        Assert.True((await NextAsync(changed)).GetProperty("board").GetInt64() > after.GetProperty("board").GetInt64());
    }

    [Fact]
    public async Task Streams_end_when_the_program_stops()
    {
        using var olga = await _web.SignInAsync("olga");
        await using var events = olga.EventsAsync().GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        await _web.StopAsync();
        while (await events.MoveNextAsync())
        {
            // What was on its way.
        }
    }

    private static async Task<JsonElement> NextAsync(IAsyncEnumerator<JsonElement> messages)
    {
        Assert.True(await messages.MoveNextAsync());
        return messages.Current;
    }

    private static List<JsonElement> Buttons(JsonElement message) => [.. message.GetProperty("buttons").EnumerateArray()];

    private static IEnumerable<string> Next(JsonElement message) =>
        message.GetProperty("next").EnumerateArray().Select(n => n.GetString()!);
}
