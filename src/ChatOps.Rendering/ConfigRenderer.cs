using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;
using Scriban.Runtime;

namespace ChatOps.Rendering;

/// <summary>Renders a gateway's files. What the templates get are typed values in their one written form, never a person's text.</summary>
public sealed class ConfigRenderer(Templates templates) : IConfigRenderer
{
    private readonly Firewall _firewall = new(templates);
    private readonly Fragments<Route> _nginx = Fragments<Route>.By(templates, "nginx/server.sbn", ServerOf, SameRoute.Instance);
    private readonly Fragments<Route> _haproxy = Fragments<Route>.By(templates, "haproxy/listen.sbn", ServerOf, SameRoute.Instance);
    private readonly Fragments<Route> _relay = Fragments<Route>.By(templates, "haproxy/relay.sbn", RelayOf, SameRoute.Instance);
    private readonly Fragments<Route> _udp = Fragments<Route>.By(templates, "udprelay/port.sbn", ServerOf, SameRoute.Instance);
    private readonly Manifest _manifest = new();
    private readonly KnownRoutes _routes = new();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Render(Edge edge)
    {
        var config = GatewayConfig.Of(edge, _routes);
        var gateway = config.Gateway;
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var model = new ScriptObject
        {
            ["gateway"] = gateway.Name.ToString(),
            ["ssh_port"] = gateway.SshPort.ToString(),
            ["wireguard_address"] = gateway.WireGuard.ToString(),
            ["wireguard6_address"] = gateway.SixOf(gateway.WireGuard.Address) is { } six ? $"{six}/{gateway.WireGuard6!.Value.Length}" : "",
            ["wireguard_port"] = gateway.WireGuardPort.ToString(),
        };
        files["sysctl.conf"] = templates.Render("sysctl/sysctl.conf.sbn", model);
        files["nftables.nft"] = templates.Render("nftables/nftables.nft.sbn", With(model, _firewall.Of(config)));
        if (!config.Peers.IsEmpty)
            files["wg0.conf"] = templates.Render(
                "wireguard/wg0.conf.sbn",
                With(model, "peers", config.Peers.Select(p => PeerOf(p, gateway)))
            );
        if (config.Peers.Any(p => p.Preshared is not null))
            files["secrets"] = Manifest.Secrets(config);
        if (Any(config, Engine.Nginx) || Any(config, Engine.Http) || Any(config, Engine.Passthrough))
        {
            var web = WebModel.Of(config);
            web["servers"] = _nginx.Joined(config.Routes.Where(r => r.Engine == Engine.Nginx));
            files["nginx.conf"] = templates.Render("nginx/nginx.conf.sbn", With(model, web));
        }

        var relayed = config.Routes.Where(r => r.Engine == Engine.Relay).ToList();
        if (relayed.Count > 0)
            files["relay4.map"] = _relay.Joined(relayed);
        if (Any(config, Engine.Haproxy) || relayed.Count > 0)
        {
            var proxy = new ScriptObject
            {
                ["servers"] = _haproxy.Joined(config.Routes.Where(r => r.Engine == Engine.Haproxy)),
                ["has_relay"] = relayed.Count > 0,
                ["relay_port"] = config.RelayPort.ToString(),
            };
            files["haproxy.cfg"] = templates.Render("haproxy/haproxy.cfg.sbn", With(model, proxy));
        }

        if (Any(config, Engine.UdpRelay))
            files["udprelay.conf"] = templates.Render(
                "udprelay/udprelay.conf.sbn",
                With(model, "ports", _udp.Joined(config.Routes.Where(r => r.Engine == Engine.UdpRelay)))
            );
        foreach (var (file, template, variables) in ServiceModels.Of(config))
            files[file] = templates.Render(template, With(model, variables));
        if (config.FurtherAddresses.Any())
            files["addresses"] = Manifest.Addresses(config);
        if (Manifest.Rules(config) is { Length: > 0 } rules)
            files["rules"] = rules;
        if (!config.Ending.IsEmpty)
            files["lifetimes"] = Manifest.Lifetimes(config);
        if (config.NeedsNat64)
            files["tayga.conf"] = templates.Render("tayga/tayga.conf.sbn", With(model, Nat64.Of()));
        if (config.NeedsNat64 && gateway.Overlay is { } overlay)
            files["unbound.conf"] = templates.Render("unbound/unbound.conf.sbn", With(model, Nat64.NamesOf(overlay)));
        files["exposures"] = _manifest.Exposures(config.Routes);
        files["listeners"] = Manifest.Listeners(config);
        return files;
    }

    private static PublicPort PublicPortOf(Route route) => route.Endpoint.Port!.Value;

    private static ScriptObject PeerOf(Peer peer, Gateway gateway) =>
        new()
        {
            ["name"] = peer.Name.ToString(),
            ["key"] = peer.Key.ToString(),
            ["is_preshared"] = peer.Preshared is not null,
            ["addresses"] = peer.AddressesAt(gateway).Select(a => PlaceOf(new(a, a.Family == Family.IPv4 ? 32 : 128))).ToList(),
            ["routes"] = (peer.Routes?.All ?? []).Select(PlaceOf).ToList(),
        };

    private static ScriptObject PlaceOf(Network network) => new() { ["address"] = network.Address.ToString(), ["bits"] = network.Length };

    private static bool Any(GatewayConfig config, Engine engine) => config.Routes.Any(r => r.Engine == engine);

    private static ScriptObject ServerOf(Route route) =>
        new(8)
        {
            ["name"] = new ListenerName(PublicPortOf(route), route.Clients).ToString(),
            ["listen"] = ListenOf(route),
            ["sends_proxy"] = route.Options.SendsProxy,
            ["is_version_2"] = route.Options.ProxyVersion == 2,
            ["is_sftp"] = route.Options.As == Service.Sftp,
            ["targets"] = new ScriptArray(route.Targets.Select(t => t.ToString())),
        };

    private static ScriptObject RelayOf(Route route) =>
        new(3)
        {
            ["port"] = PublicPortOf(route).Port.ToString(),
            ["address"] = route.Targets[0].Address.ToString(),
            ["target_port"] = route.Targets[0].Port.ToString(),
        };

    // One socket a family: a socket for both would hold the other family's port too, where another engine may carry it.
    private static string ListenOf(Route route) =>
        (route.Clients, route.Engine) switch
        {
            (Family.IPv4, _) => $"0.0.0.0:{PublicPortOf(route).Port}",
            (_, Engine.UdpRelay) => $"[::]:{PublicPortOf(route).Port}",
            (_, Engine.Haproxy) => $":::{PublicPortOf(route).Port} v6only",
            _ => $"[::]:{PublicPortOf(route).Port} ipv6only=on",
        };

    private static ScriptObject With(ScriptObject model, string name, object value) => With(model, new ScriptObject { [name] = value });

    private static ScriptObject With(ScriptObject model, ScriptObject more)
    {
        model.CopyTo(more);
        return more;
    }
}
