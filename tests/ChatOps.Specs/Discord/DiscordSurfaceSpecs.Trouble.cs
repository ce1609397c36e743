using ChatOps.Bot.Configuration;
using ChatOps.Bot.Discord;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;
using ChatOps.StandIns.Discord;
using Microsoft.Extensions.Logging;

namespace ChatOps.Specs.Discord;

/// <summary>Wrong tokens, long waits and servers that are not there.</summary>
public sealed partial class DiscordSurfaceSpecs
{
    [Fact]
    public async Task A_token_that_is_reset_while_the_bot_runs_ends_nothing_else()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        await team.StopBotAsync();
        await team.BesideDiscordAsync(StandInDiscord.Token, async () =>
        {
            await Eventually.TrueAsync(() => team.Discord.Gateway.IsConnected);
            team.Discord.Gateway.CodeForIdentify = 4004;
            team.Discord.Gateway.ForgetSessions();
            team.Discord.Gateway.Drop();
            await Eventually.TrueAsync(() =>
                team.Complaints.Any(c =>
                    c.StartsWith("no Discord until the next start: Discord does not accept the bot's token", StringComparison.Ordinal)
                )
            );
            Assert.True(
                await team.SayElsewhereAsync(
                    new Core.Domain.Authority.Speaker(new Actor("local", "admin", "admin"), [Core.Domain.Authority.Role.Admin]),
                    "status"
                )
            );
        });
        Assert.True(team.IsRunning);
    }

    [Fact]
    public async Task A_wait_of_hours_is_said_at_once()
    {
        var said = new List<string>();
        new ConnectionWatch(TimeProvider.System, SentenceLog.To(said.Add).CreateLogger<ConnectionWatch>()).See(
            new ChatOps.Discord.DiscordEvent.Lost("Discord's limit of a day is used up", TimeSpan.FromHours(5))
        );
        await Eventually.TrueAsync(() => said.Count > 0);
        Assert.Matches("^no connection to Discord before [0-9: -]+: Discord's limit of a day is used up", Assert.Single(said));
    }

    [Fact]
    public async Task A_wrong_token_is_a_wrong_configuration()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        await team.StopBotAsync();
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => team.StartBotAsync("wrong"));
        Assert.StartsWith("Discord does not accept the bot's token. Next: ", refused.Message, StringComparison.Ordinal);
        await team.StopBotAsync();
    }

    [Fact]
    public async Task A_refused_token_is_said_everywhere_and_ends_nothing_else()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        await team.StopBotAsync();
        var isWelcome = await team.BesideDiscordAsync("wrong", async () =>
        {
            await Eventually.TrueAsync(() =>
                team.Complaints.Any(c =>
                    c.StartsWith("no Discord until the next start: Discord does not accept the bot's token", StringComparison.Ordinal)
                )
            );
            var admin = new Core.Domain.Authority.Speaker(new Actor("local", "admin", "admin"), [Core.Domain.Authority.Role.Admin]);
            Assert.True(await team.SayElsewhereAsync(admin, "expose vm2:8080 on 80"));
            Assert.True(await team.SayElsewhereAsync(admin, "status"));
            await foreach (var entry in team.Core.Room.FollowAsync(default))
            {
                if (entry.Message.Text.Contains("  ! no Discord until the next start", StringComparison.Ordinal))
                    break;
            }
        });
        Assert.False(isWelcome);
        Assert.True(team.IsRunning);
    }

    [Fact]
    public async Task What_the_configuration_speaks_of_and_is_not_there_is_said()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        var settings = team.Settings(StandInDiscord.Token) with
        {
            Roles = team.Roles.Add(new(77), Core.Domain.Authority.Role.Admin),
            Notices = new(78),
        };
        using var folder = new TempFolder();
        await using var other = DiscordSurface.Start(
            settings,
            team.Core,
            folder.In("discord.db"),
            TimeProvider.System,
            SentenceLog.To(team.Complaints.Enqueue)
        );
        await other.KnownAsync(default);
        Assert.Contains($"discord.roles: there is no role 77 in server {team.Discord.Guild}", team.Complaints);
        Assert.Contains(team.Complaints, c => c.StartsWith("discord: channel 78: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_forum_is_no_place_for_cards(bool isHome)
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        var forum = DiscordTeam.Id(team.Discord.AddChannel("ideas", 15).Id);
        var settings = team.Settings(StandInDiscord.Token);
        using var folder = new TempFolder();
        await using var other = DiscordSurface.Start(
            isHome ? settings with { Channels = [forum, .. settings.Channels] } : settings with { Notices = forum },
            team.Core,
            folder.In("discord.db"),
            TimeProvider.System,
            SentenceLog.To(team.Complaints.Enqueue)
        );
        var why = await Assert.ThrowsAsync<ConfigurationException>(() => other.Running);
        Assert.Equal($"discord: channel {forum} is a forum, in which no card can stand. Next: name a text channel", why.Message);
    }

    [Fact]
    public async Task While_discord_cannot_be_reached_everything_else_works()
    {
        await using var team = await DiscordTeam.StartAsync(Way.Gateway);
        using var folder = new TempFolder();
        var settings = team.Settings(StandInDiscord.Token);
        settings = settings with
        {
            Api = settings.Api with { ApiBase = new("http://127.0.0.1:9/api/v10/"), GatewayUrl = new("ws://127.0.0.1:9/"), Tries = 1 },
        };
        await using var other = DiscordSurface.Start(
            settings,
            team.Core,
            folder.In("discord.db"),
            TimeProvider.System,
            SentenceLog.To(team.Complaints.Enqueue)
        );
        await Eventually.TrueAsync(() =>
            team.Complaints.Any(c => c.StartsWith("Discord cannot be reached; everything else works", StringComparison.Ordinal))
        );
        Assert.True(await team.SayElsewhereAsync(Given.Operator, "expose vm2:8080 on 80"));
        Assert.False(other.Running.IsCompleted);
    }
}
