using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Bot.Web.Entry;

/// <summary>
/// A way in that gives the browser a cookie. All that the cookie has is the random id of a session, sealed by the framework; who it is and
/// whether it goes on is known here, so that a session can be ended before the cookie is gone.
/// </summary>
internal abstract class CookieSignIn : PageSignIn
{
    private const string Name = "chatops-session";
    private const string SessionId = "session";

    /// <summary>True where browsers come by TLS: then no cookie goes another way.</summary>
    internal abstract bool IsSecure { get; }

    /// <inheritdoc/>
    internal override void Add(AuthenticationBuilder authentication) => authentication.AddCookie(Scheme, options =>
        {
            // Lax: a strict cookie is not sent to the page when the sign-in link was opened from another site, such as a web mail. What
            // changes something is a POST, which another site can only send without a lax cookie; the policies refuse the rest.
            options.Cookie = new()
            {
                Name = Name,
                Path = "/",
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                SecurePolicy = IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.None,
                IsEssential = true,
            };

            // The browser forgets it when it is closed, and the session ends when it is over here.
            (options.ExpireTimeSpan, options.SlidingExpiration) = (TimeSpan.FromDays(365), false);
            options.Events = new() { OnValidatePrincipal = ValidateAsync, OnRedirectToLogin = c => RefuseHereAsync(c.HttpContext) };
        });

    /// <summary>The session with an id; null when there is none, or none any more.</summary>
    internal abstract Session? Find(string id);

    /// <summary>Gives the browser a session until it is closed. The id is never one that a browser came with.</summary>
    protected static Task BeginAsync(HttpContext context, Session session) =>
        context.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity([new Claim(SessionId, session.Id)], Scheme)));

    private Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (context.Principal?.FindFirst(SessionId)?.Value is { } id && Find(id) is { } session)
            context.ReplacePrincipal(SessionIdentity.Of(session));
        else
            context.RejectPrincipal();
        return Task.CompletedTask;
    }

    private Task RefuseHereAsync(HttpContext context) => context.Request.Path == "/" ? RefusePageAsync(context) : RefuseAsync(context);
}
