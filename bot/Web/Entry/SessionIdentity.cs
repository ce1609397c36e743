using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Web.Entry;

/// <summary>Who sends a request, as the framework carries it along: somebody in a session.</summary>
internal sealed class SessionIdentity(Session session)
    : ClaimsIdentity([new Claim(DefaultNameClaimType, session.User.Actor.Name)], PageSignIn.Scheme)
{
    public Session Session { get; } = session;

    public static ClaimsPrincipal Of(Session session) => new(new SessionIdentity(session));
}

internal static class SessionWords
{
    /// <summary>The session that a request was sent in; null for none.</summary>
    public static Session? FindSession(this ClaimsPrincipal? user) => (user?.Identity as SessionIdentity)?.Session;

    /// <summary>The session that a request was sent in, at an address whose policy lets in nobody without one.</summary>
    public static Session Session(this HttpContext context) =>
        context.User.FindSession() ?? throw new InvalidOperationException($"{context.Request.Path} is open to people without a session");
}
