using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Web.Entry;

/// <summary>Says what a policy has against a request. Whoever is not signed in is told by the way in what to do.</summary>
internal sealed class Refusals : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _otherwise = new();

    /// <inheritdoc/>
    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    ) =>
        authorizeResult is { Forbidden: true, AuthorizationFailure: { } failure }
        && failure.FailureReasons.FirstOrDefault() is { Message: var sentence }
            ? context.Response.SayAsync(StatusCodes.Status403Forbidden, sentence)
            : _otherwise.HandleAsync(next, context, policy, authorizeResult);
}
