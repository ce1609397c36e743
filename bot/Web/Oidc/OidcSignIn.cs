using ChatOps.Bot.Configuration;
using ChatOps.Bot.Web.Entry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ChatOps.Bot.Web.Oidc;

/// <summary>
/// Sets up ASP.NET Core's own handler: the code flow with PKCE. What it vouches for goes to an <see cref="OidcSignIn"/>.
/// </summary>
internal static class OidcSignIn
{
    public const string Scheme = "oidc";

    public const string CallbackPath = "/signed-in";

    public static void Add(AuthenticationBuilder authentication, OidcSettings settings, OidcEntrance entrance) =>
        authentication.AddOpenIdConnect(Scheme, options => Set(options, settings, entrance));

    /// <summary>What is said when the provider does not know the page.</summary>
    public static string RefusesUs(OidcSettings settings, OidcEntrance entrance) =>
        $"{settings.Issuer} refuses this page itself. Next: an administrator looks whether the provider has the client {settings.ClientId}, the client secret that is configured here, and {entrance.Callback} as a redirect address.";

    private static void Set(OpenIdConnectOptions options, OidcSettings settings, OidcEntrance entrance)
    {
        options.Authority = settings.Issuer.AbsoluteUri;
        options.RequireHttpsMetadata = settings.Issuer.Scheme == Uri.UriSchemeHttps;
        (options.ClientId, options.ClientSecret) = (settings.ClientId, settings.ClientSecret?.Reveal());
        (options.ResponseType, options.ResponseMode, options.UsePkce) = (
            OpenIdConnectResponseType.Code,
            OpenIdConnectResponseMode.Query,
            true
        );
        options.CallbackPath = CallbackPath;
        (options.RemoteSignOutPath, options.SignedOutCallbackPath) = (default, default);
        options.SaveTokens = true;
        options.MapInboundClaims = false;
        options.DisableTelemetry = true;
        options.GetClaimsFromUserInfoEndpoint = true;
        if (settings.GroupClaim is { } claim)
            options.ClaimActions.MapJsonKey(claim, claim);
        foreach (var scope in settings.Scopes)
            options.Scope.Add(scope);

        // Lax: the provider sends the browser back by a link.
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
            (cookie.SameSite, cookie.SecurePolicy) = (
                SameSiteMode.Lax,
                entrance.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.None
            );
        options.Events = new()
        {
            // The page's name is configuration, and not what a request or a proxy says.
            OnRedirectToIdentityProvider = context =>
            {
                context.ProtocolMessage.RedirectUri = entrance.Callback;
                return Task.CompletedTask;
            },
            OnTicketReceived = entrance.BeginAsync,
            OnRemoteFailure = context =>
            {
                context.HandleResponse();
                return context.Failure is OpenIdConnectProtocolException
                    ? context.Response.SayAsync(StatusCodes.Status502BadGateway, RefusesUs(settings, entrance))
                    : context.Response.SayAsync(
                        StatusCodes.Status403Forbidden,
                        $"{settings.Issuer} did not sign you in{Reason(context.Failure)}. Next: load / anew."
                    );
            },
        };
    }

    // Only what is said to people: a message of a library may hold more.
    private static string Reason(Exception? failure) =>
        failure switch
        {
            HttpRequestException => ": it does not answer",
            AuthenticationFailureException { Message: var m } when m.Contains("denied", StringComparison.Ordinal) =>
                ", because you did not consent",
            AuthenticationFailureException { Message: var m } when m.Contains("Correlation", StringComparison.Ordinal) =>
                ": this was begun in another browser, or too long ago",
            _ => "",
        };
}
