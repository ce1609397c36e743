using ChatOps.Bot.Configuration;
using ChatOps.Bot.Discord.Api;

namespace ChatOps.Bot.Discord;

/// <summary>Learns from Discord who the bot is, and looks whether the configuration speaks of things that are there.</summary>
internal sealed class Introduction(DiscordSettings settings, DiscordRest rest, TimeProvider clock, Action<string> complain)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>The application, however long it takes to reach Discord.</summary>
    public async Task<Application> KnowAsync(CancellationToken cancel)
    {
        for (var failures = 0; ; failures++)
        {
            var result = await rest.ApplicationAsync(cancel);
            if (result is RestResult<Application>.Done { Value: var application })
            {
                if (failures > 0)
                    complain("Discord can be reached now.");
                await LookAroundAsync(cancel);
                return application;
            }

            if (failures == 0)
                complain($"Discord cannot be reached; everything else works, and it is tried again: {result.Error!.Sentence}");
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures), LongestPause.TotalSeconds)), clock, cancel);
        }
    }

    // What is wrong is said and not refused: a channel can come back, and the rest works without it.
    private async Task LookAroundAsync(CancellationToken cancel)
    {
        var roles = await rest.RolesAsync(settings.Guild, cancel);
        if (roles.Error is { } error)
            complain($"discord.guild: {error.Sentence}. Next: invite the bot into the server; docs/discord.md");
        else
            foreach (var missing in settings.Roles.Keys.Where(r => r != settings.Guild && roles.ValueOrDefault.All(x => x.Id != r)))
                complain($"discord.roles: there is no role {missing} in server {settings.Guild}");
        foreach (var channel in settings.Channels.Append(settings.Notices ?? settings.Home).Distinct())
        {
            var found = await rest.ChannelAsync(channel, cancel);
            if (found.Error is { } problem)
                complain($"discord: channel {channel}: {problem.Sentence}. Next: let the bot view it");
            else if (found.ValueOrDefault!.Guild is { } guild && guild != settings.Guild)
                complain($"discord: channel {channel} is in another server, {guild}");
        }
    }
}
