using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatOps.Bot.Web.Entry;

internal sealed class ProxyOptions : AuthenticationSchemeOptions
{
    public ProxySignIn Entrance { get; set; } = null!;
}

/// <summary>Believes what the headers of the identity provider in front of the page say.</summary>
internal sealed class ProxyHandler(IOptionsMonitor<ProxyOptions> options, ILoggerFactory logs, UrlEncoder encoder)
    : AuthenticationHandler<ProxyOptions>(options, logs, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(
            Options.Entrance.SessionOf(Request) is { } session
                ? AuthenticateResult.Success(new(SessionIdentity.Of(session), Scheme.Name))
                : AuthenticateResult.NoResult()
        );

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Options.Entrance.RefuseAsync(Context);
}
