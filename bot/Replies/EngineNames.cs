using System.Collections.Immutable;
using ChatOps.Core.Domain.Planning;

namespace ChatOps.Bot.Replies;

/// <summary>What people call the engines, in the order in which they are named.</summary>
internal static class EngineNames
{
    /// <summary>Those that pass bytes on in a process of their own.</summary>
    public static ImmutableArray<(Engine Engine, string Name)> Proxies { get; } =
    [
        (Engine.Relay, "HAProxy map"),
        (Engine.UdpRelay, "UDP relay"),
        (Engine.Nginx, "nginx stream"),
        (Engine.Http, "nginx http"),
        (Engine.Passthrough, "nginx SNI"),
        (Engine.Haproxy, "HAProxy"),
        (Engine.Dnsmasq, "dnsmasq"),
        (Engine.Pgbouncer, "pgbouncer"),
        (Engine.Kamailio, "kamailio"),
    ];

    /// <summary>All of them; the kernel's own first.</summary>
    public static ImmutableArray<(Engine Engine, string Name)> All { get; } = [(Engine.Nftables, "nftables"), .. Proxies];
}
