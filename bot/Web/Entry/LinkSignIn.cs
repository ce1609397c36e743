using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ChatOps.Core.Domain.Authority;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatOps.Bot.Web.Entry;

/// <summary>
/// Who may enter the page: one link a user, made of a random token, and the sessions that the links began. A link works once and is then
/// replaced by another. All of it is in memory: a restart makes new links and ends all sessions.
/// </summary>
/// <param name="used">Hears whose link was used, so that whoever hands out links can show the next one.</param>
internal sealed class LinkSignIn(ImmutableArray<Speaker> users, Action<Speaker>? used = null) : CookieSignIn
{
    private const int TokenBytes = 32;
    private const string NoSuchLink =
        "no such sign-in link. Each works once, and each start makes new ones: use a link that the terminal shows now.";

    private readonly Lock _lock = new();
    private readonly string[] _tokens = [.. users.Select(_ => NewToken())];
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>The link that signs a user in next. Whoever has it is that user.</summary>
    /// <param name="baseUri">Where the page is: <c>http://127.0.0.1:5080</c>.</param>
    public Uri LinkFor(Speaker user, Uri baseUri)
    {
        lock (_lock)
            return new(baseUri, $"/sign-in?token={_tokens[IndexOf(user)]}");
    }

    /// <inheritdoc/>
    internal override string Place => "127.0.0.1 or localhost";

    /// <inheritdoc/>
    internal override bool IsAt(HostString host) => host.Host is "127.0.0.1" or "localhost" or "[::1]";

    /// <inheritdoc/>
    internal override string OriginOf(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    /// <summary>False: it is plain http, on loopback.</summary>
    internal override bool IsSecure => false;

    /// <inheritdoc/>
    internal override Task RefuseAsync(HttpContext context) =>
        context.Response.SayAsync(StatusCodes.Status401Unauthorized, "you are not signed in. Use a sign-in link from the terminal.");

    /// <inheritdoc/>
    internal override Task RefusePageAsync(HttpContext context) =>
        context.Response.SendPageFileAsync("signed-out.html", StatusCodes.Status401Unauthorized);

    /// <inheritdoc/>
    internal override async Task<string> SignOutAsync(HttpContext context)
    {
        EndFormer(context);
        await context.SignOutAsync(Scheme);
        return "/";
    }

    /// <inheritdoc/>
    internal override void Map(IEndpointRouteBuilder routes) => routes.MapGet("/sign-in", SignInAsync);

    private async Task SignInAsync(HttpContext context)
    {
        // A browser that fetches ahead of its user must not use up the link.
        if (context.Request.Headers["Sec-Purpose"].Count > 0)
            await context.Response.SayAsync(StatusCodes.Status503ServiceUnavailable, "not fetched ahead: the link works once.");
        else if (Begin(context.Request.Query["token"].ToString()) is not { } session)
            await context.Response.SayAsync(StatusCodes.Status403Forbidden, NoSuchLink);
        else
            await LeadInAsync(context, session);
    }

    private async Task LeadInAsync(HttpContext context, Session session)
    {
        EndFormer(context);
        await BeginAsync(context, session);

        // The redirect takes the token out of the address bar.
        context.Response.Headers.Location = "/";
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
    }

    // A second sign-in in the same browser replaces the first.
    private void EndFormer(HttpContext context)
    {
        if (context.User.FindSession() is { } former)
            End(former);
    }

    /// <summary>Begins a session; null when the token is nobody's, or was used.</summary>
    internal Session? Begin(string token)
    {
        if (Take(token) is not { } user)
            return null;
        var session = new Session(NewToken(), user);
        _sessions[session.Id] = session;
        foreach (var surplus in Session.Surplus(_sessions.Values, user))
            End(surplus);
        used?.Invoke(user);
        return session;
    }

    /// <inheritdoc/>
    internal override Session? Find(string id) => _sessions.GetValueOrDefault(id);

    /// <summary>Ends a session and whatever still runs in it.</summary>
    internal void End(Session session)
    {
        if (_sessions.TryRemove(session.Id, out _))
            session.Dispose();
    }

    private Speaker? Take(string token)
    {
        var given = Encoding.UTF8.GetBytes(token);
        lock (_lock)
        {
            // All tokens are compared, each in constant time: how long it takes says nothing about how close a guess was.
            var found = -1;
            for (var i = 0; i < _tokens.Length; i++)
            {
                if (CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(_tokens[i])))
                    found = i;
            }

            if (found < 0)
                return null;
            _tokens[found] = NewToken();
            return users[found];
        }
    }

    private int IndexOf(Speaker user) => users.IndexOf(users.First(u => u.Actor.IsSameAs(user.Actor)));

    internal static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
}
