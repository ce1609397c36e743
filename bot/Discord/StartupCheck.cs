using ChatOps.Bot.Configuration;
using ChatOps.Discord;
using ChatOps.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Discord;

/// <summary>Learns from Discord who the bot is, and looks whether the configuration speaks of things that are there.</summary>
internal sealed partial class StartupCheck(DiscordSettings settings, DiscordRest rest, TimeProvider clock, ILogger<StartupCheck> log)
{
    private static readonly BackOff Unreached = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>The application, however long it takes to reach Discord.</summary>
    /// <exception cref="DiscordStopException">The cards are to stand where none can.</exception>
    public async Task<Application> KnowAsync(CancellationToken cancel)
    {
        for (var failures = 0; ; )
        {
            var result = await rest.ApplicationAsync(cancel);
            if (result is RestResult<Application>.Done { Value: var application })
            {
                if (failures > 0)
                    Reached();
                await LookAroundAsync(cancel);
                return application;
            }

            if (failures == 0)
                NotReached(result.Error!.Sentence);
            await Unreached.WaitAsync(++failures, clock, cancel);
        }
    }

    // What is wrong is said and not refused: a channel can come back, and the rest works without it. A forum where the cards go never
    // works: every message there is a thread of its own.
    private async Task LookAroundAsync(CancellationToken cancel)
    {
        var roles = await rest.RolesAsync(settings.Guild, cancel);
        if (roles.Error is { } error)
            NoServer(error.Sentence);
        else
            foreach (var missing in settings.Roles.Keys.Where(r => r != settings.Guild && roles.ValueOrDefault.All(x => x.Id != r)))
                NoRole(missing, settings.Guild);
        foreach (var channel in settings.Channels.Append(settings.Notices ?? settings.Home).Distinct())
        {
            var found = await rest.ChannelAsync(channel, cancel);
            if (found.Error is { } problem)
                NoChannel(channel, problem.Sentence);
            else if (found.ValueOrDefault!.Guild is { } guild && guild != settings.Guild)
                ForeignChannel(channel, guild);
            else if (found.ValueOrDefault!.IsForum && (channel == settings.Home || channel == settings.Notices))
                throw new DiscordStopException(
                    $"discord: channel {channel} is a forum, in which no card can stand.",
                    "name a text channel"
                );
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Discord can be reached now.")]
    private partial void Reached();

    [LoggerMessage(2, LogLevel.Warning, "Discord cannot be reached; everything else works, and it is tried again: {Problem}")]
    private partial void NotReached(string problem);

    [LoggerMessage(3, LogLevel.Warning, "discord.guild: {Problem}. Next: invite the bot into the server; docs/discord.md")]
    private partial void NoServer(string problem);

    [LoggerMessage(4, LogLevel.Warning, "discord.roles: there is no role {Role} in server {Server}")]
    private partial void NoRole(Snowflake role, Snowflake server);

    [LoggerMessage(5, LogLevel.Warning, "discord: channel {Channel}: {Problem}. Next: let the bot view it")]
    private partial void NoChannel(Snowflake channel, string problem);

    [LoggerMessage(6, LogLevel.Warning, "discord: channel {Channel} is in another server, {Server}")]
    private partial void ForeignChannel(Snowflake channel, Snowflake server);
}
