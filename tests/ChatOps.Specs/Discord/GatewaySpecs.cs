using System.Text.Json.Nodes;
using ChatOps.Discord;
using ChatOps.StandIns.Discord;

namespace ChatOps.Specs.Discord;

public sealed class GatewaySpecs : DiscordSpec
{
    [Fact]
    public async Task A_session_begins_and_events_come()
    {
        var heard = Listen();
        var ready = await heard.UntilAsync<DiscordEvent.Ready>();
        Assert.Equal((Id(_discord.Bot), Id(_discord.Application)), (ready.Bot!.Id, ready.Application));
        Assert.Equal(Id(_discord.Guild), Assert.Single(ready.Guilds));
        var guild = await heard.UntilAsync<DiscordEvent.GuildSeen>();
        Assert.Contains(guild.Guild.Roles, r => r.Name == "operators");

        var typed = _ada.Type(_channel, "@ChatOps status");
        var message = (await heard.UntilAsync<DiscordEvent.MessageCreated>()).Message;
        Assert.Equal(($"<@{_discord.Bot}> status", Id(_ada.Id), "Ada"), (message.Content, message.Author!.Id, message.Author.Name));
        Assert.Equal((Id(_discord.Guild), true), (message.Guild, message.IsTypedByPerson));
        Assert.Equal(Id(_discord.Bot), Assert.Single(message.Mentions));
        _channel.Delete(typed);
        Assert.Equal(message.Id, Assert.Single((await heard.UntilAsync<DiscordEvent.MessagesDeleted>()).Messages));
        Assert.Equal(["/gateway?v=10&encoding=json"], _discord.Gateway.Connections);
    }

    [Fact]
    public async Task What_bots_and_webhooks_say_is_not_typed_by_a_person()
    {
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        _discord.AddBot("Other").Type(_channel, "@ChatOps status");
        _channel.PostByWebhook("Ada", "status");
        await heard.UntilAsync<DiscordEvent.MessageCreated>(2);
        Assert.All(heard.All<DiscordEvent.MessageCreated>(), m => Assert.False(m.Message.IsTypedByPerson));
    }

    [Fact]
    public async Task A_lost_connection_is_resumed_and_each_event_comes_once()
    {
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        _discord.Gateway.IsDeaf = true;
        for (var i = 1; i <= 5; i++)
            _ada.Type(_channel, $"@ChatOps {i}");
        _discord.Gateway.Drop();
        await heard.UntilAsync<DiscordEvent.Lost>();
        _discord.Gateway.IsDeaf = false;
        await heard.UntilAsync<DiscordEvent.MessageCreated>(5);
        await _discord.Gateway.RepeatLastAsync();
        _ada.Type(_channel, "@ChatOps 6");
        await heard.UntilAsync<DiscordEvent.MessageCreated>(6);
        Assert.Equal(["1", "2", "3", "4", "5", "6"], heard.All<DiscordEvent.MessageCreated>().Select(m => m.Message.Content[^1..]));
        Assert.Equal((1, "/resume?v=10&encoding=json"), (_discord.Gateway.Identified, _discord.Gateway.Connections[^1]));
    }

    [Fact]
    public async Task A_connection_that_only_looks_alive_is_left()
    {
        _discord.Behaviour.HeartbeatInterval = TimeSpan.FromSeconds(10);
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        _discord.Gateway.IsMute = true;
        var lost = await heard.UntilAsync<DiscordEvent.Lost>();
        _discord.Gateway.IsMute = false;
        await heard.UntilAsync<DiscordEvent.Resumed>();
        Assert.Equal("the gateway did not answer a heartbeat", lost.Why);
        Assert.DoesNotContain(_discord.Gateway.ClosedByBot, c => c is 1000 or 1001);
        Assert.Equal(1, _discord.Gateway.Identified);
    }

    [Fact]
    public async Task A_connection_that_answers_is_kept()
    {
        _discord.Behaviour.HeartbeatInterval = TimeSpan.FromSeconds(20);
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        var beats = _discord.Gateway.Heartbeats;
        await Eventually.TrueAsync(() => _discord.Gateway.Heartbeats >= beats + 5);
        Assert.Empty(heard.All<DiscordEvent.Lost>());
    }

    [Fact]
    public async Task The_bot_beats_when_it_is_asked_to()
    {
        _discord.Behaviour.HeartbeatInterval = TimeSpan.FromHours(20);
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        await _discord.Gateway.AskHeartbeatAsync();
        await Eventually.TrueAsync(() => _discord.Gateway.Heartbeats > 0);
        Assert.Equal(1, _discord.Gateway.Heartbeats);
    }

    [Fact]
    public async Task It_connects_again_when_it_is_asked_to()
    {
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        await _discord.Gateway.AskReconnectAsync();
        await heard.UntilAsync<DiscordEvent.Resumed>();
        Assert.Equal(1, _discord.Gateway.Identified);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task An_invalid_session_goes_on_if_it_can_and_begins_anew_if_not(bool isResumable, int identified)
    {
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        await _discord.Gateway.InvalidateAsync(isResumable);
        _ = isResumable ? (DiscordEvent)await heard.UntilAsync<DiscordEvent.Resumed>() : await heard.UntilAsync<DiscordEvent.Ready>(2);
        Assert.Equal(identified, _discord.Gateway.Identified);
        _ada.Type(_channel, "@ChatOps status");
        await heard.UntilAsync<DiscordEvent.MessageCreated>();
    }

    [Fact]
    public async Task A_session_that_was_forgotten_meanwhile_begins_anew()
    {
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        _discord.Gateway.ForgetSessions();
        _discord.Gateway.Drop();
        await heard.UntilAsync<DiscordEvent.Ready>(2);
        _ada.Type(_channel, "@ChatOps status");
        await heard.UntilAsync<DiscordEvent.MessageCreated>();
    }

    [Theory]
    [InlineData(Resuming.Closes)]
    [InlineData(Resuming.Breaks)]
    [InlineData(Resuming.Silent)]
    public async Task A_session_that_never_goes_on_and_is_never_refused_gives_way_to_another(Resuming how)
    {
        var heard = Listen(Options() with { SessionTimeout = TimeSpan.FromSeconds(how == Resuming.Silent ? 40 : 300) });
        await heard.UntilAsync<DiscordEvent.Ready>();
        _discord.Gateway.Resuming = how;
        _discord.Gateway.Drop();
        await heard.UntilAsync<DiscordEvent.Ready>(2);
        Assert.True(
            _discord.Gateway.Connections.Count >= (how == Resuming.Silent ? 3 : 5),
            $"{_discord.Gateway.Connections.Count} connections"
        );
        _ada.Type(_channel, "@ChatOps status");
        await heard.UntilAsync<DiscordEvent.MessageCreated>();
    }

    [Fact]
    public async Task A_gateway_that_does_not_let_the_bot_in_is_tried_again()
    {
        _discord.Gateway.ConnectionsToRefuse = 4;
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        Assert.Equal((4, 5), (heard.All<DiscordEvent.Lost>().Count, _discord.Gateway.Connections.Count));
    }

    [Fact]
    public async Task When_the_address_for_resuming_does_not_answer_the_common_one_is_used()
    {
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        _discord.Gateway.ConnectionsToRefuse = 2;
        _discord.Gateway.Drop();
        await heard.UntilAsync<DiscordEvent.Resumed>();
        Assert.StartsWith("/gateway", _discord.Gateway.Connections[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_session_is_started_beyond_the_limit_of_a_day()
    {
        (_discord.Behaviour.SessionsLeft, _discord.Behaviour.SessionsResetAfter) = (0, TimeSpan.FromSeconds(20));
        var heard = Listen();
        var waiting = await heard.UntilAsync<DiscordEvent.Lost>();
        Assert.StartsWith("no session can be started", waiting.Why, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(20), waiting.Wait);
        Assert.Empty(_discord.Gateway.Connections);
        _discord.Behaviour.SessionsLeft = 1000;
        await heard.UntilAsync<DiscordEvent.Ready>();
    }

    [Fact]
    public async Task A_terse_server_is_understood()
    {
        _discord.Behaviour.IsTerse = true;
        var heard = Listen();
        var ready = await heard.UntilAsync<DiscordEvent.Ready>();
        Assert.Equal((Id(_discord.Bot), null), (ready.Bot!.Id, ready.Application));
        _discord.Gateway.Drop();
        await heard.UntilAsync<DiscordEvent.Resumed>();
        _ada.Type(_channel, "@ChatOps status");
        var message = (await heard.UntilAsync<DiscordEvent.MessageCreated>()).Message;
        Assert.Equal((Id(_ada.Id), Channel, true), (message.Author!.Id, message.Channel, message.IsTypedByPerson));
        Assert.All(_discord.Gateway.Connections, c => Assert.StartsWith("/gateway", c, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_that_say_nothing_are_passed_over()
    {
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        foreach (
            var name in (string[])
                ["INTERACTION_CREATE", "MESSAGE_CREATE", "MESSAGE_DELETE", "GUILD_CREATE", "MESSAGE_DELETE_BULK", "NOBODY_KNOWS"]
        )
        {
            foreach (
                var data in (JsonNode?[])
                    [null, 7, "text", new JsonArray(), new JsonObject(), new JsonObject { ["id"] = null, ["type"] = "two" }]
            )
                _discord.Gateway.Dispatch(name, data);
        }

        _ada.Type(_channel, "@ChatOps status");
        await heard.UntilAsync<DiscordEvent.MessageCreated>();
        Assert.Empty(heard.All<DiscordEvent.Lost>());
    }

    [Fact]
    public async Task The_configured_address_wins()
    {
        var heard = Listen(Options() with { GatewayUrl = new($"{_discord.GatewayUrl}?v=9&more=1") });
        await heard.UntilAsync<DiscordEvent.Ready>();
        Assert.Equal(["/gateway?more=1&v=10&encoding=json"], _discord.Gateway.Connections);
        Assert.Empty(_discord.Requests);
    }

    [Fact]
    public async Task A_bot_that_stops_says_good_bye()
    {
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        await heard.StopAsync();
        await Eventually.TrueAsync(() => _discord.Gateway.ClosedByBot.Count > 0);
        Assert.Equal([1000], _discord.Gateway.ClosedByBot);
    }
}
