using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;
using Scriban.Runtime;

namespace ChatOps.Rendering;

internal sealed class Firewall(Templates templates)
{
    private const string Private4 = "private, shared, link-local, loopback, multicast and reserved ranges";
    private const string Private6 = "all but global unicast";

    // RFC 6890, without the ranges for documentation, which no network uses.
    private static readonly string[] Inside4 =
    [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
    ];

    // RFC 4291: what is handed out is in 2000::/3. Mycelium's 400::/7 is before it, unique local addresses are after it.
    private static readonly string[] Inside6 = ["::/3", "4000::/2", "8000::/1"];

    // Of the above, those in which an address of a machine can be.
    private static readonly Network[] Private = [.. Inside4[1..3].Concat(Inside4[4..7]).Select(Text.Parse<Network>)];
    private static readonly Network Global6 = Text.Parse<Network>("2000::/3");

    private readonly Fragments<Route> _dnat = Fragments<Route>.By(templates, "nftables/dnat.sbn", DnatOf, SameRoute.Instance);
    private readonly Fragments<PublicPort> _ports = Fragments<PublicPort>.By(
        templates,
        "nftables/port.sbn",
        PortOf,
        EqualityComparer<PublicPort>.Default
    );

    public ScriptObject Of(GatewayConfig config)
    {
        ScriptArray families = [FamilyOf(config, Family.IPv4), FamilyOf(config, Family.IPv6)];
        return new ScriptObject
        {
            ["families"] = families,
            ["has_restricted"] = !config.Admissions.IsEmpty,
            ["restricted"] = config.Admissions.Select(a => a.Port).Distinct().Select(PortOf),
            ["has_limited"] = !config.Limits.IsEmpty,
            ["limited"] = config.Limits.Select(LimitOf),
            ["limited_each"] = config.Limits.Where(l => l.Scope == RateScope.Each).Select(LimitOf),
            ["relay_port"] = config.RelayPort.ToString(),
            ["nat64_prefix"] = Nat64.Prefix,
            ["nat64_pool"] = Nat64.Pool,
        };
    }

    private ScriptObject FamilyOf(GatewayConfig config, Family family)
    {
        var routes = config.Routes.Where(r => r.Clients == family).ToList();
        var blocked = Widest(config.Blocked.Where(n => n.Family == family)).ToList();
        var allowed = config
            .Admissions.Where(a => a.From.Family == family)
            .GroupBy(a => a.Port)
            .SelectMany(port => Widest(port.Select(a => a.From)).Select(network => (port.Key, network)))
            .ToList();
        var mapped = config.Mappings.Where(m => m.Inside.Family == family).ToList();

        // Who stands for a public address goes out with it.
        var egress = config.Egress.Concat(mapped.Select(m => m.Inside)).Where(a => a.Family == family).Distinct().Order().ToList();
        return new ScriptObject
        {
            ["number"] = family == Family.IPv4 ? "4" : "6",
            ["keyword"] = family == Family.IPv4 ? "ip" : "ip6",

            // One client has a /64 and may choose in it.
            ["source"] = family == Family.IPv4 ? "ip saddr" : "ip6 saddr & ffff:ffff:ffff:ffff::",
            ["dnat"] = _dnat.Joined(routes.Where(r => r.Engine == Engine.Nftables)),

            // Web addresses share their ports.
            ["proxied"] = _ports.Joined(routes.Where(r => r.Engine != Engine.Nftables).SelectMany(r => r.Ports).Distinct()),
            // HAProxy learns of IPv4 connections alone to which port they were opened.
            ["relayed"] = _ports.Joined(routes.Where(r => r.Engine == Engine.Relay).SelectMany(r => r.Ports)),
            ["has_blocked"] = blocked.Count > 0,
            ["blocked"] = blocked.Select(n => n.ToString()),
            ["has_allowed"] = allowed.Count > 0,
            ["allowed"] = allowed.Select(a => With(PortOf(a.Key), "network", a.network)),
            ["has_mapped"] = mapped.Count > 0,
            ["mapped"] = mapped.Select(m => new ScriptObject(2) { ["inside"] = m.Inside.ToString(), ["outside"] = m.Outside.ToString() }),
            ["has_egress"] = egress.Count > 0,
            ["egress"] = egress.Select(a => a.ToString()),
            ["inside_words"] = family == Family.IPv4 ? Private4 : Private6,
            ["inside"] = (family == Family.IPv4 ? Inside4 : Inside6).Concat(
                config.Inside.Where(a => a.Family == family && IsPublic(a)).Select(a => a.ToString())
            ),
            ["pools"] = config.SourceTranslations.Where(s => s.Inside.Family == family).Select(PoolOf),
        };
    }

    private static bool IsPublic(Address address) =>
        address.Family == Family.IPv4 ? !Array.Exists(Private, n => n.Contains(address)) : Global6.Contains(address);

    private static ScriptObject DnatOf(Route route) =>
        new(4)
        {
            ["protocol"] = route.Endpoint.Port!.Value.ProtocolName,
            ["port"] = route.Endpoint.Port!.Value.Port.ToString(),
            ["address"] = route.Targets[0].Address.ToString(),
            ["target_port"] = route.Targets[0].Port.ToString(),
        };

    private static ScriptObject PortOf(PublicPort port) => new(2) { ["protocol"] = port.ProtocolName, ["port"] = port.Port.ToString() };

    private static ScriptObject With(ScriptObject port, string name, object value)
    {
        port[name] = value.ToString();
        return port;
    }

    // The burst is what the rate allows in one unit of time: nobody who keeps to the rate on the whole is dropped for haste.
    // Who stays away for that unit has all of it again, and need not be remembered.
    private static ScriptObject LimitOf(Rule.RateLimit limit) =>
        With(With(With(PortOf(limit.Port), "rate", limit.Rate), "count", limit.Rate.Count), "memory", $"1{limit.Rate.Per[0]}");

    private static ScriptObject PoolOf(SourceTranslation translation)
    {
        var range = translation.Pool.Addresses;
        return new ScriptObject(3)
        {
            ["inside"] = translation.Inside.ToString(),
            ["addresses"] =
                range.First.Family == Family.IPv4 ? range.ToString()
                : range.First == range.Last ? $"[{range}]"
                : $"[{range.First}]-[{range.Last}]",
            ["ports"] = translation.Pool.Ports?.ToString() ?? "",
        };
    }

    // A set of intervals takes no two that overlap, and of networks that do one holds the other. Sorted, it comes first.
    private static IEnumerable<Network> Widest(IEnumerable<Network> networks)
    {
        Network? last = null;
        foreach (var network in networks.Distinct().Order())
        {
            if (last is { } wide && wide.Overlaps(network))
                continue;
            yield return network;
            last = network;
        }
    }
}
