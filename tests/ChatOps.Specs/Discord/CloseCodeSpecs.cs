using ChatOps.Discord;

namespace ChatOps.Specs.Discord;

public sealed class CloseCodeSpecs : DiscordSpec
{
    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(4000)]
    [InlineData(4001)]
    [InlineData(4002)]
    [InlineData(4005)]
    [InlineData(4008)]
    [InlineData(4999)]
    public async Task After_these_the_session_goes_on(int code)
    {
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        await _discord.Gateway.CloseAsync(code);
        await heard.UntilAsync<DiscordEvent.Resumed>();
        Assert.Equal((1, 1), (_discord.Gateway.Identified, _discord.Gateway.Resumed));
        Assert.Equal($"Discord closed the connection ({code} as the test wants it)", heard.All<DiscordEvent.Lost>()[0].Why);
    }

    [Theory]
    [InlineData(4003)]
    [InlineData(4007)]
    [InlineData(4009)]
    public async Task After_these_a_new_session_begins(int code)
    {
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        await _discord.Gateway.CloseAsync(code);
        await heard.UntilAsync<DiscordEvent.Ready>(2);
        Assert.Equal((2, 0), (_discord.Gateway.Identified, _discord.Gateway.Resumed));
    }

    [Theory]
    [InlineData(4004, "Discord does not accept the bot's token.", "Reset Token")]
    [InlineData(4010, "Discord does not know the shard that the bot named.", "update ChatOps")]
    [InlineData(4011, "Discord wants the bot to be split into shards, because it is in too many servers.", "remove it from servers")]
    [InlineData(4012, "Discord has given up version 10 of its gateway.", "update ChatOps")]
    [InlineData(4013, "Discord does not know the intents 513 that the bot asked for.", "update ChatOps")]
    [InlineData(4014, "Discord does not give the bot the intents that it asked for (Guilds, GuildMessages).", "developer portal")]
    public async Task These_are_final(int code, string sentence, string next)
    {
        _discord.Gateway.CodeForIdentify = code;
        var heard = Listen();
        var stop = await Assert.ThrowsAsync<DiscordStopException>(() => heard.Listening.PatientlyAsync());
        Assert.Equal(sentence, stop.Sentence);
        Assert.Contains(next, stop.Next, StringComparison.Ordinal);
        Assert.Single(_discord.Gateway.Connections);
    }

    [Fact]
    public async Task An_intent_that_is_not_switched_on_is_named_as_the_portal_names_it()
    {
        var heard = Listen(intents: Intents.Guilds | Intents.MessageContent);
        var stop = await Assert.ThrowsAsync<DiscordStopException>(() => heard.Listening.PatientlyAsync());
        Assert.Equal(
            "switch on Message Content Intent in the developer portal (your application, Bot, Privileged Gateway Intents)",
            stop.Next
        );
    }

    [Fact]
    public async Task A_wrong_token_is_final()
    {
        var heard = Listen(Options("not.the.token") with { GatewayUrl = _discord.GatewayUrl });
        await Assert.ThrowsAsync<DiscordStopException>(() => heard.Listening.PatientlyAsync());
    }
}
