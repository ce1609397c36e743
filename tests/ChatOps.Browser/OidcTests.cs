using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Core.Domain.Authority;
using ChatOps.StandIns.Oidc;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace ChatOps.Browser;

/// <summary>The page for a team, with a certificate of its own, for whoever signs in at a real OpenID Connect provider.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class OidcTests(Chromium chromium) : IAsyncLifetime
{
    private readonly Uri _origin = OidcProvider.FreeOrigin("https");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chatops-oidc-");
    private Edition _edition = null!;

    public async Task InitializeAsync()
    {
        _edition = await Edition.StartAsync();
        await _edition.AppliedAsync("vm add vm2 400::100:0:0:2");
    }

    public async Task DisposeAsync()
    {
        await _edition.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [OidcFact]
    public async Task Who_signs_in_at_the_provider_approves_what_another_proposed_and_signs_out_at_both()
    {
        await using var provider = await OidcProvider.StartAsync(Checkout.Root, _origin);
        await using var page = await ServeAsync(provider.Issuer);
        await _edition.SayAsync("operator: expose vm2:8080 on 80");
        await using var ada = await chromium.VisitorAsync(_origin);
        ada.Forgives("Failed to load resource");
        await ada.Page.Context.RouteAsync("**/*", route =>
            new Uri(route.Request.Url).IsLoopback ? route.ContinueAsync() : route.AbortAsync()
        );
        await SignInAsync(ada, "/#/changes/2");
        await ada.SeesAsync("ada of the tests (approver)");
        Assert.Equal("", await ada.Page.EvaluateAsync<string>("() => document.cookie"));
        var cookie = (await ada.Page.Context.CookiesAsync()).Single(c => c.Name == "chatops-session");
        Assert.Equal((true, true, SameSiteAttribute.Lax), (cookie.Secure, cookie.HttpOnly, cookie.SameSite));

        // What ada wanted to see before signing in is what is there now.
        await Assertions.Expect(ada.Page).ToHaveURLAsync(new Uri(_origin, "/#/changes/2").ToString());
        await ada.Page.Locator("#changes").GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
        await ada.SeesAsync(ada.Page.Locator("#changes .state").GetByText("confirmed, revision 2"));
        await ada.KeepAsync("signed in at a provider");

        await ada.Button("Sign out").ClickAsync();
        await ada.Button("Yes, sign me out").ClickAsync();
        await ada.SeesAsync("you are signed out.");
        await ada.Page.GotoAsync("/");
        await ada.SeesAsync(ada.Page.Locator("input[name=login]"));
    }

    private static async Task SignInAsync(Visitor visitor, string wanted)
    {
        await visitor.Page.GotoAsync(wanted);
        await visitor.Page.Locator("input[name=login]").FillAsync("ada");
        await visitor.Page.Locator("input[name=password]").FillAsync("any");
        await visitor.Button("Sign-in").ClickAsync();
        await visitor.Button("Continue").ClickAsync();
    }

    private Task<WebApplication> ServeAsync(Uri issuer)
    {
        var (certificate, key) = (Path.Combine(_folder.FullName, "page.pem"), Path.Combine(_folder.FullName, "page.key"));
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=page", made, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(certificate, signed.ExportCertificatePem());
        File.WriteAllText(key, made.ExportPkcs8PrivateKeyPem());
        var groups = ImmutableDictionary<string, Role>.Empty.Add("approvers", Role.Approver);
        var settings = new OidcSettings(
            issuer,
            OidcProvider.ClientId,
            new(OidcProvider.ClientSecret),
            ["groups"],
            "groups",
            groups,
            TimeSpan.FromHours(8),
            ImmutableDictionary<string, Speaker>.Empty
        );
        return new WebListening(_origin, _origin, certificate, key).StartAsync(
            settings,
            Accounts.None,
            _edition.Core,
            TimeProvider.System,
            default
        );
    }
}
