namespace ChatOps.Lab;

/// <summary>What a client says who would be taken for somebody else, or for a proxy that others have come through.</summary>
internal static class Claims
{
    /// <summary>What each of them says.</summary>
    public const string Value = "192.0.2.99";

    // What those look at that are behind proxies and clouds of all kinds; beside these, whatever the gateway's own file names.
    private const string Names = """
        X-Forwarded-For X-Forwarded-Host X-Forwarded-Port X-Forwarded-Proto X-Real-IP Forwarded Via X-Forwarded-Tls-Client-Cert X-Forwarded-Tls-Client-Cert-Info
        X-Forwarded-Client-Cert X-Forwarded-Access-Token X-Forwarded-User X-Forwarded-Email X-Forwarded-Groups X-Forwarded-Preferred-Username X-Auth-Request-User
        X-Auth-Request-Email X-Auth-Request-Groups X-Auth-Request-Preferred-Username X-Auth-Request-Access-Token X-Auth-Request-Redirect X-Envoy-External-Address
        X-Azure-ClientIP X-Azure-SocketIP Proxy-Client-IP WL-Proxy-Client-IP X-SSL-Client-Cert X-SSL-Client-Verify X-SSL-Client-S-DN X-ARR-ClientCert X-ARR-SSL
        Fastly-Client-IP True-Client-IP CF-Connecting-IP X-Original-URL X-Original-Host X-Rewrite-URL X-Cluster-Client-IP Remote-User X-Remote-User
        X-Webauth-User X-Authentik-Username X-Ms-Client-Principal X-Amzn-Oidc-Identity X-Goog-Authenticated-User-Email Client-Cert
        """;

    /// <summary>For curl: all of them, and a header that is the client's own affair.</summary>
    public static async Task<string[]> OptionsAsync()
    {
        const string said = "s/^ *proxy_set_header \\([A-Za-z0-9-]*\\) \"\";/\\1/p";
        var rendered = (await Lab.ExecAsync("gw1", "sed", "-n", said, "/var/lib/chatops/current/nginx.conf")).Succeeded().Text;
        var names = $"{Names} {rendered}".Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Distinct();
        return [.. names.SelectMany(n => (string[])["-H", $"{n}: {Value}"]), "-H", "X-Own: yes"];
    }
}
