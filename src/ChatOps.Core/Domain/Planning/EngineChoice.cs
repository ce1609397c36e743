using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Planning;

/// <summary>A route and why this engine carries it, for the plan.</summary>
/// <param name="Why">The end of a sentence, or empty when there is nothing to explain.</param>
public sealed record ChosenRoute(Route Route, string Why);

/// <summary>
/// Chooses what carries an exposure, for each family in which the gateway has a public address. The kernel translates within a family only
/// (nftables never turns IPv4 into IPv6), so clients of the other family go through a proxy; several targets want one that checks health.
/// </summary>
public static class EngineChoice
{
    /// <summary>The routes of an exposure, IPv4 clients first.</summary>
    public static IEnumerable<ChosenRoute> RoutesOf(Exposure exposure, Edge edge) => RoutesOf(exposure, edge, [.. edge.Gateway!.Families]);

    /// <summary>The same for many exposures of one gateway, whose families are found once.</summary>
    internal static IEnumerable<ChosenRoute> RoutesOf(Exposure exposure, Edge edge, ImmutableArray<Family> families) =>
        families.Select(family => Choose(exposure, edge, family));

    private static ChosenRoute Choose(Exposure exposure, Edge edge, Family clients)
    {
        var targets = exposure.Targets.Select(t => SocketOf(t, edge, clients)).ToImmutableArray();
        var isDirect = targets.Length == 1 && targets[0].Address.Family == clients;
        var (engine, why) = (exposure.Endpoint.Port, exposure.Options) switch
        {
            (null, { Passthrough: true }) => (Engine.Passthrough, targets.Length > 1 ? $"over {targets.Length} targets" : ""),
            (null, _) => (Engine.Http, targets.Length > 1 ? $"over {targets.Length} targets" : ""),
            (_, { As: Service.Dns }) => (
                Engine.Dnsmasq,
                "and caches: for resolvers only, because a cached answer is not authoritative any more"
            ),
            (_, { As: Service.Postgres }) => (Engine.Pgbouncer, "and pools"),
            (_, { As: Service.Sip }) => (Engine.Kamailio, "and stays in the dialogue"),
            (_, { As: Service.Sftp }) => (
                Engine.Haproxy,
                "which asks its sshd for the banner every second, and counts it as up until the first time"
            ),
            (_, { ProxyVersion: { } version }) => (
                Engine.Haproxy,
                FormattableString.Invariant($"with the client's address in a PROXY header of version {version}")
            ),
            (_, { SendsProxy: true }) => (Engine.Haproxy, "with the client's address in a PROXY header"),
            _ when isDirect => (Engine.Nftables, ""),
            ({ Protocol: Protocol.Tcp }, _) when targets.Length == 1 && clients == Family.IPv4 => (
                Engine.Relay,
                $"because {exposure.Targets[0].Vm} has no {clients} address"
            ),
            ({ Protocol: Protocol.Udp }, _) when targets.Length == 1 => (
                Engine.UdpRelay,
                $"because {exposure.Targets[0].Vm} has no {clients} address"
            ),
            ({ Protocol: Protocol.Udp }, _) => (
                Engine.UdpRelay,
                $"over {targets.Length} targets, each left out while it refuses datagrams or does not answer"
            ),
            _ when targets.Length == 1 => (Engine.Nginx, $"because {exposure.Targets[0].Vm} has no {clients} address"),
            _ => (
                Engine.Haproxy,
                $"over {targets.Length} targets, each checked every second; a new one counts as up until its first check"
            ),
        };
        return new(new(exposure.Endpoint, clients, engine, targets, exposure.Options.Endless), why);
    }

    private static Socket SocketOf(VmEndpoint target, Edge edge, Family preferred)
    {
        var vm = edge.Vms[target.Vm];
        return new(vm.In(preferred) ?? vm.Addresses[0], target.Port);
    }
}
