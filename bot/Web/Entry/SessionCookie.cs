using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Web.Entry;

internal static class SessionCookie
{
    private const string Name = "chatops-session";

    // Lax: a strict cookie is not sent to the page when the sign-in link was opened from another site, such as a web mail. What changes
    // something is a POST, which another site can only send without a lax cookie; Guard refuses the rest. Not Secure where the page is
    // plain http on loopback.
    private static CookieOptions Options(bool isSecure) =>
        new()
        {
            Secure = isSecure,
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
        };

    /// <summary>The id of a request's session; null without one.</summary>
    public static string? IdOf(HttpRequest request) => request.Cookies[Name];

    /// <summary>Gives the browser a session until it is closed.</summary>
    public static void Set(HttpResponse response, Session session, bool isSecure) =>
        response.Cookies.Append(Name, session.Id, Options(isSecure));

    public static void Remove(HttpResponse response, bool isSecure) => response.Cookies.Delete(Name, Options(isSecure));
}
