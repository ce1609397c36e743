using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Web.Entry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ChatOps.Bot.Web.Oidc;

/// <summary>
/// The page for whoever signs in at an OpenID Connect provider. The provider says who it is, once; from then on a session of ours counts,
/// which ends after a stated time, by signing out, and with the process.
/// </summary>
/// <param name="origin">Where browsers find the page: <c>https://chat.example.com</c>.</param>
internal sealed class OidcEntrance(OidcSettings settings, Uri origin, TimeProvider clock) : CookieSignIn
{
    private const int MostGroups = 20;

    private readonly string _origin = origin.GetLeftPart(UriPartial.Authority);
    private readonly ConcurrentDictionary<string, Kept> _sessions = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    internal override string Place => _origin;

    /// <inheritdoc/>
    internal override bool IsAt(HostString host) => string.Equals(host.Value, origin.Authority, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    internal override string OriginOf(HttpRequest request) => _origin;

    /// <inheritdoc/>
    internal override void Add(AuthenticationBuilder authentication)
    {
        base.Add(authentication);
        OidcSignIn.Add(authentication, settings, this);
    }

    /// <inheritdoc/>
    internal override bool IsCallback(PathString path) => path == OidcSignIn.CallbackPath;

    /// <inheritdoc/>
    internal override Session? Find(string id) => _sessions.GetValueOrDefault(id)?.Session;

    /// <inheritdoc/>
    internal override Task RefuseAsync(HttpContext context) =>
        context.Response.SayAsync(StatusCodes.Status401Unauthorized, "you are not signed in, or not any more. Next: load the page anew.");

    /// <inheritdoc/>
    internal override Task RefusePageAsync(HttpContext context)
    {
        // A browser keeps what stands after # from us, and forgets it on its way to the provider: a page of ours notes it before.
        if (context.Request.Headers["Sec-Fetch-Mode"] == "navigate")
            return context.Response.SendPageFileAsync("signing-in.html");
        context.Response.Redirect("/sign-in");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    internal override async Task<string> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(Scheme);
        return context.User.FindSession() is { } session && End(session.Id) is { } kept ? kept.SignOutAt : "/";
    }

    /// <inheritdoc/>
    internal override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", SignInAsync);
        routes.MapGet("/signed-out", c =>
            c.Response.SayAsync(StatusCodes.Status200OK, "you are signed out. Next: load / to sign in again.")
        );
    }

    /// <inheritdoc/>
    internal override bool IsSecure => origin.Scheme == Uri.UriSchemeHttps;

    internal string Callback => _origin + OidcSignIn.CallbackPath;

    /// <summary>Begins a session for whom the provider has vouched; tells whoever has no role here what to do about it.</summary>
    internal async Task BeginAsync(TicketReceivedContext ticket)
    {
        var (http, person) = (ticket.HttpContext, ticket.Principal!);
        ticket.HandleResponse();
        var (subject, name) = (
            person.FindFirst("sub")!.Value,
            person.FindFirst("name")?.Value ?? person.FindFirst("preferred_username")?.Value
        );
        var groups = settings.GroupClaim is { } claim ? person.FindAll(claim).Select(c => c.Value).Distinct().ToImmutableArray() : [];
        if (settings.SpeakerOf(subject, name, groups) is not { } user)
        {
            await http.Response.SayAsync(
                StatusCodes.Status403Forbidden,
                $"you are signed in at {settings.Issuer} as {name ?? subject}, and nothing there gives you a role here. Next: an administrator maps one of your groups {InWords(groups)}to a role under \"groups\" of \"oidc\" in the policy file, or adds \"oidc\": \"{subject}\" to your entry in its users."
            );
            return;
        }

        // A second sign-in in the same browser replaces the first.
        if ((await http.AuthenticateAsync(Scheme)).Principal.FindSession() is { } former)
            End(former.Id);
        var session = new Session(LinkSignIn.NewToken(), user);
        var options = http.RequestServices.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get(OidcSignIn.Scheme);
        var provider = await options.ConfigurationManager!.GetConfigurationAsync(http.RequestAborted);
        var timer = clock.CreateTimer(_ => End(session.Id), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _sessions[session.Id] = new(session, timer, SignOutAt(provider.EndSessionEndpoint, ticket.Properties?.GetTokenValue("id_token")));
        foreach (var surplus in Session.Surplus(_sessions.Values.Select(s => s.Session), user))
            End(surplus.Id);
        timer.Change(settings.Lasts, Timeout.InfiniteTimeSpan);
        await BeginAsync(http, session);
        http.Response.Redirect("/");
    }

    private async Task SignInAsync(HttpContext context)
    {
        try
        {
            await context.ChallengeAsync(OidcSignIn.Scheme, new() { RedirectUri = "/" });
        }
        catch (OpenIdConnectProtocolException)
        {
            await context.Response.SayAsync(StatusCodes.Status502BadGateway, OidcSignIn.RefusesUs(settings, this));
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            await context.Response.SayAsync(
                StatusCodes.Status503ServiceUnavailable,
                $"{settings.Issuer} does not answer, so nobody can sign in at the moment. Whoever is signed in stays so. Next: load the page anew."
            );
        }
    }

    private static string InWords(ImmutableArray<string> groups) =>
        groups.IsEmpty ? "" : $"({string.Join(", ", groups.Take(MostGroups))}{(groups.Length > MostGroups ? ", ..." : "")}) ";

    private Kept? End(string id)
    {
        if (!_sessions.TryRemove(id, out var kept))
            return null;
        kept.Timer.Dispose();
        kept.Session.Dispose();
        return kept;
    }

    private string SignOutAt(string? endpoint, string? token) =>
        endpoint is null ? "/signed-out"
        : QueryString.Create(
            new Dictionary<string, string?>
            {
                ["client_id"] = settings.ClientId,
                ["id_token_hint"] = token,
                ["post_logout_redirect_uri"] = $"{_origin}/signed-out",
            }.Where(p => p.Value is not null)
        )
            is var query
            ? endpoint + query
        : endpoint;

    private sealed record Kept(Session Session, ITimer Timer, string SignOutAt);
}
