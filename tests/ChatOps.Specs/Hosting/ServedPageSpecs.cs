using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ChatOps.Specs.Conventions;
using ChatOps.Specs.Web;
using ChatOps.StandIns.Oidc;

namespace ChatOps.Specs.Hosting;

/// <summary><c>chatops serve</c> as a process, with a page for a team.</summary>
public sealed class ServedPageSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Uri _origin = OidcProvider.FreeOrigin("https");

    public void Dispose() => _folder.Dispose();

    [OidcFact]
    public async Task It_leads_to_the_provider_with_its_own_certificate_and_a_secret_from_a_file_that_it_never_prints()
    {
        await using var provider = await OidcProvider.StartAsync(Checkout.Root, _origin);
        await File.WriteAllTextAsync(_folder.In("secret"), OidcProvider.ClientSecret);
        var trusted = WriteCertificate();
        using var process = await StartAsync(provider.Issuer, ("Listen", $"{_origin}"), ("Certificate", _folder.In("page.pem")));
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == trusted;
            using var browser = new HttpClient(handler);
            await Eventually.TrueAsync(async () => process.HasExited || await AnswersAsync(browser), () => "it does not serve");
            Assert.False(process.HasExited, process.HasExited ? await complained + await said : "");
            using var page = await browser.GetAsync(_origin);
            Assert.Equal((HttpStatusCode.Redirect, "/sign-in"), (page.StatusCode, page.Headers.Location!.OriginalString));
            using var away = await browser.GetAsync(new Uri(_origin, "/sign-in"));
            Assert.Equal(provider.Issuer.Authority, away.Headers.Location!.Authority);
        }
        finally
        {
            if (!process.HasExited)
                Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
            await process.WaitForExitAsync(Patience.Token);
        }

        Assert.Equal(0, process.ExitCode);
        Assert.Contains($"page: {_origin}", await said, StringComparison.Ordinal);
        Assert.DoesNotContain(OidcProvider.ClientSecret, await said + await complained, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.In("data/sign-in")));
    }

    [Fact]
    public async Task Reached_from_elsewhere_without_tls_it_does_not_start()
    {
        using var process = await StartAsync(new("https://login.example.com"), ("Listen", "http://0.0.0.0:5080"));
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(Patience.Token);
        Assert.Equal(2, process.ExitCode);
        Assert.StartsWith(
            "CHATOPS:Web:Listen: http://0.0.0.0:5080 would take what people type and their sessions without TLS.",
            await complained,
            StringComparison.Ordinal
        );
        await said;
    }

    private async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(_origin, "/signed-out"));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<Process> StartAsync(Uri issuer, params (string Name, string Value)[] web)
    {
        var policy = new
        {
            users = new[]
            {
                new
                {
                    id = "ada",
                    roles = new[] { "admin" },
                    oidc = "ada",
                },
            },
            oidc = new { issuer, clientId = OidcProvider.ClientId },
        };
        await File.WriteAllTextAsync(_folder.In("policy.json"), JsonSerializer.Serialize(policy));
        var settings = new
        {
            CHATOPS = new
            {
                Data = _folder.In("data"),
                Policy = _folder.In("policy.json"),
                Web = web.Append(("Origin", $"{_origin}")).ToDictionary(w => w.Item1, w => w.Item2),
            },
            Oidc = new { ClientSecretFile = _folder.In("secret") },
        };
        await File.WriteAllTextAsync(_folder.In("chatops.json"), JsonSerializer.Serialize(settings));
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "chatops.dll"),
            "serve",
            "--settings",
            _folder.In("chatops.json"),
            "--gateway",
            $"folder:{_folder.In("gateway")}",
        ];
        return Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    // Certificate and key in one file.
    private string WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=page", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        File.WriteAllText(_folder.In("page.pem"), $"{made.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return made.GetCertHashString();
    }
}
