using ChatOps.Core.Domain.Changes;
using ChatOps.StandIns.Discord;

namespace ChatOps.Specs.Discord;

/// <summary>What people do on Discord and what they see then; the same over both ways in.</summary>
public abstract partial class DiscordTalkSpecs(Way way)
{
    private protected Task<DiscordTeam> TeamAsync(
        Func<Core.Application.Ports.IEventLog, Core.Application.Ports.IEventLog>? around = null,
        Action<DiscordTeam>? configure = null
    ) => DiscordTeam.StartAsync(way, around, configure);

    [Fact]
    public async Task A_port_is_opened_by_a_command_and_a_button()
    {
        await using var team = await TeamAsync();
        var transcript = new Golden(team);
        await (await ExposeAsync(team)).MessageAsync();
        var card = await team.CardAsync(1, "waiting for 1 approval");
        transcript.Add("Olga sends /expose", team.Olga);
        await (await team.Ada.PressAsync(card, "Approve")).AnswerAsync();
        await team.CardAsync(1, "confirmed");
        transcript.Add("Ada presses Approve, and it is applied", team.Ada);
        transcript.Match("open-a-port.json");
        Assert.Equal(1, team.CardsOf(1));
        Assert.DoesNotContain(team.Discord.Requests, r =>
            r.StartsWith("PATCH", StringComparison.Ordinal) && r.Contains("/webhooks/", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_refusal_is_for_who_asked_alone()
    {
        await using var team = await TeamAsync();
        var transcript = new Golden(team);
        foreach (
            var (person, command, options) in new (StandInPerson, string, (string, object)[])[]
            {
                (team.Vic, "expose", [("vm", "vm2"), ("port", "8080"), ("on", "80")]),
                (team.Eve, "status", []),
                (team.Olga, "expose", [("vm", "vm9"), ("port", "8080"), ("on", "80")]),
                (team.Olga, "gw", [("line", "expsoe vm2:8080 on 80")]),
                (team.Olga, "gw", [("line", "# a remark")]),
            }
        )
        {
            var answer = await (await person.SendAsync(team.Edge, command, options)).MessageAsync();
            Assert.True(answer.IsEphemeral);
            Assert.DoesNotContain(answer.Text, team.SeenBy(team.Ada));
            transcript.Add($"a line of {person.Id[^2..]} is refused", person);
        }

        transcript.Match("refusals.json");
    }

    [Fact]
    public async Task A_question_is_answered_to_all()
    {
        await using var team = await TeamAsync(configure: t => t.Applies = false);
        var transcript = new Golden(team);
        foreach (
            var (command, options) in new (string, (string, object)[])[]
            {
                ("status", []),
                ("vms", []),
                ("help", [("topic", "expose")]),
                ("plan", [("command", "expose vm2:8080 on 80")]),
                ("audit", []),
            }
        )
        {
            var answer = await (await team.Vic.SendAsync(team.Edge, command, options)).MessageAsync();
            Assert.False(answer.IsEphemeral);
            transcript.Add($"Vic asks: {command}", team.Ada);
        }

        transcript.Match("questions.json");
    }

    [Fact]
    public async Task Who_denies_is_asked_why()
    {
        await using var team = await TeamAsync();
        var transcript = new Golden(team);
        await (await ExposeAsync(team)).MessageAsync();
        var form = await team.Ada.PressAsync(await team.CardAsync(1, "waiting"), "Deny");
        await team.Ada.SubmitAsync(form, ("reason", "the \"wrong\" machine, it's vm3"));
        await team.CardAsync(1, "denied by Ada: \"the \"wrong\" machine, it's vm3\"");
        transcript.Add("Ada presses Deny and says why", team.Ada);
        transcript.Match("deny.json");
    }

    [Fact]
    public async Task Who_may_not_press_a_button_is_told_so()
    {
        await using var team = await TeamAsync();
        await ExposeAsync(team);
        var card = await team.CardAsync(1, "waiting");
        await (await team.Olga.PressAsync(card, "Approve")).AnswerAsync();
        Assert.True(
            (
                await team.Olga.SeesAsync(team.Edge, m =>
                    m.Text.Contains("approve needs the role approver; Olga has the role operator", StringComparison.Ordinal)
                )
            ).IsEphemeral
        );
        await (await team.Vic.PressAsync(card, "Withdraw")).AnswerAsync();
        Assert.True(
            (
                await team.Vic.SeesAsync(team.Edge, m =>
                    m.Text.Contains("withdraw needs the role operator; Vic has the role viewer", StringComparison.Ordinal)
                )
            ).IsEphemeral
        );

        // Nor is anybody asked for a reason first.
        Assert.Equal(4, (int)(await (await team.Vic.PressAsync(card, "Deny")).AnswerAsync())["type"]!);
        Assert.True(
            (
                await team.Vic.SeesAsync(team.Edge, m =>
                    m.Text.Contains("deny needs the role approver; Vic has the role viewer", StringComparison.Ordinal)
                )
            ).IsEphemeral
        );
        Assert.IsType<ChangeStatus.Proposed>((await team.StateAsync()).Changes[1].Status);
    }

    [Fact]
    public async Task The_diff_is_shown_to_who_asks_for_it()
    {
        await using var team = await TeamAsync();
        await ExposeAsync(team);
        var gesture = await team.Ben.PressAsync(await team.CardAsync(1, "waiting"), "Show diff");
        var shown = await gesture.MessageAsync();
        Assert.True(shown.IsEphemeral);
        Assert.Contains("8080", shown.Text + string.Concat(shown.Files.Keys.Select(shown.File)), StringComparison.Ordinal);
        Assert.Contains("#1 · open tcp 80", shown.Text, StringComparison.Ordinal);

        // To each with what they may say about it.
        Assert.Contains("approve 1", shown.Text, StringComparison.Ordinal);
        var toVic = await (await team.Vic.PressAsync(await team.CardAsync(1, "waiting"), "Show diff")).MessageAsync();
        Assert.True(toVic.IsEphemeral);
        Assert.DoesNotContain("approve 1", toVic.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("withdraw 1", toVic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_who_approve_in_the_same_instant_are_both_counted()
    {
        await using var team = await TeamAsync(configure: t =>
            t.Policy = new([new(["expose"], null, null, null, Core.Domain.Authority.Role.Operator, new(2, "approver"))])
        );
        await ExposeAsync(team);
        var card = await team.CardAsync(1, "waiting for 2 approvals");
        await Task.WhenAll(team.Ada.PressAsync(card, "Approve"), team.Ben.PressAsync(card, "Approve"));
        await team.CardAsync(1, "confirmed");
        Assert.Equal([team.Ada.Id, team.Ben.Id], (await team.StateAsync()).Changes[1].Approvers.Select(a => a.Id).Order());
    }

    [Fact]
    public async Task Of_two_where_one_is_enough_the_other_is_told_why_not()
    {
        await using var team = await TeamAsync(configure: t => t.Applies = false);
        await ExposeAsync(team);
        var card = await team.CardAsync(1, "waiting");
        var gestures = await Task.WhenAll(team.Ada.PressAsync(card, "Approve"), team.Ben.PressAsync(card, "Approve"));
        var answers = await Task.WhenAll(gestures.Select(g => g.AnswerAsync()));
        Assert.Single(answers, a => (int)a["type"]! == 6);
        Assert.Contains(
            "#1 is approved; there is nothing left to decide",
            answers.Single(a => (int)a["type"]! == 4)["data"]!.ToJsonString(),
            StringComparison.Ordinal
        );
        Assert.Single((await team.StateAsync()).Changes[1].Approvers);
    }

    [Fact]
    public async Task What_is_delivered_twice_runs_once()
    {
        await using var team = await TeamAsync(configure: t => t.Patience = TimeSpan.FromMilliseconds(100));
        team.Discord.Behaviour.DispatchesTwice = true;
        for (var port = 80; port < 85; port++)
        {
            await ExposeAsync(team, port);
            await team.CardAsync(port - 79, "waiting");
        }

        Assert.Equal(5, (await team.StateAsync()).Changes.Count);
    }

    [Fact]
    public async Task Names_are_suggested_to_who_has_a_role()
    {
        await using var team = await TeamAsync();
        await ExposeAsync(team);
        await team.CardAsync(1, "waiting");
        Assert.Equal([("vm2", "vm2")], (await team.Olga.TypeAtAsync(team.Edge, "expose", ("vm", "v"))).AsEnumerable());
        Assert.Equal([("gw1#1", "gw1#1")], (await team.Ada.TypeAtAsync(team.Edge, "approve", ("change", ""))).AsEnumerable());
        Assert.Equal("approve gw1#1", (await team.Ada.TypeAtAsync(team.Edge, "gw", ("line", "approve ")))[0].Value);
        Assert.Empty(await team.Eve.TypeAtAsync(team.Edge, "expose", ("vm", "v")));
    }

    [Fact]
    public async Task Commands_are_taken_where_the_team_is()
    {
        await using var team = await TeamAsync();
        var elsewhere = team.Discord.AddChannel("random");
        var answer = await (await team.Olga.SendAsync(elsewhere, "expose", ("vm", "vm2"), ("port", "8080"), ("on", "80"))).MessageAsync();
        Assert.Equal($"commands are taken in <#{team.Edge.Id}>.", answer.Text);
        Assert.True(answer.IsEphemeral);
        Assert.Empty((await team.StateAsync()).Changes);
        Assert.Empty(await team.Olga.TypeAtAsync(elsewhere, "expose", ("vm", "v")));
    }

    [Fact]
    public async Task Nobody_is_pinged_and_nothing_gets_out_of_its_place()
    {
        await using var team = await TeamAsync();
        var vandal = team.Discord.AddPerson("@everyone **root** ``` <@1>", [.. team.Olga.Roles]);
        await vandal.SendAsync(
            team.Edge,
            "expose",
            ("vm", "vm2"),
            ("port", "8080"),
            ("on", "80"),
            ("because", "@here ``` [click](http://evil.example.com) <@&1> # big")
        );
        var card = await team.CardAsync(1, "waiting");
        await team.Ada.SubmitAsync(await team.Ada.PressAsync(card, "Deny"), ("reason", "@everyone\n```diff\n-no"));
        card = await team.CardAsync(1, "denied");
        Assert.Contains("@\u200beveryone \\`\\`\\`diff -no", card.Text, StringComparison.Ordinal);
        Assert.Contains("proposed by @\u200beveryone \\*\\*root\\*\\* \\`\\`\\` \\<@\u200b1>", card.Text, StringComparison.Ordinal);
        await (await team.Vic.SendAsync(team.Edge, "audit")).MessageAsync();
        Assert.Empty(team.Discord.Pinged);
    }

    private protected static Task<Gesture> ExposeAsync(DiscordTeam team, int port = 80) =>
        team.Olga.SendAsync(team.Edge, "expose", ("vm", "vm2"), ("port", "8080"), ("on", $"{port}"), ("because", "launch of the shop"));
}

/// <summary>Over the gateway.</summary>
public sealed class GatewayTalkSpecs() : DiscordTalkSpecs(Way.Gateway);

/// <summary>By HTTPS.</summary>
public sealed class HttpsTalkSpecs() : DiscordTalkSpecs(Way.Https);
