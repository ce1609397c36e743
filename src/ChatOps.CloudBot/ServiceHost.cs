using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Local;
using ChatOps.Bot.Web.Entry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.CloudBot;

/// <summary>
/// A process without a terminal: it serves until it is stopped, reads no input, and prints nothing that people say, because what it prints
/// ends up in somebody's log. Links that sign people in go into a file that only its owner reads.
/// </summary>
/// <param name="settings">Where the page is, and where whoever asks is told that the process lives.</param>
/// <param name="setting">Looks up a setting of the process, for secrets.</param>
internal sealed partial class ServiceHost(
    PolicyFile policy,
    BotSettings settings,
    Func<string, string?> setting,
    string links,
    ILogger<ServiceHost> log
)
{
    /// <summary>Serves until cancelled, which is its good end: 0.</summary>
    public async Task<int> RunAsync(ConversationCore core, CancellationToken cancel)
    {
        try
        {
            await (
                settings.Team is { } team ? ServeAsync(core, team, cancel)
                : settings.Origin is { } origin ? ServeAsync(core, origin, settings.Alive!, cancel)
                : StayAsync(core, cancel)
            );
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Stopped();
        }

        return 0;
    }

    private async Task ServeAsync(ConversationCore core, Uri origin, Uri listen, CancellationToken cancel)
    {
        try
        {
            await using var page = await WebHost.ServeAsync(listen, new ProxySignIn(policy.Accounts.Entra, origin), core, cancel);
            ServingSome(origin, policy.Accounts.Entra.Count);
            await Task.Delay(Timeout.Infinite, cancel);
        }
        catch (IOException e)
        {
            throw new ConfigurationException($"CHATOPS__Alive: {e.Message}", e);
        }
    }

    private async Task ServeAsync(ConversationCore core, WebListening team, CancellationToken cancel)
    {
        await using var asked = settings.Alive is null ? null : await AnswerAsync(settings.Alive, cancel);
        await using var page = await team.StartAsync(policy, setting, core, cancel);
        ServingTeam(team.Origin, policy.Oidc!.Issuer);
        await Task.Delay(Timeout.Infinite, cancel);
    }

    private async Task StayAsync(ConversationCore core, CancellationToken cancel)
    {
        await using var asked = settings.Alive is null ? null : await AnswerAsync(settings.Alive, cancel);
        await using var page = await LinkedPage.StartAsync(settings.Port, policy, core, links, cancel);
        Serving(page.Address is null ? "" : $"; the web chat's links are in {links}");
        await Task.Delay(Timeout.Infinite, cancel);
    }

    private async Task<WebApplication?> AnswerAsync(Uri at, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(at.GetLeftPart(UriPartial.Authority));
        var app = builder.Build();
        app.MapGet("/", () => "alive");
        try
        {
            await app.StartAsync(cancel);
            return app;
        }
        catch (IOException)
        {
            await app.DisposeAsync();
            Taken(at.GetLeftPart(UriPartial.Authority));
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "stopped. What was accepted and is not finished goes on")]
    private partial void Stopped();

    [LoggerMessage(2, LogLevel.Information, "serving {Origin} until SIGTERM, to {People} of the people of the policy file")]
    private partial void ServingSome(Uri origin, int people);

    [LoggerMessage(3, LogLevel.Information, "serving {Origin} until SIGTERM, to whoever signs in at {Issuer}")]
    private partial void ServingTeam(Uri origin, string? issuer);

    [LoggerMessage(4, LogLevel.Information, "serving until SIGTERM{Links}")]
    private partial void Serving(string links);

    [LoggerMessage(
        5,
        LogLevel.Warning,
        "{Address} is taken, by Discord's interactions or by somebody else: whoever asks there whether the bot lives hears of that"
    )]
    private partial void Taken(string address);
}
