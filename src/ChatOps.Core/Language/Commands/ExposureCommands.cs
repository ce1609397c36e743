using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

internal static class ExposureCommands
{
    public static ImmutableArray<CommandSpec> All { get; } =
    [
        new(
            "expose",
            "open public ports or a web address that lead to a VM, or are balanced over several",
            "opens them on all public addresses of the gateway",
            CommonParts.Propose,
            [
                new Part.Value("targets", Kinds.Targets),
                new Part.Word("on"),
                new Part.Value("endpoints", Kinds.Endpoints),
                new Part.Flag("udp"),
                new Part.Flag("balanced"),
                new Part.Flag("proxy-protocol", Kinds.ProxyVersion),
                new Part.Clause("from", Kinds.Networks),
                new Part.Clause("tls", Kinds.Certificate),
                new Part.Flag("grpc"),
                new Part.Flag("h2c"),
                new Part.Flag("passthrough"),
                CommonParts.For,
                CommonParts.Until,
                CommonParts.At,
                CommonParts.Because,
            ],
            [
                "expose vm2:8080 on 80",
                "expose vm2:5353 on 53 udp because \"resolver for the office\"",
                "expose vm2:7000,vm3:7000 on 7000 balanced",
                "expose vm2:7000 on 7000 proxy-protocol v2",
                "expose vm1:9000-9009 on 19000-19009 for 2h",
                "expose vm2:80,443 on 80,443 from 203.0.113.0/24",
                "expose vm2:8080 on app.example.com/api tls example",
                "expose vm2:50051 on app.example.com tls example grpc",
                "expose vm2:8080 on app.example.com h2c",
                "expose vm2:8443 on app.example.com passthrough",
            ],
            (spec, a) =>
                new Expose(
                    spec,
                    a.Get<ImmutableArray<VmEndpoint>>("targets"),
                    CommonParts.EndpointsOf(a),
                    CommonParts.OptionsOf(a),
                    CommonParts.StaysOf(a),
                    CommonParts.AtOf(a),
                    CommonParts.Reason(a)
                )
        ),
        new(
            "expose",
            "open the usual port of a service that the gateway knows more about",
            "dns is cached, postgres is pooled, sftp is checked, sip is relayed",
            CommonParts.Propose,
            [
                new Part.Value("target", Kinds.VmOrTarget),
                new Part.Clause("as", Kinds.Service, Required: true),
                new Part.Clause("on", Kinds.Port),
                new Part.Clause("from", Kinds.Networks),
                new Part.Clause("tls", Kinds.Certificate),
                new Part.Clause("ignoring", Kinds.StartupParameters),
                CommonParts.For,
                CommonParts.Until,
                CommonParts.At,
                CommonParts.Because,
            ],
            [
                "expose vm2:53 as dns",
                "expose vm1:5432 as postgres",
                "expose vm1 as postgres tls example ignoring options,search_path",
                "expose vm2 as sftp on 2222",
                "expose vm1:5060 as sip",
            ],
            (spec, a) =>
                new ExposeService(
                    spec,
                    a.Get<object>("target") is VmEndpoint target ? target.Vm : a.Get<Name<Vm>>("target"),
                    (a.Get<object>("target") as VmEndpoint?)?.Port,
                    a.FindValue<Port>("on"),
                    CommonParts.OptionsOf(a),
                    CommonParts.StaysOf(a),
                    CommonParts.AtOf(a),
                    CommonParts.Reason(a)
                )
        ),
        new(
            "unexpose",
            "close public ports or a web address",
            "closes them and cuts the connections that run through them",
            CommonParts.Propose,
            [new Part.Value("endpoints", Kinds.Endpoints), new Part.Flag("udp"), CommonParts.At, CommonParts.Because],
            ["unexpose 80", "unexpose 53/udp", "unexpose 19000-19009", "unexpose app.example.com/api"],
            (spec, a) => new Unexpose(spec, CommonParts.EndpointsOf(a), CommonParts.AtOf(a), CommonParts.Reason(a))
        ),
        new(
            "extend",
            "keep open longer what a change has opened for a time",
            "it is closed at the later time",
            CommonParts.Propose,
            [new Part.Value("change", Kinds.Change), CommonParts.For with { Required = true }, CommonParts.Until, CommonParts.Because],
            ["extend 12 for 1h", "extend 12 until 18:00"],
            (spec, a) => new Extend(spec, a.Get<ChangeRef>("change"), CommonParts.StaysOf(a)!, CommonParts.Reason(a))
        ),
    ];
}
