using System.Net;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Local;
using ChatOps.Bot.Web;
using ChatOps.Bot.Web.Entry;
using ChatOps.Bot.Web.Oidc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>Where a page for a team listens, and under which name browsers find it.</summary>
/// <param name="Listen">The address: <c>https://0.0.0.0:443</c>, or <c>http://127.0.0.1:5080</c> behind a reverse proxy.</param>
/// <param name="Origin">Where browsers find it: <c>https://chat.example.com</c>.</param>
/// <param name="Certificate">The certificate's PEM file; null where a proxy speaks TLS.</param>
/// <param name="Key">The PEM file of its key; null when it stands in the same file.</param>
public sealed record WebListening(Uri Listen, Uri Origin, string? Certificate, string? Key)
{
    /// <summary>Starts the page there, for whoever signs in at the provider of the policy file.</summary>
    /// <param name="setting">Looks up a setting of the process, for our secret at the provider.</param>
    /// <exception cref="ConfigurationException">The address is taken, the certificate cannot be read, or no provider is named.</exception>
    public Task<WebApplication> StartAsync(
        PolicyFile policy,
        Func<string, string?> setting,
        ConversationCore core,
        CancellationToken cancel
    )
    {
        var section = policy.Oidc
            ?? throw new ConfigurationException(
                "the page for a team needs somebody who says who people are. Next: a section \"oidc\" in the policy file; see docs/page.md"
            );
        return StartAsync(section.Settings(policy.Accounts.Oidc, setting), policy.Accounts, core, TimeProvider.System, cancel);
    }

    /// <summary>Starts the page there, for whoever signs in at a provider.</summary>
    /// <param name="accounts">Whose programs may say lines.</param>
    /// <param name="clock">The time by which sessions end.</param>
    /// <exception cref="ConfigurationException">The address is taken, or the certificate cannot be read.</exception>
    public async Task<WebApplication> StartAsync(
        OidcSettings provider,
        Accounts accounts,
        ConversationCore core,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var certificate = Certificate is null ? null : new CertificateFile(Certificate, Key ?? Certificate);
        var entrance = new OidcEntrance(provider, Origin, clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server =>
            server.Listen(IPAddress.Parse(Listen.DnsSafeHost), Listen.Port, at => Secure(at, certificate))
        );
        PageAccess.Add(builder.Services, entrance);
        var app = builder.Build();
        WebChat.Map(app, entrance, core, clock);
        WebHost.TakeLines(app, core, accounts);
        try
        {
            await app.StartAsync(cancel);
            return app;
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw new ConfigurationException($"the page on {Listen}: {e.Message}", e);
        }
    }

    // Asked at every connection, so that a certificate that was renewed is the next one's.
    private static void Secure(ListenOptions at, CertificateFile? certificate)
    {
        if (certificate is not null)
            at.UseHttps(
                new TlsHandshakeCallbackOptions
                {
                    OnConnection = _ =>
                        ValueTask.FromResult(
                            new System.Net.Security.SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current }
                        ),
                }
            );
    }
}
