using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Bot.Web;
using ChatOps.Core.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>The web chat beside the terminal, on this machine only.</summary>
internal static class WebHost
{
    /// <summary>
    /// Starts it and prints a sign-in link a user. When the port is taken it says so, and the terminal goes on without: null.
    /// </summary>
    public static async Task<WebApplication?> StartAsync(
        int port,
        ImmutableArray<Speaker> users,
        ConversationCore core,
        Action<string> say,
        CancellationToken cancel
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var app = builder.Build();
        var signIns = new SignIns(users);
        WebChat.Map(app, signIns, core.Room, core.Chat, TimeProvider.System, core.HiddenFromAsync);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException e)
        {
            say($"no web chat: {e.Message} Next: end what uses port {port}, or ./run --port {port + 1}");
            await app.DisposeAsync();
            return null;
        }

        var at = new Uri(app.Urls.First());
        say($"Web chat on {at}, signed in as");
        foreach (var user in users)
            say($"  {user.Actor.Name,-10} {signIns.LinkFor(user, at)}");
        return app;
    }
}
