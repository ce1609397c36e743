using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;
using Scriban.Runtime;

namespace ChatOps.Rendering;

/// <summary>Web addresses as the nginx template wants them: hosts with locations, each with its backends.</summary>
internal static class WebModel
{
    // The path of a socket has 107 characters at most (unix(7)).
    private const int LongestSocket = 70,
        LongestFile = 120;

    /// <summary>The variables of the http part, and of TLS that is passed through.</summary>
    public static ScriptObject Of(GatewayConfig config)
    {
        // The families of clients share the servers; for IPv6 clients a VM's IPv6 address is preferred, which changes nothing for HTTP.
        var sites = SitesOf(config, Engine.Http);
        var passed = SitesOf(config, Engine.Passthrough);
        var ending = config.Ending.Select(x => x.Endpoint).ToHashSet();
        var families = config.Gateway.Families.ToList();
        return new ScriptObject
        {
            ["has_http"] = sites.Count + passed.Count > 0,
            ["has_plain"] = sites.Count > 0,
            ["listens"] = new ScriptArray(families.Select(f => Listen(f, WebPorts.Http))),
            ["tls_listens"] = new ScriptArray(families.Select(f => Listen(f, WebPorts.Https))),
            ["has_tls"] = passed.Count > 0 || sites.Any(s => s.Options.Certificate is not null),
            ["has_http2"] = sites.Any(IsHttp2),
            ["has_passed"] = passed.Count > 0,
            ["passed"] = passed.OrderBy(s => s.Endpoint).Select(s => PassedOf(s, ending.Contains(s.Endpoint))).ToList(),
            ["upstreams"] = sites.Select(UpstreamOf).ToList(),
            ["hosts"] = sites
                .GroupBy(s => s.Endpoint.Web!.Value.Host)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => HostOf(g.Key, [.. g], ending))
                .ToList(),
        };
    }

    private static List<Route> SitesOf(GatewayConfig config, Engine engine) =>
        [.. config.Routes.Where(r => r.Engine == engine).GroupBy(r => r.Endpoint).Select(g => g.First())];

    private static ScriptObject PassedOf(Route site, bool ends) =>
        new()
        {
            ["name"] = site.Endpoint.Web!.Value.Host,
            ["upstream"] = NameOf(site),
            ["targets"] = new ScriptArray(site.Targets.Select(t => t.ToString())),
            ["socket"] = Shortened(NameOf(site), LongestSocket),
            ["ended"] = ends ? FileOf(site) : "",
            ["has_sources"] = site.Options.From is not null,
            ["sources"] = SourcesOf(site),
        };

    private static bool IsHttp2(Route site) => site.Options.Grpc || site.Options.H2c;

    private static string Listen(Family family, PublicPort port) => family == Family.IPv4 ? $"0.0.0.0:{port.Port}" : $"[::]:{port.Port}";

    private static ScriptObject UpstreamOf(Route site) =>
        new() { ["name"] = NameOf(site), ["targets"] = new ScriptArray(site.Targets.Select(t => t.ToString())) };

    private static ScriptObject HostOf(string host, ImmutableArray<Route> sites, HashSet<PublicEndpoint> ending) =>
        new()
        {
            ["name"] = host,
            ["is_tls"] = sites[0].Options.Certificate is not null,
            ["certificate"] = sites[0].Options.Certificate?.ToString() ?? "",
            ["has_root"] = sites.Any(s => s.Endpoint.Web!.Value.Path.Length == 0),
            ["locations"] = sites.OrderBy(s => s.Endpoint).Select(s => LocationOf(s, ending.Contains(s.Endpoint))).ToList(),
        };

    private static ScriptObject LocationOf(Route site, bool ends) =>
        new()
        {
            ["path"] = site.Endpoint.Web!.Value.Path,
            ["upstream"] = NameOf(site),
            ["is_http2"] = IsHttp2(site),
            ["ended"] = ends ? FileOf(site) : "",
            ["has_sources"] = site.Options.From is not null,
            ["sources"] = SourcesOf(site),
        };

    private static ScriptArray SourcesOf(Route site) => new(site.Options.From is { } from ? from.All.Select(n => n.ToString()) : []);

    /// <summary>The name of the file that closes it on the gateway: its own, or what fits into a file's name.</summary>
    public static string FileOf(Route site) => Shortened(NameOf(site), LongestFile);

    private static string Shortened(string name, int longest) =>
        name.Length > longest
            ? $"{name[..(longest - 20)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16]}"
            : name;

    // A name that only says where it comes from; what is not a letter, digit, dot or hyphen becomes a part of it that no host name has.
    private static string NameOf(Route site) =>
        (site.Engine == Engine.Passthrough ? "tls-" : "web-")
        + string.Concat(
            site.Endpoint.ToString()
                .Select(c =>
                    char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? $"{c}"
                    : c == '/' ? "_"
                    : $"_{(int)c:x2}"
                )
        );
}
