using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatOps.Bot.Web.Entry;

/// <summary>
/// Under which name the page answers and how it knows who opens it: by sign-in links on this machine (<see cref="LinkSignIn"/>), by an
/// identity provider in front of it (<see cref="ProxySignIn"/>), or by one that it leads to (<see cref="Oidc.OidcEntrance"/>).
/// </summary>
internal abstract class PageSignIn
{
    /// <summary>The name of the framework's scheme that says who sends a request.</summary>
    public const string Scheme = "session";

    internal abstract string Place { get; }

    /// <summary>
    /// True for a name of ours. Under a foreign one that leads here (DNS rebinding) a foreign page would be our own origin.
    /// </summary>
    internal abstract bool IsAt(HostString host);

    /// <summary>The origin of the page that a request was sent to, as its browser sees it.</summary>
    internal abstract string OriginOf(HttpRequest request);

    /// <summary>Adds <see cref="Scheme"/>, whose identities are <see cref="SessionIdentity"/>.</summary>
    internal abstract void Add(AuthenticationBuilder authentication);

    /// <summary>True for an address to which a provider sends browsers back, and which the framework answers.</summary>
    internal virtual bool IsCallback(PathString path) => false;

    /// <summary>Tells someone who may not enter what to do about it.</summary>
    internal abstract Task RefuseAsync(HttpContext context);

    internal virtual Task RefusePageAsync(HttpContext context) => RefuseAsync(context);

    /// <summary>Ends the session of a request. Where the browser is to go then.</summary>
    internal abstract Task<string> SignOutAsync(HttpContext context);

    internal virtual void Map(IEndpointRouteBuilder routes) { }
}
