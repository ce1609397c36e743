using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Web.Entry;

/// <summary>What addresses of the page ask of a request.</summary>
internal sealed class PagePolicies(PageSignIn entrance)
{
    /// <summary>Somebody is signed in.</summary>
    public AuthorizationPolicy Reading { get; } = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();

    /// <summary>Somebody is signed in, and no page of another's asks in their name.</summary>
    public AuthorizationPolicy Asking { get; } =
        new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .AddRequirements(new OwnPage(Guard.IsOwnFetch, "this came from another page; only our own may ask that."))
            .Build();

    /// <summary>Somebody is signed in, and a page of ours acts in their name.</summary>
    public AuthorizationPolicy Acting { get; } =
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(ActsFrom(entrance)).Build();

    /// <summary>A page of ours acts, for whomever.</summary>
    public AuthorizationPolicy Leaving { get; } = new AuthorizationPolicyBuilder().AddRequirements(ActsFrom(entrance)).Build();

    private static OwnPage ActsFrom(PageSignIn entrance) =>
        new(request => Guard.IsOwnOrigin(entrance, request), "this came from another page; only our own may do that.");

    private sealed class OwnPage(Func<HttpRequest, bool> isOwn, string sentence) : AuthorizationHandler<OwnPage>, IAuthorizationRequirement
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, OwnPage requirement)
        {
            if (context.Resource is HttpContext http && isOwn(http.Request))
                context.Succeed(this);
            else
                context.Fail(new AuthorizationFailureReason(this, sentence));
            return Task.CompletedTask;
        }
    }
}
