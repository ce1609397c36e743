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
        var (dnat, proxied) = (new ScriptArray[] { [], [] }, new ScriptArray[] { [], [] });
        var (nginx, haproxy) = (new ScriptArray(), new ScriptArray());

        // Once over the routes, and one object a route whatever lists it is in: there are thousands, and the garbage is most of the cost.
        foreach (var route in config.Routes)
        {
            var family = route.Clients == Family.IPv4 ? 0 : 1;
            if (route.Engine == Engine.Nftables)
            {
                dnat[family].Add(DnatOf(route));
                continue;
            }

            var server = ServerOf(route);
            proxied[family].Add(server);
            (route.Engine == Engine.Nginx ? nginx : haproxy).Add(server);
        }

        var model = new ScriptObject
        {
            ["gateway"] = gateway.Name.ToString(),
            ["ssh_port"] = gateway.SshPort.ToString(),
            ["wireguard_address"] = gateway.WireGuard.ToString(),
            ["wireguard_port"] = gateway.WireGuardPort.ToString(),
        };
        ScriptArray families = [FamilyOf("4", "ip", dnat[0], proxied[0]), FamilyOf("6", "ip6", dnat[1], proxied[1])];
        files["sysctl.conf"] = templates.Render("sysctl/sysctl.conf.sbn", model);
        files["nftables.nft"] = templates.Render("nftables/nftables.nft.sbn", With(model, "families", families));
        if (!config.Peers.IsEmpty)
            files["wg0.conf"] = templates.Render("wireguard/wg0.conf.sbn", With(model, "peers", new ScriptArray(config.Peers.Select(PeerOf))));
        if (nginx.Count > 0)
            files["nginx.conf"] = templates.Render("nginx/nginx.conf.sbn", With(model, "servers", nginx));
        if (haproxy.Count > 0)
            files["haproxy.cfg"] = templates.Render("haproxy/haproxy.cfg.sbn", With(model, "servers", haproxy));
        files["exposures"] = Manifest.Exposures(config.Routes);
        files["listeners"] = Manifest.Listeners(config.Routes);
        return files;
    }

    private static ScriptObject FamilyOf(string number, string keyword, ScriptArray dnat, ScriptArray proxied) =>
        new()
        {
            ["number"] = number,
            ["keyword"] = keyword,
            ["dnat"] = dnat,
            ["proxied"] = proxied,
        };

    private static ScriptObject DnatOf(Route route) =>
        new(4)
        {
            ["protocol"] = route.Port.ProtocolName,
            ["port"] = route.Port.Port.ToString(),
            ["address"] = route.Targets[0].Address.ToString(),
            ["target_port"] = route.Targets[0].Port.ToString(),
        };

    private static ScriptObject PeerOf(Core.Gateways.Peer peer) =>
        new()
        {
            ["name"] = peer.Name.ToString(),
            ["key"] = peer.Key.ToString(),
            ["address"] = peer.Address.ToString(),
            ["bits"] = peer.Address.Family == Family.IPv4 ? "32" : "128",
        };

    private static ScriptObject ServerOf(Route route)
    {
        var port = route.Port.Port.ToString();
        return new ScriptObject(7)
        {
            ["name"] = $"{route.Port.ProtocolName}-{port}-ipv{(route.Clients == Family.IPv4 ? '4' : '6')}",
            ["protocol"] = route.Port.ProtocolName,
            ["port"] = port,
            ["listen"] = ListenOf(route, port),
            ["is_udp"] = route.Port.Protocol == Protocol.Udp,
            ["is_balanced"] = route.Targets.Length > 1,
            ["targets"] = new ScriptArray(route.Targets.Select(t => t.ToString())),
        };
    }

    // One socket a family: a socket for both would hold the other family's port too, where another engine may carry it.
    private static string ListenOf(Route route, string port) =>
        (route.Clients, route.Engine) switch
        {
            (Family.IPv4, _) => $"0.0.0.0:{port}",
            (_, Engine.Haproxy) => $":::{port} v6only",
            _ => $"[::]:{port} ipv6only=on",
        };

    private static ScriptObject With(ScriptObject model, string name, object value)
    {
        var more = new ScriptObject();
        model.CopyTo(more);
        more[name] = value;
        return more;
    }
}
