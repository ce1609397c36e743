using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Core.Domain.Authority;
using ChatOps.StandIns.Oidc;
using Microsoft.AspNetCore.Builder;

namespace ChatOps.Specs.Web;

/// <summary>The page with a certificate of one's own: an authority's, by way of one between, on a real connection.</summary>
public sealed class CertificateSpecs : IAsyncLifetime
{
    private static readonly OidcSettings Provider = new(
        new("http://127.0.0.1:1"),
        "chatops",
        null,
        [],
        null,
        ImmutableDictionary<string, Role>.Empty,
        TimeSpan.FromHours(8),
        ImmutableDictionary<string, Speaker>.Empty
    );

    private readonly Uri _origin = OidcProvider.FreeOrigin("https");
    private readonly TempFolder _folder = new();
    private readonly X509Certificate2 _root = Authority("root", null);
    private WebRoom _room = null!;

    public async Task InitializeAsync() => _room = await WebRoom.OpenAsync();

    public async Task DisposeAsync()
    {
        await _room.DisposeAsync();
        _root.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Whoever_trusts_the_authority_gets_the_page_and_after_a_renewal_the_new_certificate_at_the_next_connection()
    {
        var first = Renew("first");
        await using var page = await ServeAsync();
        Assert.Equal(first, await SeenAsync());
        var second = Renew("second");
        Assert.NotEqual(first, second);
        Assert.Equal(second, await SeenAsync());
    }

    [Fact]
    public async Task By_links_that_lead_elsewhere_after_a_renewal_it_is_found_too()
    {
        var first = Renew("first");
        foreach (var file in new[] { "page.pem", "page.key" })
        {
            File.Move(_folder.In(file), _folder.In($"first-{file}"));
            File.CreateSymbolicLink(_folder.In(file), $"first-{file}");
        }

        await using var page = await ServeAsync();
        Assert.Equal(first, await SeenAsync());
        File.Delete(_folder.In("page.pem"));
        File.Delete(_folder.In("page.key"));
        Assert.Equal(Renew("second"), await SeenAsync());
    }

    [Fact]
    public async Task In_the_middle_of_a_renewal_the_former_one_goes_on()
    {
        var first = Renew("first");
        await using var page = await ServeAsync();
        var key = await File.ReadAllTextAsync(_folder.In("page.key"));
        var second = Renew("second");
        var newKey = await File.ReadAllTextAsync(_folder.In("page.key"));
        await File.WriteAllTextAsync(_folder.In("page.key"), key);
        Assert.Equal(first, await SeenAsync());
        File.Delete(_folder.In("page.key"));
        Assert.Equal(first, await SeenAsync());
        await File.WriteAllTextAsync(_folder.In("page.key"), newKey);
        Assert.Equal(second, await SeenAsync());
    }

    [Fact]
    public async Task Without_one_that_can_be_read_there_is_no_start()
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(ServeAsync);
        Assert.StartsWith(
            $"the certificate {_folder.In("page.pem")} with the key {_folder.In("page.key")}: ",
            refused.Message,
            StringComparison.Ordinal
        );
        Renew("first");
        await File.WriteAllTextAsync(_folder.In("page.pem"), "not a certificate");
        await Assert.ThrowsAsync<ConfigurationException>(ServeAsync);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_said()
    {
        Renew("first");
        await using var page = await ServeAsync();
        Assert.StartsWith(
            $"the page on {_origin}: ",
            (await Assert.ThrowsAsync<ConfigurationException>(ServeAsync)).Message,
            StringComparison.Ordinal
        );
    }

    private Task<WebApplication> ServeAsync() =>
        new WebListening(_origin, _origin, _folder.In("page.pem"), _folder.In("page.key")).StartAsync(
            Provider,
            Accounts.None,
            _room.Core,
            _room.Clock,
            default
        );

    // What a new connection is shown, by somebody who knows the root only: what lies between must be sent along.
    private async Task<string> SeenAsync()
    {
        var seen = "";
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        trust.CustomTrustStore.Add(_root);
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = trust;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            seen = certificate!.GetCertHashString();
            return errors == SslPolicyErrors.None;
        };
        using var client = new HttpClient(handler);
        using var answer = await client.GetAsync(_origin);
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        return seen;
    }

    // As who renews certificates leaves them: the page's own and what lies between in one file, the key in another.
    private string Renew(string name)
    {
        using var between = Authority($"{name} between", _root);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.Create(between, between.NotBefore, between.NotAfter, RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(_folder.In("page.pem"), $"{made.ExportCertificatePem()}\n{between.ExportCertificatePem()}\n");
        File.WriteAllText(_folder.In("page.key"), key.ExportPkcs8PrivateKeyPem());
        return made.GetCertHashString();
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? by)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        if (by is null)
            return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var made = request.Create(by, by.NotBefore, by.NotAfter, RandomNumberGenerator.GetBytes(16));
        return made.CopyWithPrivateKey(key);
    }
}
