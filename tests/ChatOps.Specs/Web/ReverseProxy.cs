using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatOps.Specs.Web;

/// <summary>
/// A reverse proxy that speaks TLS and leaves the name that the browser asks for. Besides, it says in headers what is not so: nobody is to
/// believe them.
/// </summary>
internal sealed class ReverseProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _to = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly X509Certificate2 _certificate = Certificate();

    private ReverseProxy(Uri at, Uri page)
    {
        _to.BaseAddress = page;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, at.Port, listen => listen.UseHttps(_certificate)));
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    public static async Task<ReverseProxy> StartAsync(Uri at, Uri page)
    {
        var proxy = new ReverseProxy(at, page);
        await proxy._app.StartAsync();
        return proxy;
    }

    /// <summary>A browser that trusts its certificate.</summary>
    public HttpClient NewBrowser(CookieContainer cookies)
    {
        var handler = new SocketsHttpHandler { CookieContainer = cookies };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
            shown!.GetCertHashString() == _certificate.GetCertHashString();
        return new(handler);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _to.Dispose();
        _certificate.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method),
            context.Request.Path + context.Request.QueryString
        );
        foreach (var (name, values) in context.Request.Headers)
            request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        request.Headers.Add("X-Forwarded-Host", "evil.example.com");
        request.Headers.Add("X-Forwarded-Proto", "http");
        request.Headers.Add("Forwarded", "host=evil.example.com;proto=http");
        using var answer = await _to.SendAsync(request);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Where(h => h.Key != "Transfer-Encoding"))
            context.Response.Headers[name] = values.ToArray();
        await answer.Content.CopyToAsync(context.Response.Body);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=proxy", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
    }
}
