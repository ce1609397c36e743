using System.Collections.Immutable;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Gateways;

/// <summary>What a gateway is to do: everything that its configuration follows from, and nothing else.</summary>
/// <param name="Gateway">The gateway itself; null before it was added.</param>
/// <param name="Vms">The VMs behind it.</param>
/// <param name="Rules">What else holds, by <see cref="Rule.Key"/>.</param>
public sealed record Edge(
    Gateway? Gateway,
    ImmutableSortedDictionary<Name<Vm>, Vm> Vms,
    ImmutableSortedDictionary<Name<Peer>, Peer> Peers,
    ImmutableSortedDictionary<PublicEndpoint, Exposure> Exposures,
    ImmutableSortedDictionary<string, Rule> Rules
)
{
    /// <summary>No gateway yet.</summary>
    public static Edge Empty { get; } =
        new(
            null,
            ImmutableSortedDictionary<Name<Vm>, Vm>.Empty,
            ImmutableSortedDictionary<Name<Peer>, Peer>.Empty,
            ImmutableSortedDictionary<PublicEndpoint, Exposure>.Empty,
            ImmutableSortedDictionary.Create<string, Rule>(StringComparer.Ordinal)
        );

    /// <summary>The edge after one effect. Applying an effect twice changes nothing.</summary>
    public Edge With(Effect effect) =>
        effect switch
        {
            GatewayAdded e => this with { Gateway = e.Gateway },
            GatewayChanged e => Gateway is null ? this : this with { Gateway = e.Gateway with { Overlay = Gateway.Overlay } },
            GatewayRemoved => Empty,
            VmAdded e => this with { Vms = Vms.SetItem(e.Vm, new Vm(e.Vm, e.Addresses)) },
            VmRemoved e => this with { Vms = Vms.Remove(e.Vm) },
            VmRenamed e => Renamed(e),
            PeerAdded e => this with { Peers = Peers.SetItem(e.Peer, new Peer(e.Peer, e.Key, e.Address, e.Routes, e.Preshared)) },
            PeerRekeyed e => Peers.TryGetValue(e.Peer, out var peer)
                ? this with
                {
                    Peers = Peers.SetItem(e.Peer, peer with { Key = e.Key, Preshared = e.Preshared }),
                }
                : this,
            PeerRenamed e => Peers.TryGetValue(e.Peer, out var peer) && !Peers.ContainsKey(e.To)
                ? this with
                {
                    Peers = Peers.Remove(e.Peer).Add(e.To, peer with { Name = e.To }),
                }
                : this,
            PeerRemoved e => this with { Peers = Peers.Remove(e.Peer) },
            ExposureOpened e => this with
            {
                Exposures = Exposures.SetItem(e.Endpoint, new(e.Endpoint, e.Targets, e.Change, e.Options ?? ExposureOptions.None)),
            },
            ExposureClosed e => this with { Exposures = Exposures.Remove(e.Endpoint) },
            ExposureExtended e => Exposures.TryGetValue(e.Endpoint, out var open)
                ? this with
                {
                    Exposures = Exposures.SetItem(e.Endpoint, open with { Options = open.Options with { Until = e.Until, For = e.For } }),
                }
                : this,
            RuleAdded e => this with { Rules = Rules.SetItem(e.Rule.Key, e.Rule) },
            RuleRemoved e => this with { Rules = Rules.Remove(e.Rule.Key) },
            EdgeRepaired => this,
            _ => throw new InvalidOperationException($"no fold for {effect.GetType().Name}"),
        };

    /// <summary>The edge after several effects, in their order.</summary>
    public Edge With(IEnumerable<Effect> effects) => effects.Aggregate(this, (edge, effect) => edge.With(effect));

    /// <summary>The exposures that lead to a VM.</summary>
    public IEnumerable<Exposure> LeadingTo(Name<Vm> vm) => Exposures.Values.Where(x => x.Targets.Any(t => t.Vm == vm));

    // All that names it, names it anew; whoever opened what leads to it has still opened it.
    private Edge Renamed(VmRenamed e)
    {
        if (!Vms.TryGetValue(e.Vm, out var vm) || Vms.ContainsKey(e.To))
            return this;
        var about = Rules.Values.Where(r => r.About == e.Vm).ToList();
        return this with
        {
            Vms = Vms.Remove(e.Vm).Add(e.To, vm with { Name = e.To }),
            Exposures = Exposures.SetItems(LeadingTo(e.Vm).Select(x => KeyValuePair.Create(x.Endpoint, x.Renamed(e.Vm, e.To))).ToList()),
            Rules = Rules
                .RemoveRange(about.Select(r => r.Key))
                .AddRange(about.Select(r => r.For(e.To)).Select(r => KeyValuePair.Create(r.Key, r))),
        };
    }

    /// <summary>
    /// The first address of the WireGuard network, from its 100th on (in a small one: from its first on), that nobody has; null when there
    /// is none.
    /// </summary>
    public Address? FreePeerAddress()
    {
        var network = Gateway!.WireGuard;
        var taken = Peers.Values.Select(p => p.Address).Concat(Vms.Values.SelectMany(v => v.Addresses)).Append(network.Address).ToHashSet();
        var end = Math.Min(network.Size - 1, 65_000);
        for (var host = end > 110 ? 100 : 1; host < end; host++)
        {
            var address = network.At(host);
            if (!taken.Contains(address) && !(Gateway.SixOf(address) is { } six && taken.Contains(six)))
                return address;
        }

        return null;
    }
}
