using System.Net;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Reading;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>Which flows end, as options of "conntrack -D".</summary>
public sealed class FlowCutsSpecs
{
    private static readonly IPAddress[] Own = [IPAddress.Parse("203.0.113.10"), IPAddress.Parse("10.1.0.1"), IPAddress.Parse("2001:db8::10")];

    // As "conntrack -L" prints them: how it was opened, then how it is answered.
    private static readonly string[] Flows =
    [
        "tcp      6 431999 ESTABLISHED src=198.51.100.7 dst=203.0.113.10 sport=50000 dport=80 src=10.1.0.2 dst=203.0.113.10 sport=8080 dport=50000 [ASSURED] mark=0 use=1",
        "tcp      6 431999 ESTABLISHED src=198.51.100.7 dst=203.0.113.10 sport=50001 dport=80 src=10.1.0.3 dst=203.0.113.10 sport=8080 dport=50001 [ASSURED] mark=0 use=1",
        "tcp      6 431999 ESTABLISHED src=198.51.100.7 dst=203.0.113.10 sport=50002 dport=81 src=203.0.113.10 dst=198.51.100.7 sport=81 dport=50002 [ASSURED] mark=0 use=1",
        "tcp      6 431999 ESTABLISHED src=10.1.0.1 dst=10.1.0.2 sport=40000 dport=9000 src=10.1.0.2 dst=10.1.0.1 sport=9000 dport=40000 [ASSURED] mark=0 use=1",
        "tcp      6 431999 ESTABLISHED src=10.1.0.2 dst=192.0.2.80 sport=40001 dport=80 src=192.0.2.80 dst=203.0.113.10 sport=80 dport=40001 [ASSURED] mark=0 use=1",
        "udp      17 29 src=198.51.100.7 dst=203.0.113.10 sport=50003 dport=80 [UNREPLIED] src=203.0.113.10 dst=198.51.100.7 sport=80 dport=50003 mark=0 use=1",
    ];

    private static readonly string[] Flows6 =
    [
        "tcp      6 431999 ESTABLISHED src=2001:db8:66::7 dst=2001:db8::10 sport=50000 dport=80 src=400::2 dst=2001:db8::10 sport=8080 dport=50000 [ASSURED] mark=0 use=1",
        "tcp      6 431999 ESTABLISHED src=400::2 dst=fd64:0:0:64::c000:250 sport=40000 dport=80 src=fd64:0:0:64::c000:250 dst=400::2 sport=80 dport=40000 [ASSURED] mark=0 use=1",
    ];

    [Fact]
    public void All_that_came_in_by_a_port_that_closed_is_one_call_and_a_vms_own_connection_to_that_port_elsewhere_stays() =>
        Assert.Equal(["-f ipv4 -p tcp --dport 80 -d 203.0.113.10"], Closed(new Cut(Protocol.Tcp, 4, CutKind.Port, 80, "nftables")));

    [Fact]
    public void Of_a_port_that_leads_elsewhere_only_what_went_to_the_old_target_ends() =>
        Assert.Equal(["-f ipv4 -p tcp --dport 80 -d 203.0.113.10 -r 10.1.0.2"], Closed(new Cut(Protocol.Tcp, 4, CutKind.Dnat, 80, "10.1.0.2")));

    [Fact]
    public void Of_a_proxy_its_own_connections_to_the_target_end() =>
        Assert.Equal(["-f ipv4 -p tcp --dport 9000 -s 10.1.0.1 -d 10.1.0.2"], Closed(new Cut(Protocol.Tcp, 4, CutKind.Target, 9000, "10.1.0.2")));

    [Theory]
    [InlineData(4, 82)]
    [InlineData(6, 80)]
    public void What_nobody_uses_needs_no_call(int family, int port) => Assert.Empty(Closed(new Cut(Protocol.Tcp, family, CutKind.Port, port, "nftables")));

    [Fact]
    public void The_kernels_own_list_says_the_same() =>
        Assert.Equal(
            ["-f ipv6 -p tcp --dport 80 -d 2001:db8::10"],
            FlowCuts
                .OfClosed(
                    [new Cut(Protocol.Tcp, 6, CutKind.Port, 80, "nftables")],
                    6,
                    [
                        "ipv6     10 tcp      6 431999 ESTABLISHED src=2001:0db8:0066:0000:0000:0000:0000:0007 dst=2001:0db8:0000:0000:0000:0000:0000:0010 sport=50000 dport=80 src=0400:0000:0000:0000:0000:0000:0000:0002 dst=2001:0db8:0000:0000:0000:0000:0000:0010 sport=8080 dport=50000 [ASSURED] mark=0 zone=0 use=2",
                    ],
                    Own
                )
                .Select(o => string.Join(' ', o))
        );

    [Fact]
    public void Who_is_blocked_ends_whoever_began_it() =>
        Assert.Equal(["-f ipv4 -s 198.51.100.7", "-f ipv4 -r 192.0.2.80"], Ruled([], ["block 198.51.100.0/24", "block 192.0.2.80"]));

    [Fact]
    public void A_port_for_others_ends_who_is_none_of_them() =>
        Assert.Equal(
            ["-f ipv4 -p tcp -s 198.51.100.7 -d 203.0.113.10 --dport 81", "-f ipv6 -p tcp -s 2001:db8:66::7 -d 2001:db8::10 --dport 80"],
            Ruled([], ["admit tcp 81 192.0.2.0/24", "admit tcp 80 198.51.100.0/24"])
        );

    [Fact]
    public void Who_may_no_longer_go_out_ends_by_another_address_or_by_nat64()
    {
        Assert.Equal(["-f ipv4 -s 10.1.0.2 -d 192.0.2.80"], Ruled(["egress 10.1.0.2"], []));
        Assert.Empty(Ruled(["egress 10.1.0.2"], ["map 203.0.113.11 10.1.0.2"]));
        Assert.Equal(["-f ipv6 -s 400::2 -d fd64::64:0:0:c000:250"], Ruled(["egress 400::2"], []));
    }

    [Fact]
    public void What_a_mapping_or_a_pool_gave_ends_with_it()
    {
        Assert.Equal(["-f ipv4 -d 203.0.113.10", "-f ipv4 -s 10.1.0.2 -d 192.0.2.80", "-f ipv4 -s 10.1.0.2 -q 203.0.113.10"], Ruled(["map 203.0.113.10 10.1.0.2"], []).Order(StringComparer.Ordinal));
        Assert.Equal(["-f ipv4 -s 10.1.0.2 -q 203.0.113.10"], Ruled(["snat 10.1.0.2 203.0.113.9 203.0.113.11"], []));
        Assert.Empty(Ruled(["snat 10.1.0.2 203.0.113.11 203.0.113.12"], []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tcp")]
    [InlineData("tcp 6 431999 ESTABLISHED src=198.51.100.7")]
    [InlineData("icmp 1 29 src=a dst=b type=8 code=0 id=1 src=c dst=d type=0 code=0 id=1")]
    public void What_is_no_flow_is_left_out(string line) => Assert.False(Flow.TryRead(line, out _));

    private static IEnumerable<string> Closed(Cut cut) => FlowCuts.OfClosed([cut], cut.Family, Flows, Own).Select(o => string.Join(' ', o));

    private static IEnumerable<string> Ruled(string[] before, string[] after) =>
        FlowCuts.OfRules(before, after, "fd64:0:0:64::/96", Flows.Concat(Flows6), Own).Select(o => string.Join(' ', o));
}
