using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>What an effect at a public endpoint comes to, matter by matter: each port, VM and network of it.</summary>
public static class EffectMatters
{
    /// <summary>The public ports of an endpoint: its own, or the web's.</summary>
    public static IEnumerable<PublicPort> PortsOf(PublicEndpoint endpoint) =>
        endpoint.Port is { } port ? [port] : [WebPorts.Http, WebPorts.Https];

    /// <summary>What is open at an endpoint, and is to be so until then; null for no new end.</summary>
    internal static IEnumerable<Matter> OfOpen(string command, GatewayState state, PublicEndpoint endpoint, DateTimeOffset? until)
    {
        if (!state.Desired.Exposures.TryGetValue(endpoint, out var open))
            return PortsOf(endpoint).Select(p => new Matter(command, p));
        var opened = (state.Changes.GetValueOrDefault(open.Change)?.Status as ChangeStatus.Applied)?.At;
        return Opened(command, endpoint, open.Targets, open.Options.From, until - opened);
    }

    /// <summary>Each port, VM and network of what is opened.</summary>
    internal static IEnumerable<Matter> Opened(
        string command,
        PublicEndpoint endpoint,
        IEnumerable<VmEndpoint> targets,
        Networks? only,
        TimeSpan? stays
    ) =>
        from port in PortsOf(endpoint)
        from vm in targets.Select(t => t.Vm).Distinct()
        from network in only is { } some ? some.All.Select(n => (Network?)n) : [null]
        select new Matter(command, port)
        {
            Vm = vm,
            From = network,
            Stays = stays,
        };
}
