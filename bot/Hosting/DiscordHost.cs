using ChatOps.Bot.Configuration;
using ChatOps.Bot.Discord;
using ChatOps.Core.Loops;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>Discord beside whatever else a process does, when there is a token for it.</summary>
public static partial class DiscordHost
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Does something, with Discord beside it while that lasts. When Discord will not have the bot, everybody is told and the rest goes on, because gateways
    /// may hang on it; it ends with 1 then.
    /// </summary>
    /// <param name="policy">Names the server and the roles.</param>
    /// <param name="setting">Looks up a setting of the process; the token is one.</param>
    /// <param name="core">The conversation.</param>
    /// <param name="notes">The file in which it is kept where the cards stand.</param>
    /// <param name="logs">Where it is logged what Discord does.</param>
    /// <param name="act">What the process does.</param>
    /// <param name="cancel">Stops both.</param>
    /// <exception cref="ConfigurationException">What the policy file says of Discord is wrong.</exception>
    /// <exception cref="LoopEndedException">Discord's part has ended by a mistake of ours.</exception>
    public static async Task<int> BesideAsync(
        PolicyFile policy,
        Func<string, string?> setting,
        ConversationCore core,
        string notes,
        ILoggerFactory logs,
        Func<CancellationToken, Task<int>> act,
        CancellationToken cancel
    )
    {
        if (DiscordSection.Settings(policy.Discord, setting) is not { } settings)
        {
            if (policy.Discord is not null)
                NoToken(logs.CreateLogger<DiscordSurface>());
            return await act(cancel);
        }

        settings = settings with { People = policy.Accounts.Discord };
        await using var surface = DiscordSurface.Start(settings, core, notes, TimeProvider.System, logs);
        await using var web = await ListenAsync(settings, surface, logs, cancel);
        await using var loops = new BackgroundLoops();
        loops.Start("Discord", stop => WatchAsync(surface.Running, core, stop));
        var code = await loops.WhileRunningAsync(act, cancel);

        // A short script is over before Discord has said that it knows the token.
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await surface.KnownAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // It cannot be reached, and the terminal has said so.
        }
        catch (ConfigurationException)
        {
            // Said as well.
            return Math.Max(code, 1);
        }

        return code;
    }

    private static async Task WatchAsync(Task running, ConversationCore core, CancellationToken stop)
    {
        try
        {
            await running.WaitAsync(stop);
        }
        catch (ConfigurationException e)
        {
            core.Trouble($"no Discord until the next start: {e.Message}");
        }

        await Task.Delay(Timeout.Infinite, stop);
    }

    private static async Task<WebApplication?> ListenAsync(DiscordSettings settings, DiscordSurface surface, ILoggerFactory logs, CancellationToken cancel)
    {
        if (settings is not { Listen: { } at, PublicKey: { } key })
            return null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(at.GetLeftPart(UriPartial.Authority));
        var app = builder.Build();
        app.MapPost(at.AbsolutePath, surface.EndpointFor(key).HandleAsync);
        try
        {
            await app.StartAsync(cancel);
            Listening(logs.CreateLogger<DiscordSurface>(), app.Urls.First(), at.AbsolutePath);
            return app;
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw new ConfigurationException($"discord.listen: {e.Message}", e);
        }
    }

    [LoggerMessage(11, LogLevel.Warning, "no Discord: the policy file has a section for it, and there is no token. Next: Discord__Token or Discord__TokenFile; docs/discord.md")]
    private static partial void NoToken(ILogger log);

    [LoggerMessage(12, LogLevel.Information, "Discord's interactions by HTTPS are taken on {Address}{Path}")]
    private static partial void Listening(ILogger log, string address, string path);
}
