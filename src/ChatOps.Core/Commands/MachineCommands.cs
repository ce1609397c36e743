using System.Collections.Immutable;
using ChatOps.Core.Gateways;
using ChatOps.Core.Policy;
using ChatOps.Core.Values;

namespace ChatOps.Core.Commands;

/// <summary>Gateways, VMs and peers.</summary>
internal static class MachineCommands
{
    public static ImmutableArray<CommandSpec> All { get; } =
    [
        new(
            "vm add",
            "make a VM known behind the gateway",
            "nothing is reachable before a port is exposed",
            Usual.Propose,
            [new Part.Value("vm", Kinds.NewVm), new Part.Value("addresses", Kinds.Addresses), Usual.At, Usual.Because],
            ["vm add vm2 400::100:0:0:2", "vm add vm1 10.1.0.2"],
            (spec, a) => new AddVm(spec, a.Get<Name<Vm>>("vm"), a.Get<ImmutableArray<Address>>("addresses"), Usual.AtOf(a), Usual.Reason(a))
        ),
        new(
            "vm remove",
            "forget a VM",
            "possible once no port leads to it",
            Usual.Propose,
            [new Part.Value("vm", Kinds.Vm), Usual.At, Usual.Because],
            ["vm remove vm2"],
            (spec, a) => new RemoveVm(spec, a.Get<Name<Vm>>("vm"), Usual.AtOf(a), Usual.Reason(a))
        ),
        new("vms", "list the VMs and the ports that lead to them", "", Usual.Look, [Usual.At], ["vms"], (spec, a) => new ListVms(spec, Usual.AtOf(a))),
        new(
            "peer add",
            "let a WireGuard peer in; without a key one is made, and its configuration is shown once to who asked",
            "the gateway accepts the key; running sessions are kept",
            Usual.Propose,
            [new Part.Value("peer", Kinds.Peer), new Part.Optional("key", Kinds.Key), new Part.Optional("address", Kinds.Address), Usual.At, Usual.Because],
            ["peer add vm1 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.2", "peer add laptop"],
            (spec, a) => new AddPeer(spec, a.Get<Name<Peer>>("peer"), a.FindValue<WireGuardKey>("key"), a.FindValue<Address>("address"), Usual.AtOf(a), Usual.Reason(a))
        ),
        new(
            "peer rotate",
            "give a WireGuard peer another key",
            "the former key is not accepted any more",
            Usual.Propose,
            [new Part.Value("peer", Kinds.Peer), new Part.Optional("key", Kinds.Key), Usual.At, Usual.Because],
            ["peer rotate laptop", "peer rotate vm1 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s="],
            (spec, a) => new RotatePeer(spec, a.Get<Name<Peer>>("peer"), a.FindValue<WireGuardKey>("key"), Usual.AtOf(a), Usual.Reason(a))
        ),
        new(
            "peer remove",
            "shut a WireGuard peer out",
            "its tunnel ends",
            Usual.Propose,
            [new Part.Value("peer", Kinds.Peer), Usual.At, Usual.Because],
            ["peer remove vm1"],
            (spec, a) => new RemovePeer(spec, a.Get<Name<Peer>>("peer"), Usual.AtOf(a), Usual.Reason(a))
        ),
        new("peers", "list the WireGuard peers and their last handshakes", "", Usual.Look, [Usual.At], ["peers"], (spec, a) => new ListPeers(spec, Usual.AtOf(a))),
        new(
            "gateway add",
            "take a gateway into our care; without a fingerprint its host key is pinned at the first contact",
            "our firewall table and services are set up on it",
            new(Role.Admin, 1),
            [
                new Part.Value("gateway", Kinds.NewGateway),
                new Part.Value("addresses", Kinds.Addresses),
                new Part.Clause("key", Kinds.HostKey),
                new Part.Clause("mirrors", Kinds.Gateway),
                Usual.Because,
            ],
            ["gateway add gw2 203.0.113.20", "gateway add gw2 203.0.113.20 mirrors gw1", "gateway add gw2 203.0.113.20,2001:db8::20 key SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDgq0mPWhuYQyQ6sBE"],
            (spec, a) =>
                new AddGateway(
                    spec,
                    a.Get<Name<Gateway>>("gateway"),
                    a.Get<ImmutableArray<Address>>("addresses"),
                    a.FindValue<HostKey>("key"),
                    a.FindValue<Name<Gateway>>("mirrors"),
                    Usual.Reason(a)
                )
        ),
        new("gateways", "list the gateways", "", Usual.Look, [], ["gateways"], (spec, _) => new ListGateways(spec)),
    ];
}
