using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;

namespace ChatOps.StandIns.Oidc;

/// <summary>
/// A real OpenID Connect provider in a process of its own on loopback: <c>infra/oidc/provider.js</c>. Whoever logs in as <c>olga</c> is
/// olga, with any password; that file says who is in which groups. It ends with this process, however that ends.
/// </summary>
public sealed class OidcProvider : IAsyncDisposable
{
    public const string ClientId = "chatops";
    public const string ClientSecret = "a secret of the tests only";

    // Below what a system gives to whoever asks for any port.
    private const int FirstPort = 20_000;
    private const int LastPort = 30_000;

    private readonly Process _process;

    private OidcProvider(Process process, Uri issuer) => (_process, Issuer) = (process, issuer);

    public Uri Issuer { get; }

    /// <summary>Why it cannot be had in a checkout; null when it can.</summary>
    public static string? Missing(string checkout) =>
        File.Exists(Path.Combine(FolderIn(checkout), ".whole"))
            ? null
            : "the OpenID Connect provider is not in .run/oidc (packages nodejs and npm, then ./test)";

    /// <summary>Starts it for pages that browsers find at these origins.</summary>
    public static async Task<OidcProvider> StartAsync(string checkout, params Uri[] origins)
    {
        string[] arguments =
        [
            Path.Combine(checkout, "infra", "oidc", "provider.js"),
            FolderIn(checkout),
            .. origins.Select(o => o.GetLeftPart(UriPartial.Authority)),
        ];
        var process = Process.Start(
            new ProcessStartInfo("node", arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var complained = process.StandardError.ReadToEndAsync();
        if (await process.StandardOutput.ReadLineAsync(Patience.Token) is { } line)
            return new(process, new(line));
        throw new InvalidOperationException($"the OpenID Connect provider did not start: {await complained}");
    }

    /// <summary>An origin on this machine where nobody listens: the provider is told of it before the page is there.</summary>
    public static Uri FreeOrigin(string scheme = "http")
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(l => l.Port).ToHashSet();
        int port;
        do port = Random.Shared.Next(FirstPort, LastPort);
        while (taken.Contains(port));
        return new($"{scheme}://{IPAddress.Loopback}:{port}");
    }

    /// <summary>Ends it, as when it is out of order.</summary>
    public async Task StopAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await StopAsync();
        _process.Dispose();
    }

    private static string FolderIn(string checkout) => Path.Combine(checkout, ".run", "oidc");
}
