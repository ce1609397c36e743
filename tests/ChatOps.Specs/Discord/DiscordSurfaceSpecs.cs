using ChatOps.Bot.Discord;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;
using ChatOps.StandIns.Discord;

namespace ChatOps.Specs.Discord;

/// <summary>What does not come as an interaction: mentions, notices, starting and being refused.</summary>
public sealed partial class DiscordSurfaceSpecs
{
    [Fact]
    public async Task A_line_that_mentions_the_bot_is_a_line()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        team.Olga.Type(team.Edge, "@ChatOps expose vm2:8080 on 80 because “launch”");
        await team.CardAsync(1, "because \"launch\"");
        team.Vic.Type(team.Edge, "`vms` @ChatOps");
        Assert.False((await team.Eve.SeesAsync(team.Edge, m => m.Text.StartsWith("1 VM", StringComparison.Ordinal))).IsEphemeral);
        team.Olga.Type(team.Edge, "@ChatOps expsoe vm2:8080 on 81");
        await team.Olga.SeesDirectlyAsync(m =>
            m.Text.StartsWith("no command \"expsoe\". Did you mean: expose vm2:8080 on 81", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("no command", team.SeenBy(team.Ada), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thread_in_one_of_the_channels_is_a_part_of_it()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        var (ours, other) = (
            team.Discord.AddThread(team.Edge, "tonight"),
            team.Discord.AddThread(team.Discord.AddChannel("random"), "lunch")
        );
        team.Olga.Type(other, "@ChatOps vms");
        team.Olga.Type(ours, "@ChatOps vms");
        await team.Ada.SeesAsync(ours, m => m.Text.StartsWith("1 VM", StringComparison.Ordinal));
        await (await team.Olga.SendAsync(ours, "expose", ("vm", "vm2"), ("port", "8080"), ("on", "80"))).MessageAsync();
        await team.CardAsync(1, "waiting");
        Assert.Single(team.Ada.Sees(other));
    }

    [Fact]
    public async Task An_edited_line_is_not_taken_and_says_so_once_an_edit()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        var typed = team.Vic.Type(team.Edge, "ports?");
        team.Vic.Edit(team.Edge, typed, "what are the ports?");
        team.Vic.Edit(team.Edge, typed, "@ChatOps rules");
        var note = await team.Ada.SeesAsync(team.Edge, m => m.Text.Contains("An edited line is not taken", StringComparison.Ordinal));
        Assert.EndsWith("Next: send it anew, or with /gw", note.Text, StringComparison.Ordinal);
        team.Vic.Type(team.Edge, "@ChatOps rules");
        await team.Ada.SeesAsync(team.Edge, m => m.Text.StartsWith("no rule yet.", StringComparison.Ordinal));
        Assert.Equal(1, team.Ada.Sees(team.Edge).Count(m => m.Text.Contains("An edited line", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_mention_alone_is_answered_with_help()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        team.Olga.Type(team.Edge, "@ChatOps");
        await team.Ada.SeesAsync(team.Edge, m => m.Text.Contains("expose vm2:8080 on 80", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_an_interaction_that_Discord_does_not_know_the_answer_comes_directly_and_nothing_is_asked_about_it()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        team.Discord.Faults.Next(Fault.UnknownInteraction, "/callback");
        await team.Vic.SendAsync(team.Edge, "rules");
        await team.Vic.SeesDirectlyAsync(m => m.Text.StartsWith("no rule yet.", StringComparison.Ordinal));
        Assert.DoesNotContain(team.Discord.Requests, r => r.Contains("/webhooks/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_takes_no_direct_messages_is_told_what_to_do()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway, configure: t => t.HasWireGuard());
        team.Olga.TakesDirectMessages = false;
        team.Olga.Type(team.Edge, "@ChatOps peer add laptop");
        var told = await team.Ada.SeesAsync(team.Edge, m => m.Text.Contains("you take no direct messages", StringComparison.Ordinal));
        Assert.EndsWith("Next: the same line with /gw peer rotate laptop", told.Text, StringComparison.Ordinal);
        team.Olga.TakesDirectMessages = true;
        team.Olga.Type(team.Edge, "@ChatOps peer add phone");
        Assert.Contains(
            "PrivateKey",
            (await team.Olga.SeesDirectlyAsync(m => m.Files.ContainsKey("phone.conf"))).File("phone.conf"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Who_mentions_the_bot_gets_files_by_a_direct_message_and_answers_about_the_log_too()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway, configure: t => (t.Applies, t.ProvesItsLog) = (false, true));
        team.Vic.Type(team.Edge, "@ChatOps export audit as csv");
        var file = await team.Vic.SeesDirectlyAsync(m => !m.Files.IsEmpty);
        Assert.StartsWith("time,gateway", file.File(Assert.Single(file.Files.Keys)), StringComparison.Ordinal);
        await team.Ada.SeesAsync(team.Edge, m => m.Text.Contains("a file for Vic alone", StringComparison.Ordinal));
        team.Vic.Type(team.Edge, "@ChatOps audit verify");
        await team.Ada.SeesAsync(team.Edge, m => m.Text.StartsWith("the log is whole", StringComparison.Ordinal));
        Assert.DoesNotContain(team.Ada.Sees(team.Edge), m => !m.Files.IsEmpty);
    }

    [Fact]
    public async Task Bots_webhooks_strangers_and_talk_among_people_are_not_heard()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        var bot = team.Discord.AddBot("Other bot");
        foreach (var role in team.Olga.Roles)
            bot.Roles.Add(role);
        bot.Type(team.Edge, "@ChatOps expose vm2:8080 on 80");
        team.Edge.PostByWebhook("Olga", $"<@{team.Discord.Bot}> expose vm2:8080 on 81");
        team.Olga.TypeDirectly("expose vm2:8080 on 82");
        team.Olga.Type(team.Edge, "expose vm2:8080 on 83");
        team.Olga.Type(team.Discord.AddChannel("random"), "@ChatOps expose vm2:8080 on 84");
        team.Olga.Type(team.Edge, "@ChatOps vm add vm3 400::100:0:0:3");
        await team.CardAsync(1, "add VM vm3");
        Assert.Single((await team.StateAsync()).Changes);
    }

    [Fact]
    public async Task An_alert_is_a_message_with_a_thread_that_ends_with_it()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway, configure: t => t.Applies = false);
        var transcript = new Golden(team);
        await team.HappensAsync(
            new AlertRaised("drift", "gw1 is not what the log says: nftables.nft differs.", "-was\n+is", ["drift", "repair at gw1"])
        );
        var card = await team.Vic.SeesAsync(team.Notices, m => m.Text.StartsWith("alert · gw1 is not", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => team.Discord.ThreadAt(card) is { } made && team.Vic.Sees(made).Length > 0);
        var thread = team.Discord.ThreadAt(card)!;
        Assert.Contains("```diff\n-was\n+is\n```", team.Vic.Sees(thread)[0].Text, StringComparison.Ordinal);
        transcript.Add("gw1 drifts", team.Vic);
        await (await team.Olga.SendAsync(thread, "repair")).MessageAsync();
        await team.CardAsync(1, "");
        await team.StopBotAsync();
        await team.StartBotAsync();
        await team.HappensAsync(new AlertCleared("drift", "gw1 is what the log says again."));
        await Eventually.TrueAsync(() => thread.IsArchived);
        Assert.StartsWith("over · gw1 is what the log says again.", team.Vic.Sees(thread)[^1].Text, StringComparison.Ordinal);
        Assert.StartsWith("over · ", team.Vic.Sees(team.Notices).Single(m => m.Id == card.Id).Text, StringComparison.Ordinal);
        transcript.Add("and is repaired", team.Vic);
        transcript.Match("alert.json");
    }

    [Fact]
    public async Task A_broken_glass_is_shouted_where_notices_are_and_has_a_thread()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway, configure: t => t.Applies = false);
        await team.Amy.SendAsync(team.Edge, "expose", ("vm", "vm2"), ("port", "8080"), ("on", "80"));
        await team.CardAsync(1, "waiting");
        await team.Amy.SendAsync(team.Edge, "break-glass", ("change", "1"), ("because", "the shop is down"));
        var shout = await team.Vic.SeesAsync(team.Notices, m =>
            m.Text.StartsWith("break-glass · #1 on gw1 · Amy went without 1 approval (approver)", StringComparison.Ordinal)
        );
        Assert.Contains("because \"the shop is down\"", shout.Text, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => team.Discord.ThreadAt(shout) is { } thread && team.Vic.Sees(thread).Length > 0);
        await team.CardAsync(1, "approved by Amy (broke the glass)");
    }

    [Fact]
    public async Task What_happens_by_itself_is_a_notice()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway, configure: t => t.Applies = false);
        var effects = System.Collections.Immutable.ImmutableArray.Create<Effect>(
            new VmAdded(1, Given.Vm("vm3"), [Text.Parse<Address>("400::100:0:0:3")])
        );
        await team.Core.Ledger.DecideAsync(
            DiscordTeam.Gw1,
            new Origin("mirror", Actor.Reconcile),
            s => Decider.DecideByItself(s, "vm add vm3", "gw1 has it", effects),
            default
        );
        await team.CardAsync(1, "by itself: gw1 has it", team.Notices);
        Assert.Empty(team.Vic.Sees(team.Edge));
    }

    [Fact]
    public async Task Commands_are_registered_when_they_have_changed()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        await team.StopBotAsync();
        await team.StartBotAsync();
        await Eventually.TrueAsync(() =>
            team.Discord.Requests.Count(r =>
                r.StartsWith("GET", StringComparison.Ordinal) && r.EndsWith("/commands", StringComparison.Ordinal)
            ) >= 3
        );
        Assert.Single(team.Discord.Requests, r => r.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Commands_come_when_the_bot_is_invited_with_their_scope()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        team.Discord.Behaviour.TakesCommands = false;
        using var folder = new TempFolder();
        await using var other = DiscordSurface.Start(
            team.Settings(StandInDiscord.Token),
            team.Core,
            folder.In("discord.db"),
            TimeProvider.System,
            SentenceLog.To(team.Complaints.Enqueue)
        );
        await Eventually.TrueAsync(() =>
            team.Complaints.Any(c =>
                c.StartsWith("no slash commands on Discord: ", StringComparison.Ordinal)
                && c.EndsWith(
                    "It is tried again; invite the bot with the scope applications.commands; docs/discord.md",
                    StringComparison.Ordinal
                )
            )
        );
        team.Discord.Behaviour.TakesCommands = true;
        team.Discord.Gateway.Dispatch(
            "GUILD_CREATE",
            new System.Text.Json.Nodes.JsonObject { ["id"] = team.Discord.Guild, ["name"] = "Edge team" }
        );
        await Eventually.TrueAsync(() => team.Complaints.Contains("the slash commands are there now."));
    }

    [Fact]
    public async Task Commands_that_a_server_in_trouble_did_not_take_come_when_it_takes_them()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        // The faults are for the other one: this one's commands are there before.
        await Eventually.TrueAsync(() => team.Discord.Commands.Count > 0);
        team.Discord.Faults.Next(Fault.ServerError, "/commands", times: 8);
        using var folder = new TempFolder();
        await using var other = DiscordSurface.Start(
            team.Settings(StandInDiscord.Token),
            team.Core,
            folder.In("discord.db"),
            TimeProvider.System,
            SentenceLog.To(team.Complaints.Enqueue)
        );
        await Eventually.TrueAsync(
            () => team.Complaints.Contains("the slash commands are there now."),
            () => string.Join(" | ", team.Complaints)
        );
        Assert.Contains(team.Complaints, c =>
            c.StartsWith("no slash commands on Discord: ", StringComparison.Ordinal) && !c.Contains("scope", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Who_mentions_the_bots_role_is_told_to_mention_the_bot()
    {
        var role = "";
        await using var team = await DiscordTeam.StartAsync(Way.Gateway, configure: t => role = t.Discord.AddOwnRole());
        team.Olga.Type(team.Edge, $"<@&{role}> status");
        var told = await team.Ada.SeesAsync(team.Edge, m => m.Text.StartsWith("That is my role", StringComparison.Ordinal));
        Assert.Equal(
            $"That is my role: what mentions it I cannot read. Next: the same line with <@{team.Discord.Bot}>, or with /gw",
            told.Text
        );
        Assert.Empty(team.Discord.Pinged);
    }
}
