using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Local;
using ChatOps.Bot.Requests;
using ChatOps.Bot.Web;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Domain.Authority;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>The web page: beside the terminal and on this machine only, or behind an identity provider.</summary>
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
        CancellationToken cancel,
        Accounts? accounts = null
    )
    {
        WebApplication app = null!;
        LinkSignIn signIns = null!;
        signIns = new LinkSignIn(users, user =>
            say($"{user.Actor.Name} has signed in on the page; their next link is {signIns.LinkFor(user, new Uri(app.Urls.First()))}")
        );
        app = Build(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"), signIns);
        WebChat.Map(app, signIns, core, TimeProvider.System);
        TakeLines(app, core, accounts);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException e)
        {
            say($"no web page: {e.Message} Next: end what uses port {port}, or ./run --port {port + 1}");
            await app.DisposeAsync();
            return null;
        }

        var at = new Uri(app.Urls.First());
        say($"Web page on {at}. Each link works once, and signs in as");
        foreach (var user in users)
            say($"  {user.Actor.Name, -10} {signIns.LinkFor(user, at)}");
        return app;
    }

    /// <summary>Starts it where an identity provider forwards to.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<WebApplication> ServeAsync(Uri listen, ProxySignIn people, ConversationCore core, CancellationToken cancel)
    {
        var app = Build(listen.GetLeftPart(UriPartial.Authority), people);
        WebChat.Map(app, people, core, TimeProvider.System);
        await app.StartAsync(cancel);
        return app;
    }

    /// <summary>Takes lines of people's programs, where any has a token.</summary>
    public static void TakeLines(WebApplication app, ConversationCore core, Accounts? accounts)
    {
        if (accounts is { Tokens.Count: > 0 })
            LineEndpoint.Map(app, core, (context, line) => Caller.ByToken(context, line, accounts));
    }

    private static WebApplication Build(string address, PageSignIn entrance)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        PageAccess.Add(builder.Services, entrance);
        return builder.Build();
    }
}
