using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>
/// Says whether an effect fits an edge: what is named exists, what is taken is not taken twice. Asked when a change is proposed, at each
/// approval and before it is applied, because the edge may have changed in between.
/// </summary>
public static class EffectCheck
{
    /// <summary>The first reason why the effects do not fit, or null.</summary>
    /// <param name="state">The gateway, for the story of what is in the way.</param>
    /// <param name="effects">The effects, in their order.</param>
    public static Refusal? Problem(GatewayState state, IEnumerable<Effect> effects)
    {
        var edge = state.Desired;
        foreach (var effect in effects)
        {
            if (edge.Gateway is null && effect is not GatewayAdded)
                return new($"{state.Name} is not ours any more.", "gateways");
            if (EventTypes.Of(effect).ProblemOf(state, edge, effect) is { } problem)
                return problem;
            edge = edge.With(effect);
        }

        return null;
    }

    internal static Refusal? GatewayProblem(Edge edge, GatewayAdded e) =>
        edge.Gateway is null
            ? AddressesProblem(e.Gateway.Addresses) ?? TunnelCheck.Problem(edge with { Gateway = e.Gateway }, null)
            : new($"{e.Gateway.Name} is known already.", "gateways");

    /// <summary>Why a gateway cannot be reached in another way.</summary>
    internal static Refusal? GatewayChangeProblem(GatewayState state, Edge edge, GatewayChanged e) =>
        IsSame(e.Gateway, edge.Gateway!)
            ? new($"{state.Name} is so already.", "gateways")
            : AddressesProblem(e.Gateway.Addresses) ?? TunnelCheck.Problem(edge with { Gateway = e.Gateway }, edge.Gateway);

    private static bool IsSame(Gateway one, Gateway other) =>
        one.Addresses.SequenceEqual(other.Addresses) && one with { Addresses = other.Addresses, Overlay = other.Overlay } == other;

    internal static Refusal? VmProblem(Edge edge, VmAdded e)
    {
        if (edge.Vms.TryGetValue(e.Vm, out var known))
        {
            return known.Addresses.SequenceEqual(e.Addresses)
                ? new($"{e.Vm} is known already, at {string.Join(", ", known.Addresses)}.", "vms")
                : new($"{e.Vm} is known at {string.Join(", ", known.Addresses)}.", $"vm change {e.Vm} {string.Join(',', e.Addresses)}");
        }

        if (AddressesProblem(e.Addresses) is { } problem)
            return problem;
        foreach (var address in e.Addresses)
        {
            if (IsOwn(edge, address))
                return new($"{address} is the gateway's own address.", "vms");
            if (address.Inner() is { } inner && IsOwn(edge, inner))
                return new($"{address} holds {inner}, which is the gateway's own address.", "vms");
            if (edge.Gateway is { } gateway && TunnelCheck.NobodysProblem(gateway, address) is { } nobodys)
                return nobodys;
            if (edge.Vms.Values.FirstOrDefault(v => v.Addresses.Contains(address)) is { } holder)
                return new($"{address} belongs to {holder.Name}.", "vms");
        }

        return null;
    }

    // Of any kind: public, in the tunnel, on the overlay, or one that it holds for a rule.
    private static bool IsOwn(Edge edge, Address address) =>
        edge.Gateway is { } gateway
            && (gateway.Addresses.Contains(address) || TunnelCheck.IsOwn(gateway, address) || gateway.Overlay == address)
        || edge.Rules.Values.Any(r =>
            r is Rule.Mapping m && m.Public == address || r is Rule.SourceNat s && s.From.Addresses.All.Contains(address)
        );

    private static Refusal? AddressesProblem(IReadOnlyCollection<Address> addresses) =>
        addresses.Select(a => a.Family).Distinct().Count() != addresses.Count
            ? new("expected one address, or one IPv4 and one IPv6 address.", "help vm add")
            : addresses.Select(a => NobodysProblem(a, "help vm add")).FirstOrDefault(p => p is not null);

    /// <summary>Why no other machine is reached by an address.</summary>
    internal static Refusal? NobodysProblem(Address address, string next) =>
        address.WhyNobodys() is { } why ? new($"{address} {why}; give an address by which other machines reach it.", next) : null;

    internal static Refusal? VmRemovalProblem(GatewayState state, Edge edge, VmRemoved e)
    {
        if (!edge.Vms.ContainsKey(e.Vm))
            return UnknownVm(state, edge, e.Vm, near => $"vm remove {near}");
        var leading = edge.LeadingTo(e.Vm).Select(x => x.Endpoint).ToList();
        if (leading.Count > 0)
        {
            var lead = leading.Count == 1 ? "endpoint leads" : "endpoints lead";
            return new($"{leading.Count} open {lead} to {e.Vm}: {Lists.Spoken(leading)}.", $"unexpose {Lists.Text(leading)}");
        }

        var ruled = edge.Rules.Values.Where(r => r.About == e.Vm).ToList();
        return ruled.Count == 0 ? null : new($"{ruled[0]} is about {e.Vm}.", [.. ruled.Take(3).Select(r => $"remove {r.Key}")]);
    }

    internal static Refusal? VmNameProblem(GatewayState state, Edge edge, VmRenamed e)
    {
        if (!edge.Vms.ContainsKey(e.Vm))
            return UnknownVm(state, edge, e.Vm, near => $"vm rename {near} {e.To}");
        if (e.Vm == e.To)
            return new($"{e.Vm} is called {e.To} already.", "vms");
        return edge.Vms.TryGetValue(e.To, out var other)
            ? new($"{e.To} is another VM, at {string.Join(", ", other.Addresses)}.", "vms")
            : null;
    }

    internal static Refusal? PeerProblem(Edge edge, PeerAdded e)
    {
        if (edge.Peers.TryGetValue(e.Peer, out var known))
        {
            return known.Key == e.Key && known.Address == e.Address && known.Routes == e.Routes
                ? new(
                    $"peer {e.Peer} is known already, at {known.Address}.",
                    e.Preshared is null ? "peers" : $"peer rotate {e.Peer} {e.Key} psk"
                )
                : new($"peer {e.Peer} is known with another key or address ({known.Address}).", $"peer remove {e.Peer}");
        }

        var network = edge.Gateway!.WireGuard;
        if (!network.Contains(e.Address))
            return new($"{e.Address} is not in the WireGuard network {network}.", "peers");
        if (network.Address == e.Address)
            return new($"{e.Address} is the gateway's own address.", "peers");
        var holder = edge.Peers.Values.FirstOrDefault(p => p.Key == e.Key || p.Address == e.Address);
        if (holder is not null)
            return new($"{(holder.Key == e.Key ? "this key" : e.Address)} belongs to peer {holder.Name}.", "peers");
        return e.Routes?.All.Select(n => RouteProblem(edge, n)).FirstOrDefault(p => p is not null);
    }

    // The gateway sends all that is for such a network into the tunnel: nothing of its own may lie there.
    private static Refusal? RouteProblem(Edge edge, Network route)
    {
        var gateway = edge.Gateway!;
        if (!route.IsPrivate())
            return new(
                $"{route} is not private; routes are for networks behind a peer, such as 192.168.77.0/24 or fd77::/64.",
                "help peer add"
            );
        if (route.Overlaps(gateway.WireGuard.Network))
            return new($"{route} has addresses of the WireGuard network {gateway.WireGuard.Network}, whose peers have one each.", "peers");
        if (gateway.WireGuard6 is { } six && route.Overlaps(six))
            return new($"{route} has addresses of the WireGuard network {six}, whose peers have one each.", "peers");
        if (gateway.Addresses.Where(route.Contains).Select(a => (Address?)a).FirstOrDefault() is { } own)
            return new($"{own} in {route} is the gateway's own address.", "gateways");
        if (AddressKind.OfNat64.Where(route.Overlaps).Select(n => (Network?)n).FirstOrDefault() is { } inside)
            return new($"{route} has addresses of NAT64, {inside}.", "help peer add");
        foreach (var peer in edge.Peers.Values)
        {
            if (peer.Routes?.All.Where(route.Overlaps).Select(n => (Network?)n).FirstOrDefault() is { } taken)
                return new(
                    $"{(taken == route ? route : $"{taken}, which shares addresses with {route},")} lies behind peer {peer.Name} already.",
                    "peers"
                );
        }

        return null;
    }

    internal static Refusal? PeerNameProblem(GatewayState state, Edge edge, PeerRenamed e)
    {
        if (!edge.Peers.ContainsKey(e.Peer))
            return UnknownPeer(state, edge, e.Peer, near => $"peer rename {near} {e.To}");
        if (e.Peer == e.To)
            return new($"peer {e.Peer} is called {e.To} already.", "peers");
        return edge.Peers.TryGetValue(e.To, out var other) ? new($"{e.To} is another peer, at {other.Address}.", "peers") : null;
    }

    internal static Refusal? PeerRemovalProblem(GatewayState state, Edge edge, PeerRemoved e)
    {
        if (!edge.Peers.TryGetValue(e.Peer, out var peer))
            return UnknownPeer(state, edge, e.Peer, near => $"peer remove {near}");
        var carried = edge.Vms.Values.Where(v => v.Addresses.Any(a => peer.Carries(a, edge.Gateway!))).Select(v => v.Name).ToHashSet();
        var through = edge.Exposures.Values.Where(x => x.Targets.Any(t => carried.Contains(t.Vm))).Select(x => x.Endpoint).ToList();
        return through.Count == 0 ? null : new($"{Lists.Spoken(through)} goes through peer {e.Peer}.", $"unexpose {Lists.Text(through)}");
    }

    internal static Refusal? PeerKeyProblem(GatewayState state, Edge edge, PeerRekeyed e)
    {
        if (!edge.Peers.TryGetValue(e.Peer, out var peer))
            return UnknownPeer(state, edge, e.Peer, near => $"peer rotate {near}");
        if (peer.Key == e.Key && peer.Preshared == e.Preshared)
            return new($"peer {e.Peer} has this key already.", $"peer rotate {e.Peer}");
        var holder = edge.Peers.Values.FirstOrDefault(p => p.Key == e.Key && p.Name != e.Peer);
        return holder is null ? null : new($"this key belongs to peer {holder.Name}.", "peers");
    }

    private static Refusal UnknownPeer(GatewayState state, Edge edge, Name<Peer> peer, Func<string, string> retry)
    {
        if (state.Renames.NameNow(peer.ToString(), isPeer: true) is { } now && edge.Peers.Keys.Any(k => k.ToString() == now))
            return new($"peer {peer} is called {now} now.", retry(now));
        var near = DidYouMean.Closest(peer.ToString(), edge.Peers.Keys.Select(k => k.ToString()));
        return new($"no peer {peer}.{(near is null ? "" : $" Did you mean {near}?")}", near is null ? "peers" : retry(near));
    }

    internal static Refusal UnknownVm(GatewayState state, Edge edge, Name<Vm> vm, Func<Name<Vm>, string> retry)
    {
        if (state.Renames.NameNow(vm.ToString(), isPeer: false) is { } now && Known(now) is { } renamed)
            return new($"{vm} is called {now} now.", retry(renamed));
        return DidYouMean.Closest(vm.ToString(), edge.Vms.Keys.Select(k => k.ToString())) is { } near
            ? new($"no VM {vm} behind {state.Name}. Did you mean {near}?", retry(Known(near)!.Value))
            : new($"no VM {vm} behind {state.Name}; it is added with the address by which the gateway reaches it.", "help vm add", "vms");

        Name<Vm>? Known(string name) => edge.Vms.Keys.Where(k => k.ToString() == name).Select(k => (Name<Vm>?)k).FirstOrDefault();
    }
}
