using System.Collections.Immutable;
using ChatOps.Core.Gateways;
using ChatOps.Core.Policy;
using ChatOps.Core.Values;

namespace ChatOps.Core.Commands;

/// <summary>Every command that there is. Parser, help, policy and the command reference know a command from here only.</summary>
public static class Catalogue
{
    private static readonly Access Look = new(Role.Viewer);
    private static readonly Access Propose = new(Role.Operator, 1);
    private static readonly Part.Clause At = new("at", Kinds.Gateway);
    private static readonly Part.Clause Because = new("because", Kinds.Why);

    /// <summary>All declarations, in the order of help.</summary>
    public static ImmutableArray<CommandSpec> All { get; } =
    [
        new(
            "expose",
            "open a public port that leads to a VM, or is balanced over several",
            "opens the port on all public addresses of the gateway",
            Propose,
            [new Part.Value("targets", Kinds.Targets), new Part.Word("on"), new Part.Value("port", Kinds.Port), new Part.Flag("udp"), At, Because],
            ["expose vm2:8080 on 80", "expose vm2:5353 on 53 udp because \"resolver for the office\"", "expose vm2:7000,vm3:7000 on 7000"],
            (spec, a) => new Expose(spec, a.Get<ImmutableArray<VmEndpoint>>("targets"), PortOf(a), AtOf(a), Reason(a))
        ),
        new(
            "unexpose",
            "close a public port",
            "closes the port and cuts the connections that run through it",
            Propose,
            [new Part.Value("port", Kinds.Port), new Part.Flag("udp"), At, Because],
            ["unexpose 80", "unexpose 53/udp"],
            (spec, a) => new Unexpose(spec, PortOf(a), AtOf(a), Reason(a))
        ),
        new(
            "plan",
            "show what a command would change, and change nothing",
            "",
            Look,
            [new Part.Value("command", new("COMMAND", "a command that changes something, such as expose vm2:8080 on 80", Parser.ReadChange, TakesRest: true))],
            ["plan expose vm2:8080 on 80"],
            (spec, a) => new ShowPlan(spec, a.Get<ChangeCommand>("command"))
        ),
        new(
            "approve",
            "consent to a change that someone else proposed",
            "the change is applied when it has all approvals",
            new(Role.Approver),
            [new Part.Value("change", Kinds.Change), new Part.Clause("plan", Kinds.PlanHash)],
            ["approve 12", "approve gw1#12"],
            (spec, a) => new Approve(spec, a.Get<ChangeRef>("change"), a.Find<string>("plan"))
        ),
        new(
            "deny",
            "say no to a change, and why",
            "the change ends",
            new(Role.Approver),
            [new Part.Value("change", Kinds.Change), new Part.Clause("because", Kinds.Why, Required: true)],
            ["deny 12 because \"wrong machine\""],
            (spec, a) => new Deny(spec, a.Get<ChangeRef>("change"), a.Get<string>("because"))
        ),
        new(
            "withdraw",
            "take back a change that you proposed",
            "the change ends",
            new(Role.Operator),
            [new Part.Value("change", Kinds.Change)],
            ["withdraw 12"],
            (spec, a) => new Withdraw(spec, a.Get<ChangeRef>("change"))
        ),
        new("pending", "list the changes that wait for approval", "", Look, [At], ["pending"], (spec, a) => new Pending(spec, AtOf(a))),
        new(
            "show",
            "show a change with its plan, its file diffs and its story",
            "",
            Look,
            [new Part.Value("change", Kinds.Change)],
            ["show 12"],
            (spec, a) => new ShowChange(spec, a.Get<ChangeRef>("change"))
        ),
        new("status", "one line a gateway, then what needs attention", "", Look, [], ["status"], (spec, _) => new Status(spec)),
        new(
            "vm add",
            "make a VM known behind the gateway",
            "nothing is reachable before a port is exposed",
            Propose,
            [new Part.Value("vm", Kinds.NewVm), new Part.Value("addresses", Kinds.Addresses), At, Because],
            ["vm add vm2 400::100:0:0:2", "vm add vm1 10.1.0.2"],
            (spec, a) => new AddVm(spec, a.Get<Name<Vm>>("vm"), a.Get<ImmutableArray<Address>>("addresses"), AtOf(a), Reason(a))
        ),
        new(
            "vm remove",
            "forget a VM",
            "possible once no port leads to it",
            Propose,
            [new Part.Value("vm", Kinds.Vm), At, Because],
            ["vm remove vm2"],
            (spec, a) => new RemoveVm(spec, a.Get<Name<Vm>>("vm"), AtOf(a), Reason(a))
        ),
        new("vms", "list the VMs and the ports that lead to them", "", Look, [At], ["vms"], (spec, a) => new ListVms(spec, AtOf(a))),
        new(
            "peer add",
            "let a WireGuard peer in",
            "the gateway accepts the key; running sessions are kept",
            Propose,
            [new Part.Value("peer", Kinds.Peer), new Part.Value("key", Kinds.Key), new Part.Value("address", Kinds.Address), At, Because],
            ["peer add vm1 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.2"],
            (spec, a) => new AddPeer(spec, a.Get<Name<Peer>>("peer"), a.Get<WireGuardKey>("key"), a.Get<Address>("address"), AtOf(a), Reason(a))
        ),
        new(
            "peer remove",
            "shut a WireGuard peer out",
            "its tunnel ends",
            Propose,
            [new Part.Value("peer", Kinds.Peer), At, Because],
            ["peer remove vm1"],
            (spec, a) => new RemovePeer(spec, a.Get<Name<Peer>>("peer"), AtOf(a), Reason(a))
        ),
        new("peers", "list the WireGuard peers and their last handshakes", "", Look, [At], ["peers"], (spec, a) => new ListPeers(spec, AtOf(a))),
        new(
            "gateway add",
            "take a gateway into our care; without a fingerprint its host key is pinned at the first contact",
            "our firewall table and services are set up on it",
            new(Role.Admin, 1),
            [
                new Part.Value("gateway", Kinds.NewGateway),
                new Part.Value("addresses", Kinds.Addresses),
                new Part.Clause("key", Kinds.HostKey),
                Because,
            ],
            ["gateway add gw2 203.0.113.20", "gateway add gw2 203.0.113.20,2001:db8::20 key SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDgq0mPWhuYQyQ6sBE"],
            (spec, a) =>
                new AddGateway(
                    spec,
                    a.Get<Name<Gateway>>("gateway"),
                    a.Get<ImmutableArray<Address>>("addresses"),
                    a.FindValue<HostKey>("key"),
                    Reason(a)
                )
        ),
        new("gateways", "list the gateways", "", Look, [], ["gateways"], (spec, _) => new ListGateways(spec)),
        new(
            "audit",
            "ask the log who did what, when and why",
            "",
            Look,
            [new Part.Optional("subject", Kinds.VmOrPort), new Part.Clause("by", Kinds.User), new Part.Clause("since", Kinds.Since), At, new Part.Clause("page", Kinds.Page)],
            ["audit", "audit vm2", "audit 80 by operator since 2d"],
            (spec, a) =>
                new AuditQuery(
                    spec,
                    a.Find<object>("subject") as Name<Vm>?,
                    a.Find<object>("subject") as PublicPort?,
                    a.Find<string>("by"),
                    a.FindValue<TimeSpan>("since"),
                    a.FindValue<int>("page"),
                    AtOf(a)
                )
        ),
        new(
            "help",
            "explain the commands, or one of them",
            "",
            Look,
            [new Part.Optional("topic", new("COMMAND", "the name of a command", Parser.ReadTopic, TakesRest: true))],
            ["help", "help expose"],
            (spec, a) => new Help(spec, a.Find<CommandSpec>("topic"))
        ),
    ];

    /// <summary>The declaration with a name.</summary>
    public static CommandSpec Named(string name) => All.First(s => s.Name == name);

    private static PublicPort PortOf(Arguments a) =>
        a.Get<PublicPort>("port") is var port && a.Has("udp") ? port with { Protocol = Protocol.Udp } : port;

    private static Name<Gateway>? AtOf(Arguments a) => a.FindValue<Name<Gateway>>("at");

    private static string? Reason(Arguments a) => a.Find<string>("because");
}
