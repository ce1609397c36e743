using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ChatOps.Bot.Web.Entry;

/// <summary>
/// What every request of the page has to pass and every answer carries, because any page in the same browser can send requests to loopback.
/// </summary>
internal static class Guard
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>The handler, with the headers set and reached only under the page's own name.</summary>
    public static RequestDelegate Around(PageSignIn entrance, RequestDelegate handler) =>
        async context =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers.CacheControl = "no-store";

            if (!entrance.IsAt(context.Request.Host))
                await context.Response.SayAsync(StatusCodes.Status403Forbidden, $"this page is only there under {entrance.Place}.");
            else
                await handler(context);
        };

    /// <summary>True when a page of ours sent the request, or no browser did. Browsers say the origin of every POST.</summary>
    public static bool IsOwnOrigin(PageSignIn entrance, HttpRequest request) =>
        StringValues.IsNullOrEmpty(request.Headers.Origin)
        || string.Equals(request.Headers.Origin.ToString(), entrance.OriginOf(request), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// True when a script of ours asks, or no browser does. Other ports of this machine are the same site, so their pages' requests carry
    /// our cookie; they could not read an answer, but that something was asked may be recorded.
    /// </summary>
    public static bool IsOwnFetch(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";

    /// <summary>True for JSON. A form of another site cannot send that; a script of one has to ask first, and is not answered.</summary>
    public static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    public static Task SayAsync(this HttpResponse response, int status, string sentence)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(sentence);
    }
}
