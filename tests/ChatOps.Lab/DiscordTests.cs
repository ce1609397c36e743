using System.Collections.Immutable;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Discord;
using ChatOps.Discord;
using ChatOps.Hosting;
using ChatOps.StandIns.Discord;
using Role = ChatOps.Core.Domain.Authority.Role;

namespace ChatOps.Lab;

/// <summary>From a slash command through a button to packets.</summary>
public sealed class DiscordTests : GatewayTest
{
    [Fact]
    public async Task A_slash_command_and_a_button_open_a_port()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2");
        await using var discord = await StandInDiscord.StartAsync();
        var edge = discord.AddChannel("edge");
        var (operators, approvers) = (discord.AddRole("operators"), discord.AddRole("approvers"));
        var (olga, ada) = (discord.AddPerson("Olga", operators), discord.AddPerson("Ada", approvers));
        var settings = new DiscordSettings(
            new DiscordOptions(new Secret(StandInDiscord.Token)) { ApiBase = discord.ApiBase, GatewayUrl = discord.GatewayUrl },
            Id(discord.Guild),
            [Id(edge.Id)],
            null,
            ImmutableDictionary<Snowflake, Role>.Empty.Add(Id(operators), Role.Operator).Add(Id(approvers), Role.Approver),
            null,
            null,
            UsesGateway: true
        );
        await using var bot = DiscordSurface.Start(
            settings,
            team.Core,
            Path.ChangeExtension(Log, "discord.db"),
            TimeProvider.System,
            SentenceLog.To(team.Complaints.Enqueue)
        );
        await Eventually.TrueAsync(() => discord.Gateway.IsConnected);

        await olga.SendAsync(edge, "expose", ("vm", "vm2"), ("port", "8080"), ("on", "80"));
        var card = await ada.SeesAsync(edge, m => m.Text.Contains("waiting for 1 approval", StringComparison.Ordinal));
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}/"));
        await ada.PressAsync(card, "Approve");
        var open = await ada.SeesAsync(edge, m => m.Text.Contains("confirmed", StringComparison.Ordinal) && m.Id == card.Id);
        Assert.Contains("proposed by Olga, approved by Ada", open.Text, StringComparison.Ordinal);
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}/"), StringComparison.Ordinal);
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://[{Lab.Gw1V6}]/"), StringComparison.Ordinal);

        // Closed elsewhere, shown here.
        await team.AppliedAsync("unexpose 80");
        await ada.SeesAsync(edge, m =>
            m.Text.StartsWith("#3 · close tcp 80", StringComparison.Ordinal) && m.Text.Contains("confirmed", StringComparison.Ordinal)
        );
        await AgreedAsync(team);
    }

    private static Snowflake Id(string text) => Snowflake.TryParse(text, out var id) ? id : throw new ArgumentException(text);
}
