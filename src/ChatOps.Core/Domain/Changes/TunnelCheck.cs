using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>Says whether the networks of a gateway's tunnel fit what it has and what lies behind it.</summary>
internal static class TunnelCheck
{
    private static readonly Network UniqueLocal = Text.Parse<Network>("fc00::/7");

    /// <summary>Why not, or null. What is in the WireGuard network has its place there; what is not may not be taken for it.</summary>
    /// <param name="before">What the gateway was; null for a new one.</param>
    public static Refusal? Problem(Edge edge, Gateway? before)
    {
        var gateway = edge.Gateway!;
        if (gateway.Addresses.Where(gateway.WireGuard.Contains).ToList() is [var own, ..])
            return new(
                $"{own} is a public address of {gateway.Name}; the WireGuard network {gateway.WireGuard.Network} has it inside.",
                "help gateway add"
            );
        if (gateway.WireGuard.Address.WhyNobodys() is { } why)
            return new(
                $"{gateway.WireGuard.Address} {why}; give the gateway another address in its WireGuard network.",
                "help gateway add"
            );
        if (
            edge.Peers.Values.FirstOrDefault(p => !gateway.WireGuard.Contains(p.Address) || p.Address == gateway.WireGuard.Address) is
            { } peer
        )
            return new(
                $"peer {peer.Name} is at {peer.Address}, which would not be a peer's in {gateway.WireGuard}.",
                $"peer remove {peer.Name}"
            );
        if (edge.Vms.Values.FirstOrDefault(v => v.Addresses.Any(a => IsOwn(gateway, a) || gateway.Addresses.Contains(a))) is { } vm)
            return new($"{vm.Name} has an address that would be the gateway's own.", $"vm remove {vm.Name}");
        return gateway.WireGuard6 is { } network ? ProblemOf(network, edge) ?? Leftover(edge, before) : Leftover(edge, before);
    }

    /// <summary>True for the gateway's own addresses in its tunnel.</summary>
    public static bool IsOwn(Gateway gateway, Address address) =>
        gateway.WireGuard.Address == address || gateway.SixOf(gateway.WireGuard.Address) == address;

    /// <summary>Why no machine can have an address of the IPv6 network, or null.</summary>
    public static Refusal? NobodysProblem(Gateway gateway, Address address)
    {
        if (gateway.WireGuard6 is not { } network || !network.Contains(address) || gateway.FourOf(address) is not null)
            return null;
        var (four, example) = (gateway.WireGuard.Network, gateway.WireGuard.At(2));
        return new(
            $"{address} is nobody's in {network}, where the machines of {four} have their numbers: {example} is {gateway.SixOf(example)}.",
            "peers"
        );
    }

    private static Refusal? ProblemOf(Network network, Edge edge)
    {
        var gateway = edge.Gateway!;
        if (network.Family != Family.IPv6 || !UniqueLocal.Contains(network))
            return No($"{network} is not private; the IPv6 network of the tunnel is one of fc00::/7, such as fd77:1::/64.");
        if (gateway.WireGuard.Address.Family != Family.IPv4)
            return No($"the WireGuard network {gateway.WireGuard} is IPv6 already.");
        if (128 - network.Length < 32 - gateway.WireGuard.Length)
        {
            var four = gateway.WireGuard.Network;
            return No($"{network} is smaller than the WireGuard network {four}; its prefix has {96 + four.Length} bits at most.");
        }

        if (gateway.Addresses.Where(network.Contains).Select(a => (Address?)a).FirstOrDefault() is { } own)
            return No($"{own} in {network} is an address of {gateway.Name} already.");
        if (AddressKind.OfNat64.Where(network.Overlaps).Select(n => (Network?)n).FirstOrDefault() is { } inside)
            return No($"{network} has addresses of NAT64, {inside}.");
        foreach (var peer in edge.Peers.Values)
        {
            if (peer.Routes?.All.Where(network.Overlaps).Select(n => (Network?)n).FirstOrDefault() is { } route)
                return new(
                    $"{(route == network ? route : $"{route}, which shares addresses with {network},")} lies behind peer {peer.Name}.",
                    $"peer remove {peer.Name}"
                );
        }

        return null;
    }

    // VMs that are reached by an address of the tunnel: of one that ends, and of one that begins and would give it to somebody else.
    private static Refusal? Leftover(Edge edge, Gateway? before)
    {
        var gateway = edge.Gateway!;
        if (before?.WireGuard6 == gateway.WireGuard6 && before?.WireGuard == gateway.WireGuard)
            return null;
        foreach (var (vm, address) in edge.Vms.Values.SelectMany(v => v.Addresses.Select(a => (v.Name, Address: a))))
        {
            if (gateway.WireGuard6?.Contains(address) is true && !edge.Peers.Values.Any(p => gateway.SixOf(p.Address) == address))
                return new($"{vm} has {address}, which would be no peer's in {gateway.WireGuard6}.", $"vm change {vm} ADDRESS");
            if (before?.WireGuard6?.Contains(address) is true && gateway.WireGuard6?.Contains(address) is not true)
                return new($"{vm} has {address}, which would not be in the tunnel any more.", $"vm change {vm} ADDRESS");
        }

        return null;
    }

    private static Refusal No(string sentence) => new(sentence, "help gateway add");
}
