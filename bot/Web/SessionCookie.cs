using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Web;

/// <summary>The cookie that carries a session's id.</summary>
internal static class SessionCookie
{
    private const string Name = "chatops-session";

    // Lax: a strict cookie is not sent to the page when the sign-in link was opened from another site, such as a web mail. What changes
    // something is a POST, which another site can only send without a lax cookie; Guard refuses the rest. Not Secure: the page is plain http
    // on loopback.
    private static readonly CookieOptions Options = new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
    };

    /// <summary>The session of a request, or null.</summary>
    public static Session? Of(HttpRequest request, SignIns signIns) => signIns.Find(request.Cookies[Name]);

    /// <summary>Gives the browser a session until it is closed.</summary>
    public static void Set(HttpResponse response, Session session) => response.Cookies.Append(Name, session.Id, Options);

    /// <summary>Takes it away.</summary>
    public static void Remove(HttpResponse response) => response.Cookies.Delete(Name, Options);
}
