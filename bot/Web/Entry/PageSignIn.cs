using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatOps.Bot.Web.Entry;

/// <summary>
/// Under which name the page answers and how it knows who opens it: by sign-in links on this machine (<see cref="LinkSignIn"/>), or by an
/// identity provider in front of it (<see cref="ProxySignIn"/>).
/// </summary>
internal abstract class PageSignIn
{
    internal abstract string Place { get; }

    /// <summary>
    /// True for a name of ours. Under a foreign one that leads here (DNS rebinding) a foreign page would be our own origin.
    /// </summary>
    internal abstract bool IsAt(HostString host);

    /// <summary>The origin of the page that a request was sent to, as its browser sees it.</summary>
    internal abstract string OriginOf(HttpRequest request);

    /// <summary>Who sent a request; null for whoever may not enter.</summary>
    internal abstract Session? SessionOf(HttpRequest request);

    /// <summary>Tells someone who may not enter what to do about it.</summary>
    internal abstract Task RefuseAsync(HttpContext context);

    internal virtual Task RefusePageAsync(HttpContext context) => RefuseAsync(context);

    internal abstract string SignOut(HttpContext context);

    internal virtual void Map(IEndpointRouteBuilder routes) { }
}
