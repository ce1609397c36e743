using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;
using Scriban.Runtime;

namespace ChatOps.Rendering;

/// <summary>What the templates of the services' own daemons want: dnsmasq, pgbouncer, kamailio.</summary>
internal static class ServiceModels
{
    /// <summary>The files of the services that a gateway has, each with its template and its variables.</summary>
    public static IEnumerable<(string File, string Template, ScriptObject Model)> Of(GatewayConfig config)
    {
        if (RoutesOf(config, Engine.Dnsmasq) is { IsEmpty: false } dns)
            yield return ("dnsmasq.conf", "dnsmasq/dnsmasq.conf.sbn", DnsOf(config, dns));
        if (RoutesOf(config, Engine.Pgbouncer) is { IsEmpty: false } postgres)
            yield return ("pgbouncer.ini", "pgbouncer/pgbouncer.ini.sbn", PostgresOf(config, postgres[0]));
        if (RoutesOf(config, Engine.Kamailio) is { IsEmpty: false } sip)
            yield return ("kamailio.cfg", "kamailio/kamailio.cfg.sbn", SipOf(config, sip));
    }

    private static ImmutableArray<Route> RoutesOf(GatewayConfig config, Engine engine) => [.. config.Routes.Where(r => r.Engine == engine)];

    private static ScriptObject DnsOf(GatewayConfig config, ImmutableArray<Route> routes) =>
        new()
        {
            ["port"] = PortOf(routes[0]),
            ["listens"] = new ScriptArray(config.Gateway.Addresses.Order().Select(a => a.ToString())),
            ["servers"] = routes.SelectMany(r => r.Targets).Distinct().Order().Select(SocketOf).ToList(),
        };

    private static ScriptObject PostgresOf(GatewayConfig config, Route route)
    {
        var database = SocketOf(route.Targets[0]);
        database["name"] = "*";
        return new()
        {
            ["port"] = PortOf(route),
            ["listens"] = new ScriptArray(config.Gateway.Families.Select(f => f == Family.IPv4 ? "0.0.0.0" : "::")),
            ["databases"] = new List<ScriptObject> { database },
            ["clients"] = PostgresPool.Clients,
            ["sessions"] = PostgresPool.Sessions,
            ["patience"] = (int)PostgresPool.Patience.TotalSeconds,
            ["ignored"] = new ScriptArray(route.Options.Ignoring?.All ?? []),
            ["certificate"] = route.Options.Certificate?.ToString() ?? "",
        };
    }

    // A VM that opens a call itself sends it to our inside address, so kamailio listens there too.
    private static ScriptObject SipOf(GatewayConfig config, ImmutableArray<Route> routes)
    {
        var gateway = config.Gateway;
        var servers = routes
            .GroupBy(r => r.Endpoint.Port!.Value.Port)
            .Select(g =>
                (Port: g.Key, Target: g.SelectMany(r => r.Targets).Distinct().Order().First(t => gateway.InsideFor(t.Address) is not null))
            )
            .OrderBy(s => s.Port)
            .ToList();
        return new()
        {
            ["listens"] = new ScriptArray(
                servers
                    .SelectMany(s =>
                        gateway.Addresses.Append(gateway.InsideFor(s.Target.Address)!.Value).Select(a => new Socket(a, s.Port).ToString())
                    )
                    .Distinct()
            ),
            ["servers"] = servers
                .Select(s => new ScriptObject
                {
                    ["port"] = s.Port.ToString(),
                    ["vm"] = Bracketed(s.Target.Address),
                    ["inside"] = Bracketed(gateway.InsideFor(s.Target.Address)!.Value),
                    ["target"] = s.Target.ToString(),
                })
                .ToList(),
        };
    }

    private static string PortOf(Route route) => route.Endpoint.Port!.Value.Port.ToString();

    private static ScriptObject SocketOf(Socket socket) =>
        new() { ["address"] = socket.Address.ToString(), ["port"] = socket.Port.ToString() };

    private static string Bracketed(Address address) => address.Family == Family.IPv6 ? $"[{address}]" : address.ToString();
}
