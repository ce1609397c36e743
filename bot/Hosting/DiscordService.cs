using ChatOps.Bot.Configuration;
using ChatOps.Bot.Discord;
using ChatOps.Bot.Local;
using ChatOps.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>
/// Discord beside whatever else a process does, when there is a token for it. When Discord will not have the bot, everybody is told and the
/// rest goes on, because gateways may hang on it.
/// </summary>
public sealed partial class DiscordService : LoopService
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly DiscordSettings? _settings;
    private readonly DiscordSection? _section;
    private readonly ConversationCore _core;
    private readonly string _notes;
    private readonly ILoggerFactory _logs;
    private readonly ILogger<DiscordService> _log;
    private DiscordSurface? _surface;
    private WebApplication? _web;

    /// <summary>Reads what it is told; nothing is begun.</summary>
    /// <param name="policy">Names the server and the roles.</param>
    /// <param name="configuration">The settings of the process; the token is one.</param>
    /// <param name="notes">The file in which it is kept where the cards stand.</param>
    /// <param name="end">Hears when Discord's part has ended by a mistake of ours.</param>
    /// <param name="logs">Where it is logged what Discord does.</param>
    /// <exception cref="ConfigurationException">What the policy file says of Discord is wrong.</exception>
    public DiscordService(
        PolicyFile policy,
        IConfiguration configuration,
        ConversationCore core,
        string notes,
        LoopEnd end,
        ILoggerFactory logs
    )
        : base("Discord", end, logs.CreateLogger<LoopService>())
    {
        (_section, _core, _notes, _logs, _log) = (policy.Discord, core, notes, logs, logs.CreateLogger<DiscordService>());
        _settings = DiscordSection.Settings(policy.Discord, name => configuration[name]) is { } settings
            ? settings with
            {
                People = policy.Accounts.Discord,
            }
            : null;
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_settings is not null)
        {
            _surface = DiscordSurface.Start(_settings, _core, _notes, TimeProvider.System, _logs);
            _web = await ListenAsync(_settings, _surface, cancellationToken);
            await base.StartAsync(cancellationToken);
        }
        else if (_section is not null)
        {
            NoToken();
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_web is not null)
            await _web.DisposeAsync();
        if (_surface is not null)
            await _surface.DisposeAsync();
        (_web, _surface) = (null, null);
    }

    /// <summary>
    /// False when Discord will not have the bot. A short script is over before it has said whether it knows the token: waits for that, and
    /// not for long.
    /// </summary>
    public async Task<bool> IsWelcomeAsync()
    {
        using var timeout = new CancellationTokenSource(CloseTimeout);
        try
        {
            await (_surface?.KnownAsync(timeout.Token) ?? Task.CompletedTask);
            return true;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            // It cannot be reached, and the log has said so.
            return true;
        }
        catch (ConfigurationException)
        {
            // Said as well.
            return false;
        }
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await _surface!.Running.WaitAsync(stop);
        }
        catch (ConfigurationException e)
        {
            _core.Troubles.Add($"no Discord until the next start: {e.Message}");
        }

        await Task.Delay(Timeout.Infinite, stop);
    }

    private async Task<WebApplication?> ListenAsync(DiscordSettings settings, DiscordSurface surface, CancellationToken cancel)
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
            Listening(app.Urls.First(), at.AbsolutePath);
            return app;
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw new ConfigurationException($"discord.listen: {e.Message}", e);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "no Discord: the policy file has a section for it, and there is no token. Next: Discord__Token or Discord__TokenFile; docs/discord.md"
    )]
    private partial void NoToken();

    [LoggerMessage(2, LogLevel.Information, "Discord's interactions by HTTPS are taken on {Address}{Path}")]
    private partial void Listening(string address, string path);
}
