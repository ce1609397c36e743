using System.Globalization;
using ChatOps.Core.Planning;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;
using Scriban.Runtime;

namespace ChatOps.Rendering;

/// <summary>Renders a gateway's files. What the templates get are typed values in their one written form, never a person's text.</summary>
public sealed class ConfigRenderer(Templates templates) : IConfigRenderer
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Render(GatewayConfig config)
    {
        var gateway = config.Gateway;
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var nginx = config.Routes.Where(r => r.Engine == Engine.Nginx).ToList();
        var haproxy = config.Routes.Where(r => r.Engine == Engine.Haproxy).ToList();

        var model = new ScriptObject
        {
            ["gateway"] = gateway.Name.ToString(),
            ["ssh_port"] = gateway.SshPort.ToString(),
            ["wireguard_address"] = gateway.WireGuard.ToString(),
            ["wireguard_port"] = gateway.WireGuardPort.ToString(),
        };
        files["sysctl.conf"] = templates.Render("sysctl/sysctl.conf.sbn", model);
        files["nftables.nft"] = templates.Render("nftables/nftables.nft.sbn", With(model, "families", ListOf(Enum.GetValues<Family>(), f => FamilyOf(config, f))));
        if (!config.Peers.IsEmpty)
            files["wg0.conf"] = templates.Render("wireguard/wg0.conf.sbn", With(model, "peers", ListOf(config.Peers, PeerOf)));
        if (nginx.Count > 0)
            files["nginx.conf"] = templates.Render("nginx/nginx.conf.sbn", With(model, "servers", ListOf(nginx, ServerOf)));
        if (haproxy.Count > 0)
            files["haproxy.cfg"] = templates.Render("haproxy/haproxy.cfg.sbn", With(model, "servers", ListOf(haproxy, ServerOf)));
        files["exposures"] = Manifest.Exposures(config.Routes);
        files["listeners"] = Manifest.Listeners(config.Routes);
        return files;
    }

    private static ScriptObject FamilyOf(GatewayConfig config, Family family)
    {
        var routes = config.Routes.Where(r => r.Clients == family).ToLookup(r => r.Engine == Engine.Nftables);
        return new ScriptObject
        {
            ["number"] = family == Family.IPv4 ? "4" : "6",
            ["keyword"] = family == Family.IPv4 ? "ip" : "ip6",
            ["dnat"] = ListOf(
                routes[true],
                r => new ScriptObject
                {
                    ["protocol"] = r.Port.ProtocolName,
                    ["port"] = r.Port.Port.ToString(),
                    ["address"] = r.Targets[0].Address.ToString(),
                    ["target_port"] = r.Targets[0].Port.ToString(),
                }
            ),
            ["proxied"] = ListOf(
                routes[false],
                r => new ScriptObject { ["protocol"] = r.Port.ProtocolName, ["port"] = r.Port.Port.ToString() }
            ),
        };
    }

    private static ScriptObject PeerOf(Core.Gateways.Peer peer) =>
        new()
        {
            ["name"] = peer.Name.ToString(),
            ["key"] = peer.Key.ToString(),
            ["address"] = peer.Address.ToString(),
            ["bits"] = peer.Address.Family == Family.IPv4 ? "32" : "128",
        };

    private static ScriptObject ServerOf(Route route) =>
        new()
        {
            ["name"] = string.Create(CultureInfo.InvariantCulture, $"{route.Port.ProtocolName}-{route.Port.Port}-ipv{(int)route.Clients}"),
            ["protocol"] = route.Port.ProtocolName,
            ["listen"] = ListenOf(route),
            ["targets"] = ListOf(route.Targets, t => t.ToString()),
        };

    // One socket a family: a socket for both would hold the other family's port too, where another engine may carry it.
    private static string ListenOf(Route route) =>
        (route.Clients, route.Engine) switch
        {
            (Family.IPv4, _) => $"0.0.0.0:{route.Port.Port}",
            (_, Engine.Haproxy) => $":::{route.Port.Port} v6only",
            _ => $"[::]:{route.Port.Port} ipv6only=on",
        };

    private static ScriptArray ListOf<T>(IEnumerable<T> items, Func<T, object> convert) => [.. items.Select(convert)];

    private static ScriptObject With(ScriptObject model, string name, object value)
    {
        var more = new ScriptObject();
        model.CopyTo(more);
        more[name] = value;
        return more;
    }
}
