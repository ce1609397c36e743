using System.Net;

namespace ChatOps.Bot.Hosting;

/// <summary>The settings of a page for a team: where it listens, where browsers find it, and with which certificate.</summary>
public static class WebSettings
{
    /// <summary>Where it listens.</summary>
    public const string ListenName = "CHATOPS:Web:Listen";

    private const string OriginName = "CHATOPS:Web:Origin";
    private const string CertificateName = "CHATOPS:Web:Certificate";
    private const string KeyName = "CHATOPS:Web:CertificateKey";
    private const string BehindProxyName = "CHATOPS:Web:BehindProxy";

    /// <summary>Names of all settings of the page, as the environment has them.</summary>
    public static string[] Names { get; } = [ListenName, OriginName, CertificateName, KeyName, BehindProxyName];

    /// <summary>Reads them; null for a page on this machine alone.</summary>
    /// <param name="text">Looks up a setting.</param>
    /// <param name="problems">Hears what is missing or wrong, each with an example.</param>
    public static WebListening? Read(Func<string, string?> text, List<string> problems)
    {
        if (text(ListenName) is not { } at)
        {
            problems.AddRange(
                Names.Skip(1).Where(n => text(n) is not null).Select(n => $"{n}: it goes with {ListenName}, such as https://0.0.0.0:443")
            );
            return null;
        }

        var (certificate, key, before) = (text(CertificateName), text(KeyName), problems.Count);
        if (
            !(
                Uri.TryCreate(at, UriKind.Absolute, out var listen)
                && listen.PathAndQuery == "/"
                && IPAddress.TryParse(listen.DnsSafeHost, out _)
                && listen.Scheme == (certificate is null ? "http" : "https")
            )
        )
            problems.Add(
                $"{ListenName}: expected https://ADDRESS:PORT with {CertificateName}, or http://ADDRESS:PORT behind a reverse proxy that speaks TLS, found \"{at}\""
            );
        else if (certificate is null && !listen.IsLoopback && !IsBehindProxy(text, problems))
            problems.Add(
                $"{ListenName}: {at} would take what people type and their sessions without TLS. Next: {CertificateName} and {KeyName}, or {BehindProxyName}: true where only a reverse proxy that speaks TLS reaches it"
            );
        if (key is not null && certificate is null)
            problems.Add($"{KeyName}: it goes with {CertificateName}");
        if (
            !(
                Uri.TryCreate(text(OriginName), UriKind.Absolute, out var origin)
                && origin.PathAndQuery == "/"
                && origin.UserInfo.Length == 0
                && IsSafe(origin, listen)
            )
        )
            problems.Add(
                $"{OriginName}: expected where browsers find the page, such as https://chat.example.com, found {(text(OriginName) is { } found ? $"\"{found}\"" : "nothing")}"
            );
        return problems.Count > before ? null : new(listen!, origin!, certificate, key);
    }

    // Without TLS anywhere only within this machine.
    private static bool IsSafe(Uri origin, Uri? listen) =>
        origin.Scheme == Uri.UriSchemeHttps
        || origin is { Scheme: "http", IsLoopback: true } && listen is { Scheme: "http", IsLoopback: true };

    private static bool IsBehindProxy(Func<string, string?> text, List<string> problems)
    {
        var said = text(BehindProxyName) ?? "false";
        if (bool.TryParse(said, out var isBehind))
            return isBehind;
        problems.Add($"{BehindProxyName}: expected true or false, found \"{said}\"");
        return true;
    }
}
