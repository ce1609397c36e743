using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Gateways;
using ChatOps.Core.Policy;
using ChatOps.Core.Values;

namespace ChatOps.Core.Planning;

/// <summary>
/// Says whether an effect fits an edge: what is named exists, what is taken is not taken twice. Asked when a change is proposed, at each
/// approval and before it is applied, because the edge may have changed in between.
/// </summary>
public static class EffectCheck
{
    private static readonly Port MyceliumPort = new(9651);

    /// <summary>The first reason why the effects do not fit, or null.</summary>
    /// <param name="state">The gateway, for the story of what is in the way.</param>
    /// <param name="effects">The effects, in their order.</param>
    public static Refusal? Problem(GatewayState state, IEnumerable<Effect> effects)
    {
        var edge = state.Desired;
        foreach (var effect in effects)
        {
            if (Problem(state, edge, effect) is { } problem)
                return problem;
            edge = edge.With(effect);
        }

        return null;
    }

    private static Refusal? Problem(GatewayState state, Edge edge, Effect effect) =>
        effect switch
        {
            GatewayAdded e => edge.Gateway is null ? AddressesProblem(e.Gateway.Addresses) : new($"{e.Gateway.Name} is known already.", "gateways"),
            VmAdded e => VmProblem(edge, e),
            VmRemoved e => VmRemovalProblem(state, edge, e),
            PeerAdded e => PeerProblem(edge, e),
            PeerRemoved e => PeerRemovalProblem(edge, e),
            ExposureOpened e => ExposureProblem(state, edge, e),
            ExposureClosed e => edge.Exposures.ContainsKey(e.Port) ? null : NotOpen(state, edge, e.Port),
            _ => throw new InvalidOperationException($"no check for {effect.GetType().Name}"),
        };

    private static Refusal? ExposureProblem(GatewayState state, Edge edge, ExposureOpened e)
    {
        foreach (var target in e.Targets)
        {
            if (!edge.Vms.ContainsKey(target.Vm))
                return UnknownVm(state, edge, target.Vm, near => $"expose {near}:{target.Port} on {e.Port}");
        }

        if (e.Targets.Distinct().Count() != e.Targets.Length)
            return new($"{string.Join(',', e.Targets)} names an endpoint twice.");
        if (Reserved(edge.Gateway!, e.Port) is { } holder)
            return new($"{e.Port.Spoken} is {holder} of {state.Name}; it cannot be exposed.", Elsewhere(edge, e));
        if (!edge.Exposures.TryGetValue(e.Port, out var taken))
            return null;
        var leads = $"exposure #{taken.Change} leads {e.Port.Spoken} to {taken.TargetText}{SinceBy(state, taken.Change)}";
        return taken.Targets.SequenceEqual(e.Targets)
            ? new($"{e.Port} is open already: {leads}.", $"show {taken.Change}")
            : new($"{e.Port} is taken: {leads}.", $"unexpose {e.Port}", Elsewhere(edge, e));
    }

    private static string? Reserved(Gateway gateway, PublicPort port) =>
        port switch
        {
            { Protocol: Protocol.Tcp } when port.Port == gateway.SshPort => "the SSH port",
            { Protocol: Protocol.Udp } when port.Port == gateway.WireGuardPort => "the WireGuard port",
            _ when port.Port == MyceliumPort => "the Mycelium port",
            _ => null,
        };

    // The VM's own port number first, because that is what people try next; then the first free one above it.
    private static string Elsewhere(Edge edge, ExposureOpened e)
    {
        var free = e.Targets[0].Port.Number;
        while (free < 65535 && IsTaken(new(e.Port.Protocol, new(free))))
            free++;
        return $"expose {string.Join(',', e.Targets)} on {free}{(e.Port.Protocol == Protocol.Udp ? " udp" : "")}";

        bool IsTaken(PublicPort port) => port == e.Port || edge.Exposures.ContainsKey(port) || Reserved(edge.Gateway!, port) is not null;
    }

    private static Refusal NotOpen(GatewayState state, Edge edge, PublicPort port)
    {
        var other = port with { Protocol = port.Protocol == Protocol.Tcp ? Protocol.Udp : Protocol.Tcp };
        return edge.Exposures.ContainsKey(other)
            ? new($"{port.Spoken} is not open on {state.Name}, but {other.Spoken} is.", $"unexpose {other}")
            : new($"{port.Spoken} is not open on {state.Name}.", "vms");
    }

    private static Refusal? VmProblem(Edge edge, VmAdded e)
    {
        if (edge.Vms.TryGetValue(e.Vm, out var known))
        {
            return known.Addresses.SequenceEqual(e.Addresses)
                ? new($"{e.Vm} is known already, at {string.Join(", ", known.Addresses)}.", "vms")
                : new($"{e.Vm} is known at {string.Join(", ", known.Addresses)}.", $"vm remove {e.Vm}");
        }

        if (AddressesProblem(e.Addresses) is { } problem)
            return problem;
        foreach (var address in e.Addresses)
        {
            if (edge.Gateway!.Addresses.Contains(address) || edge.Gateway.WireGuard.Address == address)
                return new($"{address} is the gateway's own address.", "vms");
            if (edge.Vms.Values.FirstOrDefault(v => v.Addresses.Contains(address)) is { } holder)
                return new($"{address} belongs to {holder.Name}.", "vms");
        }

        return null;
    }

    private static Refusal? AddressesProblem(IReadOnlyCollection<Address> addresses) =>
        addresses.Select(a => a.Family).Distinct().Count() == addresses.Count
            ? null
            : new("expected one address, or one IPv4 and one IPv6 address.", "help vm add");

    private static Refusal? VmRemovalProblem(GatewayState state, Edge edge, VmRemoved e)
    {
        if (!edge.Vms.ContainsKey(e.Vm))
            return UnknownVm(state, edge, e.Vm, near => $"vm remove {near}");
        var leading = edge.LeadingTo(e.Vm).ToList();
        return leading.Count == 0
            ? null
            : new(
                $"{leading.Count} open {(leading.Count == 1 ? "port leads" : "ports lead")} to {e.Vm}: {Some(leading.Select(x => x.Port.Spoken))}.",
                [.. leading.Take(3).Select(x => $"unexpose {x.Port}")]
            );
    }

    private static Refusal? PeerProblem(Edge edge, PeerAdded e)
    {
        if (edge.Peers.TryGetValue(e.Peer, out var known))
        {
            return known.Key == e.Key && known.Address == e.Address
                ? new($"peer {e.Peer} is known already, at {known.Address}.", "peers")
                : new($"peer {e.Peer} is known with another key or address ({known.Address}).", $"peer remove {e.Peer}");
        }

        var network = edge.Gateway!.WireGuard;
        if (!network.Contains(e.Address))
            return new($"{e.Address} is not in the WireGuard network {network}.", "peers");
        if (network.Address == e.Address)
            return new($"{e.Address} is the gateway's own address.", "peers");
        var holder = edge.Peers.Values.FirstOrDefault(p => p.Key == e.Key || p.Address == e.Address);
        return holder is null ? null : new($"{(holder.Key == e.Key ? "this key" : e.Address)} belongs to peer {holder.Name}.", "peers");
    }

    private static Refusal? PeerRemovalProblem(Edge edge, PeerRemoved e)
    {
        if (!edge.Peers.TryGetValue(e.Peer, out var peer))
        {
            var near = DidYouMean.Closest(e.Peer.ToString(), edge.Peers.Keys.Select(k => k.ToString()));
            return new($"no peer {e.Peer}.{(near is null ? "" : $" Did you mean {near}?")}", near is null ? "peers" : $"peer remove {near}");
        }

        var through = edge.Exposures.Values.Where(x => x.Targets.Any(t => edge.Vms[t.Vm].Addresses.Contains(peer.Address))).ToList();
        return through.Count == 0
            ? null
            : new($"{Some(through.Select(x => x.Port.Spoken))} goes through peer {e.Peer}.", [.. through.Take(3).Select(x => $"unexpose {x.Port}")]);
    }

    private static Refusal UnknownVm(GatewayState state, Edge edge, Name<Vm> vm, Func<string, string> retry)
    {
        var near = DidYouMean.Closest(vm.ToString(), edge.Vms.Keys.Select(k => k.ToString()));
        return near is null
            ? new($"no VM {vm} behind {state.Name}.", $"vm add {vm} ADDRESS")
            : new($"no VM {vm} behind {state.Name}. Did you mean {near}?", retry(near));
    }

    private static string SinceBy(GatewayState state, int change) =>
        state.Changes.TryGetValue(change, out var c) ? FormattableString.Invariant($" since {c.At:yyyy-MM-dd} ({c.By.Name})") : "";

    private static string Some(IEnumerable<string> items)
    {
        var all = items.ToList();
        return string.Join(", ", all.Take(5)) + (all.Count > 5 ? $" and {all.Count - 5} more" : "");
    }
}
