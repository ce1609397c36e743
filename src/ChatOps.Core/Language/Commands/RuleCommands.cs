using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Language.Commands;

internal static class RuleCommands
{
    public static ImmutableArray<CommandSpec> All { get; } =
    [
        new(
            "allow",
            "let a VM open connections to the internet",
            "its traffic is masqueraded; an IPv6-only VM reaches IPv4 hosts through NAT64 and DNS64",
            CommonParts.Propose,
            [new Part.Value("vm", Kinds.Vm), new Part.Word("out"), CommonParts.At, CommonParts.Because],
            ["allow vm1 out"],
            (spec, a) => new AddRule(spec, new Rule.Egress(a.Get<Name<Vm>>("vm")), CommonParts.AtOf(a), CommonParts.Reason(a))
        ),
        new(
            "allow",
            "let only some networks reach a port",
            "the first of them shuts all others out of that port; what is dropped is counted",
            CommonParts.Propose,
            [
                new Part.Value("from", Kinds.Network),
                new Part.Word("to"),
                new Part.Value("port", Kinds.PublicPort),
                CommonParts.At,
                CommonParts.Because,
            ],
            ["allow 198.51.100.0/24 to 22"],
            (spec, a) =>
                new AddRule(
                    spec,
                    new Rule.Admission(a.Get<Network>("from"), a.Get<PublicPort>("port")),
                    CommonParts.AtOf(a),
                    CommonParts.Reason(a)
                )
        ),
        new(
            "map",
            "let a further public address and a VM stand for each other (1:1 NAT)",
            "all that comes to the address goes to the VM, and the VM goes out with it",
            CommonParts.Propose,
            [
                new Part.Value("address", Kinds.Address),
                new Part.Word("to"),
                new Part.Value("vm", Kinds.Vm),
                CommonParts.At,
                CommonParts.Because,
            ],
            ["map 203.0.113.11 to vm1"],
            (spec, a) =>
                new AddRule(
                    spec,
                    new Rule.Mapping(a.Get<Address>("address"), a.Get<Name<Vm>>("vm")),
                    CommonParts.AtOf(a),
                    CommonParts.Reason(a)
                )
        ),
        new(
            "snat",
            "choose the public addresses and ports that a VM goes out with",
            "its new connections to the internet come from there",
            CommonParts.Propose,
            [
                new Part.Value("vm", Kinds.Vm),
                new Part.Word("from"),
                new Part.Value("pool", Kinds.SourcePool),
                CommonParts.At,
                CommonParts.Because,
            ],
            ["snat vm1 from 203.0.113.12-203.0.113.13:30000-40000"],
            (spec, a) =>
                new AddRule(
                    spec,
                    new Rule.SourceNat(a.Get<Name<Vm>>("vm"), a.Get<SourcePool>("pool")),
                    CommonParts.AtOf(a),
                    CommonParts.Reason(a)
                )
        ),
        new(
            "limit",
            "limit the rate of new connections to a port, for each source by itself or for all together",
            "what comes faster is dropped and counted; without a word for each, and the addresses of an IPv6 /64 are one source",
            CommonParts.Propose,
            [
                new Part.Value("port", Kinds.PublicPort),
                new Part.Word("to"),
                new Part.Value("rate", Kinds.Rate),
                new Part.Clause("for", Kinds.RateScope),
                CommonParts.At,
                CommonParts.Because,
            ],
            ["limit 80 to 100/second", "limit 80 to 1000/second for all"],
            (spec, a) =>
                new AddRule(
                    spec,
                    new Rule.RateLimit(a.Get<PublicPort>("port"), a.Get<Rate>("rate"), a.FindValue<RateScope>("for") ?? RateScope.Each),
                    CommonParts.AtOf(a),
                    CommonParts.Reason(a)
                )
        ),
        new(
            "block",
            "shut an address or a network out",
            "what it sends is dropped and counted, and its connections are cut",
            CommonParts.Propose,
            [new Part.Value("from", Kinds.Network), CommonParts.At, CommonParts.Because],
            ["block 203.0.113.66 because \"scans us\""],
            (spec, a) => new AddRule(spec, new Rule.Block(a.Get<Network>("from")), CommonParts.AtOf(a), CommonParts.Reason(a))
        ),
        new(
            "remove",
            "let a rule hold no more",
            "the rule is gone",
            CommonParts.Propose,
            [new Part.Value("rule", Kinds.Rule), CommonParts.At, CommonParts.Because],
            ["remove block 203.0.113.66", "remove limit 80", "remove allow vm1 out"],
            (spec, a) => new RemoveRule(spec, a.Get<string>("rule"), CommonParts.AtOf(a), CommonParts.Reason(a))
        ),
        new("rules", "list what else holds on a gateway", "", CommonParts.Look, [CommonParts.At], ["rules"], (spec, a) =>
            new ListRules(spec, CommonParts.AtOf(a))
        ),
    ];
}
