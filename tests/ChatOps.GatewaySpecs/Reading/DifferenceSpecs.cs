using System.Text;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Reading;
using CsCheck;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>What is to be done besides loading when one revision follows another.</summary>
public sealed class DifferenceSpecs
{
    [Fact]
    public void A_port_that_opens_is_new_and_its_target_is_asked()
    {
        var plan = Between("", "tcp 80 nftables 6 400::2 8080\nudp 53 nftables 6 400::2 53\n");

        Assert.Equal([new PublicPort(Protocol.Tcp, 6, 80), new PublicPort(Protocol.Udp, 6, 53)], plan.New);
        Assert.Equal([new Target("400::2", 8080)], plan.Targets);
        Assert.Empty(plan.Cuts);
    }

    [Fact]
    public void A_port_that_closes_ends_all_that_came_in_by_it() =>
        Assert.Equal(
            [new Cut(Protocol.Tcp, 6, CutKind.Port, 80, "nftables"), new Cut(Protocol.Tcp, 4, CutKind.Port, 80, "nginx")],
            Between(
                "tcp 80 nftables 6 400::2 8080\ntcp 80 nginx 4 400::2 8080\nudp 53 nftables 6 400::2 53\n",
                "udp 53 nftables 6 400::2 53\n"
            ).Cuts
        );

    [Fact]
    public void A_dnat_that_leads_elsewhere_ends_what_went_to_the_old_target() =>
        Assert.Equal(
            [new Cut(Protocol.Tcp, 6, CutKind.Dnat, 80, "400::2")],
            Between("tcp 80 nftables 6 400::2 8080\n", "tcp 80 nftables 6 400::3 8080\n").Cuts
        );

    [Fact]
    public void A_proxy_that_leads_elsewhere_ends_its_own_connections_to_a_target_that_nothing_leads_to_any_more()
    {
        Assert.Equal(
            [new Cut(Protocol.Tcp, 6, CutKind.Target, 8080, "400::2")],
            Between("tcp 80 nginx 4 400::2 8080\n", "tcp 80 nginx 4 400::3 8080\n").Cuts
        );
        Assert.Equal(
            [new Cut(Protocol.Tcp, 4, CutKind.Port, 80, "nginx")],
            Between(
                "tcp 80 nginx 4 400::2 8080\ntcp 81 nginx 4 400::2 8080\n",
                "tcp 80 nginx 4 400::3 8080\ntcp 81 nginx 4 400::2 8080\n"
            ).Cuts
        );
    }

    [Fact]
    public void Another_engine_for_the_same_way_ends_nothing_and_hands_the_listener_over()
    {
        var plan = Difference.Of(
            Read("tcp 80 nginx 4 400::2 8080\n"),
            Read("tcp 80 haproxy 4 400::2 8080\n"),
            [new Listener(Protocol.Tcp, 4, 80, "nginx"), new Listener(Protocol.Udp, 6, 53, "unbound")],
            [new Listener(Protocol.Tcp, 4, 80, "haproxy"), new Listener(Protocol.Udp, 6, 53, "dnsmasq")]
        );

        Assert.Empty(plan.Cuts);
        Assert.Empty(plan.New);
        Assert.Empty(plan.Targets);
        Assert.Equal([new Move("nginx", "haproxy")], plan.Moves);
    }

    [Fact]
    public void At_most_twenty_targets_are_asked_each_once()
    {
        var after = string.Concat(Enumerable.Range(1, 30).Select(i => $"tcp {i} nftables 6 400::{i} 80\ntcp {i} nginx 4 400::{i} 80\n"));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => new Target($"400::{i}", 80)), Between("", after).Targets);
    }

    // What was skipped as untouched would have changed nothing: the same as when every line were new to it.
    [Fact]
    public void Lines_that_stay_make_no_difference()
    {
        string[] engines = ["nftables", "nginx", "haproxy"];
        var exposure = Gen.Select(Gen.Int[1, 4], Gen.Int[0, 2], Gen.Bool, Gen.Int[1, 3])
            .Select((port, engine, is4, vm) => new Exposure(Protocol.Tcp, port, engines[engine], is4 ? 4 : 6, $"400::{vm}", 80));
        var some = exposure.Array[0, 8].Select(x => x.Distinct().OrderBy(e => $"{e}", StringComparer.Ordinal).ToArray());
        Gen.Select(some, some)
            .Sample(
                (before, after) =>
                {
                    Exposure[] others =
                    [
                        .. Enumerable.Range(1000, 50).Select(i => new Exposure(Protocol.Tcp, i, "nftables", 6, "500::1", i)),
                    ];
                    var alone = Difference.Of(before, after, [], []);
                    var among = Difference.Of([.. others, .. before, .. others], [.. others, .. after, .. others], [], []);
                    Assert.Equal(alone.New, among.New);
                    Assert.Equal(alone.Cuts, among.Cuts);
                    Assert.Equal(alone.Targets, among.Targets);

                    // Every port that closes is cut.
                    var closed = before.Select(PortOf).Except(after.Select(PortOf)).ToHashSet();
                    Assert.Superset(closed, alone.Cuts.Where(c => c.Kind == CutKind.Port).Select(c => (c.Family, c.Port)).ToHashSet());
                }
            );
    }

    private static (int Family, int Port) PortOf(Exposure x) => (x.Family, x.Port);

    private static Plan Between(string before, string after) => Difference.Of(Read(before), Read(after), [], []);

    private static IReadOnlyList<Exposure> Read(string text)
    {
        var rows = Exposures.Parse(Encoding.ASCII.GetBytes(text), out var fault);
        Assert.Null(fault);
        return rows;
    }
}
