using ChatOps.Bot.Configuration;
using ChatOps.Bot.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>
/// A process without a terminal: it serves until it is stopped, reads no input, and prints nothing that people say, because what it prints ends up in
/// somebody's log. Links that sign people in go into a file that only its owner reads.
/// </summary>
/// <param name="policy">Who may sign in to the web page.</param>
/// <param name="settings">Where the page is, and where whoever asks is told that the process lives.</param>
/// <param name="setting">Looks up a setting of the process, for secrets.</param>
/// <param name="links">The file for the links.</param>
/// <param name="say">Prints a text of our own.</param>
internal sealed class ServiceHost(PolicyFile policy, BotSettings settings, Func<string, string?> setting, string links, Action<string> say)
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
            say("stopped. What was accepted and is not finished goes on");
        }

        return 0;
    }

    private async Task ServeAsync(ConversationCore core, Uri origin, Uri listen, CancellationToken cancel)
    {
        try
        {
            await using var page = await WebHost.ServeAsync(listen, new ProvidedIdentity(policy.Accounts.Entra, origin), core, cancel);
            say($"serving {origin} until SIGTERM, to {policy.Accounts.Entra.Count} of the people of the policy file");
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
        say($"serving {team.Origin} until SIGTERM, to whoever signs in at {policy.Oidc!.Issuer}");
        await Task.Delay(Timeout.Infinite, cancel);
    }

    private async Task StayAsync(ConversationCore core, CancellationToken cancel)
    {
        await using var asked = settings.Alive is null ? null : await AnswerAsync(settings.Alive, cancel);
        await using var page = await LinkedPage.StartAsync(settings.Port, policy, core, links, cancel);
        say($"serving until SIGTERM{(page.Address is null ? "" : $"; the web chat's links are in {links}")}");
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
            say($"{at.GetLeftPart(UriPartial.Authority)} is taken, by Discord's interactions or by somebody else: whoever asks there whether the bot lives hears of that");
            return null;
        }
    }
}
