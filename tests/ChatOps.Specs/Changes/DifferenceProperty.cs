using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using CsCheck;

namespace ChatOps.Specs.Changes;

/// <summary>Undo, rollback and mirrors rest on it.</summary>
public sealed class DifferenceProperty
{
    private static readonly Gen<string> Line = Gen.OneOf(
        Gen.Select(Gen.Int[1, 4], Gen.Int[79, 83], Gen.Bool, (vm, port, udp) => $"expose vm{vm}:8080 on {port}{(udp ? " udp" : "")}"),
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3], (vm, path) => $"expose vm{vm}:8080 on app.example.com/{path}"),
        Gen.Select(Gen.Int[79, 83], Gen.Int[2, 4], (port, hours) => $"expose vm2:8080 on {port} for {hours}h"),
        Gen.Select(Gen.Int[1, 9], change => $"extend {change} for 1h"),
        Gen.Select(Gen.Int[79, 83], port => $"unexpose {port}"),
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 9], (vm, host) => $"vm add vm{vm} 400::{host}"),
        Gen.Select(Gen.Int[1, 4], Gen.Int[5, 8], (vm, host) => $"vm add vm{vm} 10.1.0.{host}"),
        Gen.Select(Gen.Int[1, 6], vm => $"vm remove vm{vm}"),
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 9], (vm, host) => $"map 203.0.113.2{host} to vm{vm}"),
        Gen.Select(Gen.Int[1, 4], vm => $"allow vm{vm} out"),
        Gen.Select(Gen.Int[79, 83], Gen.Int[1, 3], Gen.Bool, (port, rate, isForAll) =>
            $"limit {port} to {rate}/second{(isForAll ? " for all" : "")}"
        ),
        Gen.Select(Gen.Int[79, 83], port => $"remove limit {port}"),
        Gen.Select(Gen.Int[2, 4], Gen.Int[5, 8], (peer, host) => $"peer add p{peer} {KeyOf(host)} 10.1.0.{host}"),
        Gen.Select(Gen.Int[2, 4], Gen.Int[5, 8], Gen.Int[1, 3], (peer, host, net) =>
            $"peer add p{peer} {KeyOf(host)} 10.1.0.{host} routes 192.168.{net}.0/24"
        ),
        Gen.Select(Gen.Int[2, 4], Gen.Int[10, 20], (peer, key) => $"peer rotate p{peer} {KeyOf(key)}"),
        Gen.Select(Gen.Int[2, 4], Gen.Int[5, 8], (peer, host) => $"peer add p{peer} {KeyOf(host)} 10.1.0.{host} psk"),
        Gen.Select(Gen.Int[2, 4], Gen.Int[10, 12], (peer, key) => $"peer rotate p{peer} {KeyOf(key)} psk"),
        Gen.Select(Gen.Int[2, 4], peer => $"peer remove p{peer}"),
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6], (vm, to) => $"vm rename vm{vm} vm{to}"),
        Gen.Select(Gen.Int[2, 5], Gen.Int[2, 5], (peer, to) => $"peer rename p{peer} p{to}"),
        Gen.Select(Gen.Int[1, 6], Gen.Int[12, 14], (vm, host) => $"snat vm{vm} from 203.0.113.{host}")
    );

    [Fact]
    public void The_difference_applied_to_the_first_edge_gives_the_second() =>
        Gen.Select(Line.List[0, 25], Line.List[0, 25])
            .Sample(
                lines =>
                {
                    var (one, other) = (EdgeAfter(lines.Item1), EdgeAfter(lines.Item2));
                    Assert.Equal(Told(other), Told(one.With(EdgeDifference.Between(one, other, 7))));
                    Assert.Empty(EdgeDifference.Between(one, one, 7));
                },
                iter: 1000
            );

    [Fact]
    public void What_only_has_other_names_is_renamed_and_nothing_else() =>
        Gen.Select(Line.List[0, 25], Gen.Shuffle(Enumerable.Range(1, 9).ToArray()))
            .Sample(
                (lines, names) =>
                {
                    var one = EdgeAfter(lines);
                    var other = one.With(one.Vms.Keys.Select((vm, i) => new VmRenamed(7, vm, Given.Vm($"web{names[i]}"))));
                    other = other.With(
                        one.Peers.Keys.Select((peer, i) => new PeerRenamed(7, peer, Text.Parse<Name<Peer>>($"laptop{names[i]}")))
                    );
                    var effects = EdgeDifference.Between(one, other, 7);
                    Assert.All(effects, e => Assert.True(e is VmRenamed or PeerRenamed));
                    Assert.Equal(one.Vms.Count + one.Peers.Count, effects.Length);
                    Assert.Equal(Told(other), Told(one.With(effects)));
                    Assert.Equal(one.Exposures.Values.Select(x => x.Change), other.Exposures.Values.Select(x => x.Change));
                    Assert.Equal(Told(other), Told(other.With(effects)));
                },
                iter: 300
            );

    [Fact]
    public void A_rollback_always_fits_what_it_starts_from() =>
        Line.List[1, 30]
            .Sample(
                lines =>
                {
                    var given = Given.AGateway();
                    foreach (var line in lines)
                        Try(given, line);
                    foreach (var (number, edge) in given.State.Revisions.Where(r => r.Value.Gateway is not null))
                        Assert.Null(
                            EffectCheck.Problem(given.State, EdgeDifference.Between(given.State.Desired, edge, number + 1))?.Sentence
                        );
                },
                iter: 500
            );

    [Theory]
    [InlineData("peer rotate p2 {3}", "peer rotate p3 {1}")]
    [InlineData("peer rotate p3 {3}", "peer rotate p2 {2}")]
    [InlineData("peer rotate p2 {3}", "peer rotate p3 {1}", "peer rotate p2 {2}")]
    [InlineData("unexpose 80", "peer remove p2", "peer rotate p3 {1}", "peer add p2 {2} 10.1.0.5")]
    [InlineData("peer rotate p4 {5}", "peer rotate p2 {4}", "peer rotate p3 {1}", "peer rotate p4 {2}")]
    public void Keys_that_have_gone_from_peer_to_peer_go_back(params string[] lines)
    {
        var given = Given.AGateway();
        foreach (
            var line in (string[])
                [
                    "peer add p2 {1} 10.1.0.5",
                    "peer add p3 {2} 10.1.0.6",
                    "peer add p4 {4} 10.1.0.7",
                    "vm add vm9 10.1.0.5",
                    "expose vm9:8080 on 80",
                    .. lines,
                ]
        )
        {
            var before = given.State.NextNumber;
            Try(
                given,
                Enumerable.Range(1, 5).Aggregate(line, (text, key) => text.Replace($"{{{key}}}", KeyOf(key), StringComparison.Ordinal))
            );
            Assert.Equal(before + 1, given.State.NextNumber);
        }

        foreach (var (number, edge) in given.State.Revisions.Where(r => r.Value.Gateway is not null))
        {
            var effects = EdgeDifference.Between(given.State.Desired, edge, number + 1);
            Assert.Null(EffectCheck.Problem(given.State, effects)?.Sentence);
            Assert.Equal(Told(edge), Told(given.State.Desired.With(effects)));
        }
    }

    private static Edge EdgeAfter(IEnumerable<string> lines)
    {
        var given = Given.AGateway();
        foreach (var line in lines)
            Try(given, line);
        return given.State.Running;
    }

    private static void Try(Given given, string line)
    {
        var number = given.State.NextNumber;
        given.When(Given.Operator, line);
        if (given.State.NextNumber > number)
            given.When(Given.Approver, $"approve {number}").Applied();
    }

    // Everything of an edge but the numbers of the changes that made it.
    private static string Told(Edge edge) =>
        string.Join(
            '\n',
            EdgeDifference
                .Between(Given.AGateway().State.Running, edge, 7)
                .Select(e => CanonicalJson.Write(EventTypes.ToJson(e)))
                .Order(StringComparer.Ordinal)
        );

    private static string KeyOf(int number)
    {
        var bytes = new byte[32];
        bytes[0] = (byte)number;
        return Convert.ToBase64String(bytes);
    }
}
