using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Discord;
using ChatOps.StandIns.Discord;

namespace ChatOps.Specs.Discord;

/// <content>What holds when things are slow, fail or end.</content>
public abstract partial class DiscordTalkSpecs
{
    [Fact]
    public async Task The_first_answer_leaves_in_time_whatever_the_log_does()
    {
        var log = (StallingLog?)null;
        await using var team = await TeamAsync(
            around: l => log = new StallingLog(l),
            configure: t => t.Patience = TimeSpan.FromMilliseconds(100)
        );
        log!.Stall = TimeSpan.FromSeconds(3.5);
        var gesture = await ExposeAsync(team);
        Assert.Equal(5, (int)(await gesture.AnswerAsync())["type"]!);
        Assert.Equal("#1 on gw1: proposed", (await gesture.MessageAsync()).Text);
        var card = await team.CardAsync(1, "waiting");
        Assert.Equal(6, (int)(await (await team.Ada.PressAsync(card, "Approve")).AnswerAsync())["type"]!);
        log.Stall = TimeSpan.Zero;
        await team.CardAsync(1, "confirmed");
    }

    [Fact]
    public async Task A_late_refusal_is_for_one_person_too()
    {
        var log = (StallingLog?)null;
        await using var team = await TeamAsync(
            around: l => log = new StallingLog(l),
            configure: t => t.Patience = TimeSpan.FromMilliseconds(100)
        );
        await ExposeAsync(team);
        var card = await team.CardAsync(1, "waiting");
        (log!.Stall, log.Failure) = (TimeSpan.FromSeconds(1), new IOException("no space left on the log's disk"));
        var command = await ExposeAsync(team, 81);
        await team.Ada.PressAsync(card, "Approve");
        foreach (var person in new[] { team.Olga, team.Ada })
            Assert.True(
                (
                    await person.SeesAsync(team.Edge, m =>
                        m.Text.StartsWith("this could not be done: no space left on the log's disk", StringComparison.Ordinal)
                    )
                ).IsEphemeral
            );
        Assert.True((await command.MessageAsync()).IsEphemeral);
        Assert.DoesNotContain("no space left", team.SeenBy(team.Ben), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)] // acknowledged first, always
    [InlineData(60)]
    public async Task Who_sees_an_answer_does_not_hang_on_how_long_it_takes(int patience)
    {
        await using var team = await TeamAsync(configure: t => t.Patience = TimeSpan.FromSeconds(patience));
        foreach (
            var (line, isForAll) in new[]
            {
                ("audit", true),
                ("audit vm9 by nobody", true),
                ("show 7", true),
                ("deny 7 because no", false),
                ("audti", false),
                ("export audit as csv", false),
            }
        )
            Assert.Equal(
                (line, !isForAll),
                (line, (await (await team.Vic.SendAsync(team.Edge, "gw", ("line", line))).MessageAsync()).IsEphemeral)
            );
        Assert.True((await (await team.Eve.SendAsync(team.Edge, "gw", ("line", "audit"))).MessageAsync()).IsEphemeral);
    }

    [Fact]
    public async Task After_a_restart_the_same_message_goes_on()
    {
        await using var team = await TeamAsync();
        await ExposeAsync(team);
        var card = await team.CardAsync(1, "waiting");
        await team.StopBotAsync();
        await team.StartBotAsync();
        await (await team.Ada.PressAsync(card, "Approve")).AnswerAsync();
        Assert.Equal(card.Id, (await team.CardAsync(1, "confirmed")).Id);
        Assert.Equal(1, team.CardsOf(1));
    }

    [Fact]
    public async Task What_happens_elsewhere_and_while_the_bot_is_away_is_shown_in_the_same_message()
    {
        await using var team = await TeamAsync();
        await ExposeAsync(team);
        var card = await team.CardAsync(1, "waiting");
        await team.StopBotAsync();
        await team.StartCoreAsync();
        Assert.True(await team.SayElsewhereAsync(Given.Approver, "approve 1"));
        await Eventually.TrueAsync(async () => (await team.StateAsync()).Changes[1].Status is ChangeStatus.Applied);
        Assert.True(await team.SayElsewhereAsync(Given.Operator, "expose vm2:8081 on 81"));
        await team.StopBotAsync();
        Assert.Contains("waiting", (await team.CardAsync(1, "")).Text, StringComparison.Ordinal);
        await team.StartBotAsync();
        Assert.Equal(card.Id, (await team.CardAsync(1, "confirmed")).Id);
        await team.CardAsync(2, "waiting");
        Assert.True(await team.SayElsewhereAsync(Given.Approver, "approve 2"));
        await team.CardAsync(2, "confirmed");
        Assert.Equal((1, 1), (team.CardsOf(1), team.CardsOf(2)));
    }

    [Fact]
    public async Task What_was_done_before_a_restart_is_not_done_again()
    {
        await using var team = await TeamAsync();
        var first = await ExposeAsync(team);
        await team.CardAsync(1, "waiting");
        await team.SayElsewhereAsync(Given.Operator, "withdraw 1");
        await team.SayElsewhereAsync(Given.Admin, "withdraw 1");
        await team.StopBotAsync();
        await team.StartBotAsync();
        var answer = new KeptAnswer();
        await team.Bot.Interactions.HandleAsync(Exposing(team, first.Id, team.Discord.Guild), answer, default);
        Assert.Contains(
            "this was done already",
            Assert.IsType<InteractionResponse.Say>(answer.Kept).Message.Embeds[0].Description,
            StringComparison.Ordinal
        );
        Assert.Single((await team.StateAsync()).Changes);
    }

    [Fact]
    public async Task What_comes_from_another_server_is_not_answered_at_all()
    {
        await using var team = await TeamAsync();
        var answer = new KeptAnswer();
        await team.Bot.Interactions.HandleAsync(Exposing(team, "77", "1100000000000999999"), answer, default);
        Assert.Null(answer.Kept);
        Assert.Empty((await team.StateAsync()).Changes);
    }

    private static Interaction Exposing(DiscordTeam team, string id, string guild) =>
        new(
            DiscordTeam.Id(id),
            DiscordTeam.Id(team.Discord.Application),
            new Secret("token"),
            DiscordTeam.Id(guild),
            DiscordTeam.Id(team.Edge.Id),
            new Person(DiscordTeam.Id(team.Olga.Id), "Olga", false, [.. team.Olga.Roles.Select(DiscordTeam.Id)]),
            DateTimeOffset.UtcNow,
            new InteractionData.CommandSent("expose", [new("vm", "vm2", false), new("port", "8080", false), new("on", "80", false)])
        );

    [Fact]
    public async Task A_card_that_somebody_deletes_is_posted_anew()
    {
        await using var team = await TeamAsync();
        await ExposeAsync(team);
        var card = await team.CardAsync(1, "waiting");
        team.Edge.Delete(card);
        Assert.True(await team.SayElsewhereAsync(Given.Approver, "approve 1"));
        Assert.NotEqual(card.Id, (await team.CardAsync(1, "confirmed")).Id);
        Assert.Equal(1, team.CardsOf(1));
    }

    [Fact]
    public async Task A_missing_permission_is_said_once_where_it_can_be()
    {
        await using var team = await TeamAsync();
        team.Edge.Deny("SEND_MESSAGES");

        // The first one finds it out, while its answer may be on its way already; from then on the answers say so.
        await ExposeAsync(team, 80);
        await team.Vic.SeesAsync(team.Notices, m =>
            m.Text.Contains($"gw1#1 cannot be shown in <#{team.Edge.Id}>", StringComparison.Ordinal)
        );
        for (var port = 81; port < 83; port++)
            Assert.Contains(
                "Its card cannot be shown",
                (await (await ExposeAsync(team, port)).MessageAsync()).Text,
                StringComparison.Ordinal
            );
        Assert.Single(team.Complaints, c =>
            c.Contains("Missing Permissions (50013). Next: give the bot View Channel, Send Messages", StringComparison.Ordinal)
        );
        team.Edge.Allow("SEND_MESSAGES");
        Assert.True(await team.SayElsewhereAsync(Given.Approver, "approve 1"));
        await team.CardAsync(1, "confirmed");

        // What was refused meanwhile comes by itself, one after another.
        await team.CardAsync(2, "waiting");
        await team.CardAsync(3, "waiting");
        Assert.Equal("#4 on gw1: proposed", (await (await ExposeAsync(team, 84)).MessageAsync()).Text);
    }

    [Fact]
    public async Task While_discord_does_not_work_nothing_is_lost()
    {
        await using var team = await TeamAsync();
        team.Discord.Faults.Next(Fault.LostAnswer, "/messages", 2);
        team.Discord.Faults.Next(Fault.BadGateway, "/messages", 2);
        await ExposeAsync(team);
        await team.CardAsync(1, "waiting");
        team.Discord.Faults.Next(Fault.ServerError, "PATCH", 2);
        Assert.True(await team.SayElsewhereAsync(Given.Approver, "approve 1"));
        await team.CardAsync(1, "confirmed");
        Assert.Equal(1, team.CardsOf(1));
    }

    [Fact]
    public async Task A_failure_says_where_it_stopped()
    {
        await using var team = await TeamAsync();
        var transcript = new Golden(team);
        team.Gateway.NextAnswer = new GatewayAnswer.Refused("validating", "port-held", "tcp 80 is held by dnsmasq (pid 812)", default);
        await (await ExposeAsync(team)).MessageAsync();
        await team.Ada.PressAsync(await team.CardAsync(1, "waiting"), "Approve");
        await team.CardAsync(1, "failed while validating");
        transcript.Add("the gateway refuses it", team.Ada);
        transcript.Match("failure.json");
    }

    [Fact]
    public async Task A_secret_goes_to_one_person_and_nowhere_else()
    {
        await using var team = await TeamAsync(configure: t => t.HasWireGuard());
        await team.Olga.SendAsync(team.Edge, "peer add", ("peer", "laptop"));
        var secret = await team.Olga.SeesAsync(team.Edge, m => m.Files.ContainsKey("laptop.conf"));
        Assert.True(secret.IsEphemeral);
        Assert.Contains("PrivateKey = ", secret.File("laptop.conf"), StringComparison.Ordinal);
        Assert.Contains("PresharedKey = ", secret.File("laptop.conf"), StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], secret.Files["laptop.conf.png"][..4]);
        await team.CardAsync(1, "waiting");
        foreach (var other in new[] { team.Ada, team.Vic })
            Assert.DoesNotContain(other.Sees(team.Edge).Concat(other.SeesDirectly()), m =>
                m.Files.Any(f => f.Key.StartsWith("laptop", StringComparison.Ordinal))
            );
        var key = secret.File("laptop.conf").Split("PrivateKey = ")[1].Split('\n')[0];
        Assert.DoesNotContain(key, string.Concat(team.Complaints), StringComparison.Ordinal);
    }

    private sealed class KeptAnswer : IFirstAnswer
    {
        public InteractionResponse? Kept { get; private set; }

        public Task<RestResult<Message?>> SendAsync(InteractionResponse response, CancellationToken cancel)
        {
            Kept = response;
            return Task.FromResult<RestResult<Message?>>(new RestResult<Message?>.Done(null));
        }
    }
}
