using System.Net.WebSockets;
using ChatOps.StandIns.Discord;

namespace ChatOps.Specs.Discord;

/// <summary>The stand-in itself: nobody waits for a connection that is gone.</summary>
public sealed class StandInSpecs
{
    [Fact]
    public async Task What_is_done_to_a_connection_that_has_just_broken_ends()
    {
        await using var discord = await StandInDiscord.StartAsync();
        for (var i = 0; i < 200; i++)
        {
            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("User-Agent", "DiscordBot (https://chatops.example, 1.0)");
            await socket.ConnectAsync(new($"{discord.GatewayUrl}?v=10&encoding=json"), default);
            var asking = Task.WhenAll(Enumerable.Range(0, 5).Select(_ => discord.Gateway.AskHeartbeatAsync()));
            socket.Abort();
            await asking.PatientlyAsync();
            await discord.Gateway.AskHeartbeatAsync().PatientlyAsync();
        }
    }
}
