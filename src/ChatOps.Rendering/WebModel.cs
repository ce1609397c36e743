using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ChatOps.Core.Planning;
using ChatOps.Core.Values;
using Scriban.Runtime;

namespace ChatOps.Rendering;

/// <summary>Web addresses as the nginx template wants them: hosts with locations, each with its backends.</summary>
internal static class WebModel
{
    /// <summary>The variables of the http part.</summary>
    public static ScriptObject Of(GatewayConfig config)
    {
        // The families of clients share the servers; for IPv6 clients a VM's IPv6 address is preferred, which changes nothing for HTTP.
        var sites = config.Routes.Where(r => r.Engine == Engine.Http).GroupBy(r => r.Endpoint).Select(g => g.First()).ToList();
        var ending = config.Ending.Select(x => x.Endpoint).ToHashSet();
        var families = config.Gateway.Families.ToList();
        return new ScriptObject
        {
            ["has_http"] = sites.Count > 0,
            ["listens"] = new ScriptArray(families.Select(f => Listen(f, WebPorts.Http))),
            ["tls_listens"] = new ScriptArray(families.Select(f => Listen(f, WebPorts.Https))),
            ["has_tls"] = sites.Any(s => s.Options.Certificate is not null),
            ["upstreams"] = sites.Select(UpstreamOf).ToList(),
            ["hosts"] = sites.GroupBy(s => s.Endpoint.Web!.Value.Host).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => HostOf(g.Key, [.. g], ending)).ToList(),
        };
    }

    private static string Listen(Family family, PublicPort port) =>
        family == Family.IPv4 ? $"0.0.0.0:{port.Port}" : $"[::]:{port.Port}";

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
            ["ended"] = ends ? FileOf(site) : "",
            ["has_sources"] = site.Options.From is not null,
            ["sources"] = new ScriptArray(site.Options.From is { } from ? from.All.Select(n => n.ToString()) : []),
        };

    /// <summary>The name of the file that closes it on the gateway: its own, or what fits into a file's name.</summary>
    public static string FileOf(Route site) =>
        NameOf(site) is { Length: > 120 } name ? $"{name[..100]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16]}" : NameOf(site);

    // A name that only says where it comes from; what is not a letter, digit, dot or hyphen becomes a part of it that no host name has.
    private static string NameOf(Route site) =>
        "web-" + string.Concat(site.Endpoint.ToString().Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? $"{c}" : c == '/' ? "_" : $"_{(int)c:x2}"));
}
