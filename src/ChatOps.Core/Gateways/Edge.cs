using System.Collections.Immutable;
using ChatOps.Core.Values;

namespace ChatOps.Core.Gateways;

/// <summary>What a gateway is to do: everything that its configuration follows from, and nothing else.</summary>
/// <param name="Gateway">The gateway itself; null before it was added.</param>
/// <param name="Vms">The VMs behind it.</param>
/// <param name="Peers">Its WireGuard peers.</param>
/// <param name="Exposures">Its open ports.</param>
public sealed record Edge(
    Gateway? Gateway,
    ImmutableSortedDictionary<Name<Vm>, Vm> Vms,
    ImmutableSortedDictionary<Name<Peer>, Peer> Peers,
    ImmutableSortedDictionary<PublicPort, Exposure> Exposures
)
{
    /// <summary>No gateway yet.</summary>
    public static Edge Empty { get; } =
        new(
            null,
            ImmutableSortedDictionary<Name<Vm>, Vm>.Empty,
            ImmutableSortedDictionary<Name<Peer>, Peer>.Empty,
            ImmutableSortedDictionary<PublicPort, Exposure>.Empty
        );

    /// <summary>The edge after one effect. Applying an effect twice changes nothing.</summary>
    public Edge With(Effect effect) =>
        effect switch
        {
            GatewayAdded e => this with { Gateway = e.Gateway },
            VmAdded e => this with { Vms = Vms.SetItem(e.Vm, new Vm(e.Vm, e.Addresses)) },
            VmRemoved e => this with { Vms = Vms.Remove(e.Vm) },
            PeerAdded e => this with { Peers = Peers.SetItem(e.Peer, new Peer(e.Peer, e.Key, e.Address)) },
            PeerRemoved e => this with { Peers = Peers.Remove(e.Peer) },
            ExposureOpened e => this with { Exposures = Exposures.SetItem(e.Port, new Exposure(e.Port, e.Targets, e.Change)) },
            ExposureClosed e => this with { Exposures = Exposures.Remove(e.Port) },
            _ => throw new InvalidOperationException($"no fold for {effect.GetType().Name}"),
        };

    /// <summary>The edge after several effects, in their order.</summary>
    public Edge With(IEnumerable<Effect> effects) => effects.Aggregate(this, (edge, effect) => edge.With(effect));

    /// <summary>The exposures that lead to a VM.</summary>
    public IEnumerable<Exposure> LeadingTo(Name<Vm> vm) => Exposures.Values.Where(x => x.Targets.Any(t => t.Vm == vm));
}
