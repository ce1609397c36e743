using System.Net;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Reading;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>Which flows and connections end.</summary>
public sealed class FlowCutsSpecs
{
    private static readonly IPAddress[] Own =
    [
        IPAddress.Parse("203.0.113.10"),
        IPAddress.Parse("10.1.0.1"),
        IPAddress.Parse("2001:db8::10"),
    ];

    private static readonly Flow Translated = Tcp("198.51.100.7", 50000, "203.0.113.10", 80, "10.1.0.2", "198.51.100.7"),
        TranslatedElsewhere = Tcp("198.51.100.7", 50001, "203.0.113.10", 80, "10.1.0.3", "198.51.100.7"),
        Served = Tcp("198.51.100.7", 50002, "203.0.113.10", 81, "203.0.113.10", "198.51.100.7"),
        ByAProxy = Tcp("10.1.0.1", 40000, "10.1.0.2", 9000, "10.1.0.2", "10.1.0.1"),
        Out = Tcp("10.1.0.2", 40001, "192.0.2.80", 80, "192.0.2.80", "203.0.113.10"),
        Udp = Tcp("198.51.100.7", 50003, "203.0.113.10", 80, "203.0.113.10", "198.51.100.7") with { Protocol = Protocol.Udp },
        Translated6 = Tcp("2001:db8:66::7", 50000, "2001:db8::10", 80, "400::2", "2001:db8:66::7"),
        OutByNat64 = Tcp("400::2", 40000, "fd64:0:0:64::c000:250", 80, "fd64:0:0:64::c000:250", "400::2");

    private static readonly Flow[] Flows = [Translated, TranslatedElsewhere, Served, ByAProxy, Out, Udp, Translated6, OutByNat64];

    [Fact]
    public void All_that_came_in_by_a_port_that_closed_ends_and_a_vms_own_connection_to_that_port_elsewhere_stays()
    {
        Assert.Equal([Translated, TranslatedElsewhere], Closed(new Cut(Protocol.Tcp, 4, CutKind.Port, 80, "nftables")));
        Assert.Equal([Translated6], Closed(new Cut(Protocol.Tcp, 6, CutKind.Port, 80, "nftables")));
        Assert.Equal([Udp], Closed(new Cut(Protocol.Udp, 4, CutKind.Port, 80, "nftables")));
    }

    [Fact]
    public void Of_a_port_that_leads_elsewhere_only_what_went_to_the_old_target_ends() =>
        Assert.Equal([Translated], Closed(new Cut(Protocol.Tcp, 4, CutKind.Dnat, 80, "10.1.0.2")));

    [Fact]
    public void Of_a_proxy_its_own_connections_to_the_target_end() =>
        Assert.Equal([ByAProxy], Closed(new Cut(Protocol.Tcp, 4, CutKind.Target, 9000, "10.1.0.2")));

    [Theory]
    [InlineData(4, 82)]
    [InlineData(6, 81)]
    public void What_nobody_uses_ends_nothing(int family, int port) =>
        Assert.Empty(Closed(new Cut(Protocol.Tcp, family, CutKind.Port, port, "nftables")));

    [Fact]
    public void Clients_of_a_proxys_port_are_reset_in_the_family_that_closed()
    {
        var isMeant = FlowCuts.Connections([new(Protocol.Tcp, 4, CutKind.Port, 81, "nginx")], Flows, Own);
        Assert.True(isMeant(new(81, IPAddress.Parse("198.51.100.7"), 50002)));
        Assert.False(isMeant(new(81, IPAddress.Parse("2001:db8:66::7"), 50002)));
        Assert.False(isMeant(new(80, IPAddress.Parse("198.51.100.7"), 50002)));
    }

    [Fact]
    public void Clients_of_a_relayed_port_are_known_by_the_flow_that_brought_them()
    {
        var isMeant = FlowCuts.Connections([new(Protocol.Tcp, 4, CutKind.Port, 81, "relay")], Flows, Own);
        Assert.True(isMeant(new(7999, IPAddress.Parse("198.51.100.7"), 50002)));
        Assert.False(isMeant(new(7999, IPAddress.Parse("198.51.100.7"), 50000)));
    }

    [Fact]
    public void A_proxys_connections_to_a_target_that_is_gone_are_reset()
    {
        var isMeant = FlowCuts.Connections(
            [
                new(Protocol.Tcp, 4, CutKind.Target, 9000, "10.1.0.2"),
                new(Protocol.Tcp, 4, CutKind.Dnat, 81, "10.1.0.2"),
                new(Protocol.Udp, 4, CutKind.Port, 82, "nginx"),
            ],
            Flows,
            Own
        );
        Assert.True(isMeant(new(40000, IPAddress.Parse("10.1.0.2"), 9000)));
        Assert.False(isMeant(new(40000, IPAddress.Parse("10.1.0.3"), 9000)));
        Assert.False(isMeant(new(81, IPAddress.Parse("198.51.100.7"), 50002)));
        Assert.False(isMeant(new(82, IPAddress.Parse("198.51.100.7"), 50002)));
    }

    [Fact]
    public void Who_is_blocked_is_reset_but_for_ssh_wherever_it_listens()
    {
        var isMeant = FlowCuts.Blocked(
            ["block 198.51.100.0/24", "block 2001:db8:66::/64", "egress 10.1.0.2"],
            ["  chain input {", "    tcp dport 2022 accept", "    ct status dnat tcp dport 81 accept"]
        );
        Assert.True(isMeant(new(81, IPAddress.Parse("198.51.100.7"), 50002)));
        Assert.True(isMeant(new(40000, IPAddress.Parse("2001:db8:66::7"), 443)));
        Assert.False(isMeant(new(22, IPAddress.Parse("198.51.100.7"), 50002)));
        Assert.False(isMeant(new(2022, IPAddress.Parse("198.51.100.7"), 50002)));
        Assert.False(isMeant(new(81, IPAddress.Parse("10.1.0.2"), 50002)));
    }

    [Fact]
    public void Who_is_blocked_ends_whoever_began_it() =>
        Assert.Equal([Translated, TranslatedElsewhere, Served, Out, Udp], Ruled([], ["block 198.51.100.0/24", "block 192.0.2.80"]));

    [Fact]
    public void A_port_for_others_ends_who_is_none_of_them() =>
        Assert.Equal([Served, Translated6], Ruled([], ["admit tcp 81 192.0.2.0/24", "admit tcp 80 198.51.100.0/24"]));

    [Fact]
    public void Who_may_no_longer_go_out_ends_by_another_address_or_by_nat64()
    {
        Assert.Equal([Out], Ruled(["egress 10.1.0.2"], []));
        Assert.Empty(Ruled(["egress 10.1.0.2"], ["map 203.0.113.11 10.1.0.2"]));
        Assert.Equal([OutByNat64], Ruled(["egress 400::2"], []));
    }

    [Fact]
    public void What_a_mapping_or_a_pool_gave_ends_with_it()
    {
        Assert.Equal([Translated, TranslatedElsewhere, Served, Out, Udp], Ruled(["map 203.0.113.10 10.1.0.2"], []));
        Assert.Equal([Out], Ruled(["snat 10.1.0.2 203.0.113.9 203.0.113.11"], []));
        Assert.Empty(Ruled(["snat 10.1.0.2 203.0.113.11 203.0.113.12"], []));
    }

    private static Flow Tcp(string source, int sourcePort, string destination, int port, string from, string to) =>
        new(
            Protocol.Tcp,
            IPAddress.Parse(source),
            sourcePort,
            IPAddress.Parse(destination),
            port,
            IPAddress.Parse(from),
            IPAddress.Parse(to)
        );

    private static IEnumerable<Flow> Closed(Cut cut) => FlowCuts.OfClosed([cut], Flows, Own);

    private static IEnumerable<Flow> Ruled(string[] before, string[] after) =>
        FlowCuts.OfRules(before, after, "fd64:0:0:64::/96", Flows, Own);
}
