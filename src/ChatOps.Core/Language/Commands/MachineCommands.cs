using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Language.Commands;

internal static class MachineCommands
{
    public static ImmutableArray<CommandSpec> All { get; } =
    [
        new(
            "vm add",
            "make a VM known behind the gateway",
            "nothing is reachable before a port is exposed",
            CommonParts.Propose,
            [new Part.Value("vm", Kinds.NewVm), new Part.Value("addresses", Kinds.Addresses), CommonParts.At, CommonParts.Because],
            ["vm add vm2 400::100:0:0:2", "vm add vm1 10.1.0.2"],
            (spec, a) =>
                new AddVm(
                    spec,
                    a.Get<Name<Vm>>("vm"),
                    a.Get<ImmutableArray<Address>>("addresses"),
                    CommonParts.AtOf(a),
                    CommonParts.Reason(a)
                )
        ),
        new(
            "vm remove",
            "forget a VM",
            "possible once no port leads to it",
            CommonParts.Propose,
            [new Part.Value("vm", Kinds.Vm), CommonParts.At, CommonParts.Because],
            ["vm remove vm2"],
            (spec, a) => new RemoveVm(spec, a.Get<Name<Vm>>("vm"), CommonParts.AtOf(a), CommonParts.Reason(a))
        ),
        new(
            "vm change",
            "give a VM other addresses",
            "what leads to it is closed and opened anew",
            CommonParts.Propose,
            [new Part.Value("vm", Kinds.Vm), new Part.Value("addresses", Kinds.Addresses), CommonParts.At, CommonParts.Because],
            ["vm change vm2 400::100:0:0:7"],
            (spec, a) =>
                new ChangeVm(
                    spec,
                    a.Get<Name<Vm>>("vm"),
                    a.Get<ImmutableArray<Address>>("addresses"),
                    CommonParts.AtOf(a),
                    CommonParts.Reason(a)
                )
        ),
        new(
            "vm rename",
            "give a VM another name",
            "what leads to it stays open and is told under the new name; no connection is cut",
            CommonParts.Propose,
            [new Part.Value("vm", Kinds.Vm), new Part.Value("to", Kinds.OtherVm), CommonParts.At, CommonParts.Because],
            ["vm rename vm2 web"],
            (spec, a) => new RenameVm(spec, a.Get<Name<Vm>>("vm"), a.Get<Name<Vm>>("to"), CommonParts.AtOf(a), CommonParts.Reason(a))
        ),
        new("vms", "list the VMs and the ports that lead to them", "", CommonParts.Look, [CommonParts.At], ["vms"], (spec, a) =>
            new ListVms(spec, CommonParts.AtOf(a))
        ),
        new(
            "peer add",
            "let a WireGuard peer in; without a key one is made, with a preshared key, and its configuration is shown once to who asked",
            "the gateway accepts the key; running sessions are kept",
            CommonParts.Propose,
            [
                new Part.Value("peer", Kinds.Peer),
                new Part.Optional("key", Kinds.Key),
                new Part.Optional("address", Kinds.Address),
                new Part.Clause("routes", Kinds.Networks),
                new Part.Flag("psk"),
                CommonParts.At,
                CommonParts.Because,
            ],
            [
                "peer add vm1 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.2",
                "peer add laptop",
                "peer add office routes 192.168.77.0/24",
                "peer add vm1 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.2 psk",
            ],
            (spec, a) =>
                new AddPeer(
                    spec,
                    a.Get<Name<Peer>>("peer"),
                    a.FindValue<WireGuardKey>("key"),
                    a.FindValue<Address>("address"),
                    a.FindValue<Networks>("routes"),
                    a.Has("psk"),
                    CommonParts.AtOf(a),
                    CommonParts.Reason(a)
                )
        ),
        new(
            "peer rotate",
            "give a WireGuard peer another key",
            "the former key is not accepted any more",
            CommonParts.Propose,
            [
                new Part.Value("peer", Kinds.Peer),
                new Part.Optional("key", Kinds.Key),
                new Part.Flag("psk"),
                CommonParts.At,
                CommonParts.Because,
            ],
            [
                "peer rotate laptop",
                "peer rotate vm1 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=",
                "peer rotate vm1 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= psk",
            ],
            (spec, a) =>
                new RotatePeer(
                    spec,
                    a.Get<Name<Peer>>("peer"),
                    a.FindValue<WireGuardKey>("key"),
                    a.Has("psk"),
                    CommonParts.AtOf(a),
                    CommonParts.Reason(a)
                )
        ),
        new(
            "peer rename",
            "give a WireGuard peer another name",
            "its key and its address stay; running sessions are kept",
            CommonParts.Propose,
            [new Part.Value("peer", Kinds.Peer), new Part.Value("to", Kinds.OtherPeer), CommonParts.At, CommonParts.Because],
            ["peer rename laptop notebook"],
            (spec, a) =>
                new RenamePeer(spec, a.Get<Name<Peer>>("peer"), a.Get<Name<Peer>>("to"), CommonParts.AtOf(a), CommonParts.Reason(a))
        ),
        new(
            "peer remove",
            "shut a WireGuard peer out",
            "its tunnel ends",
            CommonParts.Propose,
            [new Part.Value("peer", Kinds.Peer), CommonParts.At, CommonParts.Because],
            ["peer remove vm1"],
            (spec, a) => new RemovePeer(spec, a.Get<Name<Peer>>("peer"), CommonParts.AtOf(a), CommonParts.Reason(a))
        ),
        new("peers", "list the WireGuard peers and their last handshakes", "", CommonParts.Look, [CommonParts.At], ["peers"], (spec, a) =>
            new ListPeers(spec, CommonParts.AtOf(a))
        ),
        new(
            "gateway add",
            "take a gateway into our care; without a fingerprint its host key is pinned at the first contact",
            "our firewall table and services are set up on it",
            new(Role.Admin, 1),
            [
                new Part.Value("gateway", Kinds.NewGateway),
                new Part.Value("addresses", Kinds.Addresses),
                new Part.Clause("ssh", Kinds.Ssh),
                new Part.Clause("as", Kinds.Login),
                new Part.Clause("wireguard", Kinds.WireGuard),
                new Part.Clause("wireguard6", Kinds.WireGuard6),
                new Part.Clause("interface", Kinds.Interface),
                new Part.Clause("key", Kinds.HostKey),
                new Part.Clause("mirrors", Kinds.Gateway),
                CommonParts.Because,
            ],
            [
                "gateway add gw2 203.0.113.20",
                "gateway add gw2 203.0.113.20 mirrors gw1",
                "gateway add gw2 203.0.113.20 ssh gw2.example.net:2222 wireguard 10.9.0.1/24:51821",
                "gateway add gw2 203.0.113.20,2001:db8::20 key SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDgq0mPWhuYQyQ6sBE",
            ],
            (spec, a) =>
                new AddGateway(
                    spec,
                    a.Get<Name<Gateway>>("gateway"),
                    a.Get<ImmutableArray<Address>>("addresses"),
                    a.FindValue<HostKey>("key"),
                    a.FindValue<Name<Gateway>>("mirrors"),
                    SettingsOf(a),
                    CommonParts.Reason(a)
                )
        ),
        new(
            "gateway change",
            "reach a gateway in another way, or give it other addresses or another WireGuard network; what is not said stays",
            "it has to answer there before anything changes",
            new(Role.Admin, 1),
            [
                new Part.Value("gateway", Kinds.Gateway),
                new Part.Clause("addresses", Kinds.Addresses),
                new Part.Clause("ssh", Kinds.Ssh),
                new Part.Clause("as", Kinds.Login),
                new Part.Clause("wireguard", Kinds.WireGuard),
                new Part.Clause("wireguard6", Kinds.WireGuard6),
                new Part.Clause("interface", Kinds.Interface),
                new Part.Clause("key", Kinds.HostKey),
                CommonParts.Because,
            ],
            [
                "gateway change gw2 ssh gw2.example.net:2222",
                "gateway change gw2 addresses 203.0.113.21 wireguard 10.9.0.1/24",
                "gateway change gw2 interface eth1",
                "gateway change gw2 wireguard6 fd77:1::/64",
            ],
            (spec, a) =>
                new ChangeGateway(
                    spec,
                    a.Get<Name<Gateway>>("gateway"),
                    a.FindValue<ImmutableArray<Address>>("addresses"),
                    a.FindValue<HostKey>("key"),
                    SettingsOf(a),
                    CommonParts.Reason(a)
                )
        ),
        new(
            "gateway remove",
            "give a gateway up, with all that is known behind it; it may be off",
            "nothing is done on the machine",
            new(Role.Admin, 1),
            [new Part.Value("gateway", Kinds.Gateway), CommonParts.Because],
            ["gateway remove gw2"],
            (spec, a) => new RemoveGateway(spec, a.Get<Name<Gateway>>("gateway"), CommonParts.Reason(a))
        ),
        new("gateways", "list the gateways", "", CommonParts.Look, [], ["gateways"], (spec, _) => new ListGateways(spec)),
    ];

    private static GatewaySettings SettingsOf(Arguments a) =>
        new(
            a.FindValue<SshPlace>("ssh"),
            a.FindValue<Login>("as"),
            a.FindValue<WireGuardPlace>("wireguard"),
            a.FindValue<InterfaceName>("interface"),
            a.FindValue<Network>("wireguard6")
        );
}
