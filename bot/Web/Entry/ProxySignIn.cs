using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Web.Entry;

/// <summary>
/// The page behind App Service's authentication, which asks Microsoft Entra who somebody is and says it in headers that nobody outside can
/// set. Whoever is not in the policy file does not enter.
/// </summary>
/// <param name="people">The people by the object id of their account.</param>
/// <param name="origin">Where browsers find the page: <c>https://chatops-bot.azurewebsites.net</c>.</param>
internal sealed class ProxySignIn(ImmutableDictionary<Guid, Speaker> people, Uri origin) : PageSignIn
{
    private const string Entra = "aad";
    private const string SignOutAtProvider = "/.auth/logout";

    private readonly string _origin = origin.GetLeftPart(UriPartial.Authority);
    private readonly ConcurrentDictionary<Guid, Session> _sessions = [];

    /// <inheritdoc/>
    internal override string Place => _origin;

    /// <inheritdoc/>
    internal override bool IsAt(HostString host) => string.Equals(host.Value, origin.Authority, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    internal override string OriginOf(HttpRequest request) => _origin;

    /// <inheritdoc/>
    internal override void Add(AuthenticationBuilder authentication) =>
        authentication.AddScheme<ProxyOptions, ProxyHandler>(Scheme, options => options.Entrance = this);

    /// <summary>The session of whoever the headers of a request name; null for nobody who may enter.</summary>
    internal Session? SessionOf(HttpRequest request) =>
        AccountOf(request) is { } account && people.TryGetValue(account, out var user)
            ? _sessions.GetOrAdd(account, id => new Session($"{id}", user))
            : null;

    /// <inheritdoc/>
    internal override Task RefuseAsync(HttpContext context) =>
        AccountOf(context.Request) is { } account
            ? context.Response.SayAsync(
                StatusCodes.Status403Forbidden,
                $"you are signed in, and nobody of the policy file has your account {account}. Next: an administrator adds \"entra\": \"{account}\" to your entry in its users."
            )
            : context.Response.SayAsync(StatusCodes.Status401Unauthorized, "you are not signed in. Next: load the page anew.");

    /// <inheritdoc/>
    internal override Task<string> SignOutAsync(HttpContext context)
    {
        if (AccountOf(context.Request) is { } account && _sessions.TryRemove(account, out var session))
            session.Dispose();
        return Task.FromResult(SignOutAtProvider);
    }

    private static Guid? AccountOf(HttpRequest request) =>
        request.Headers["X-MS-CLIENT-PRINCIPAL-IDP"].ToString() == Entra
        && Guid.TryParse(request.Headers["X-MS-CLIENT-PRINCIPAL-ID"].ToString(), out var account)
            ? account
            : null;
}
