namespace ChatOps.GatewaySpecs.Checking;

/// <summary>A relay of HAProxy leads where the lists say: its map, its port, and the firewall's way to it.</summary>
public sealed class RelaySpecs
{
    [Theory]
    [InlineData(
        "relay4.map",
        "80 400::100:0:0:2/8080",
        "80 127.0.0.1/22",
        "line 1: 127.0.0.1 is this gateway itself; lead to another machine"
    )]
    [InlineData(
        "relay4.map",
        "80 400::100:0:0:2/8080",
        "80 400::100:0:0:1/22",
        "line 1: 400::100:0:0:1 is this gateway itself; lead to another machine"
    )]
    [InlineData(
        "relay4.map",
        "80 400::100:0:0:2/8080",
        "80 400::100:0:0:2/22",
        "line 1: exposures does not have: tcp 80 relay 4 400::100:0:0:2 22"
    )]
    [InlineData(
        "relay4.map",
        "80 400::100:0:0:2/8080",
        "81 400::100:0:0:2/8080",
        "line 1: exposures does not have: tcp 81 relay 4 400::100:0:0:2 8080"
    )]
    [InlineData("relay4.map", "80 400::100:0:0:2/8080\n", "80 400::100:0:0:2/8080\n80 400::100:0:0:2/8080\n", "line 2: 80 is there twice")]
    [InlineData("relay4.map", "80 400::100:0:0:2/8080", "80 /run/marker", "line 1: should be: PORT ADDRESS/PORT")]
    [InlineData(
        "haproxy.cfg",
        "bind 0.0.0.0:61999",
        "bind 0.0.0.0:61998",
        "line 21: listeners does not have: tcp 4 61998 haproxy, for what is relayed"
    )]
    [InlineData(
        "haproxy.cfg",
        "/run/chatops/relay4.map",
        "/run/marker",
        "line 22: should be: tcp-request content set-var(sess.vm) dst_port,map_int(/run/chatops/relay4.map)"
    )]
    [InlineData("haproxy.cfg", "server vm 0.0.0.0:0", "server vm 127.0.0.1:22", "line 28: should be: server vm 0.0.0.0:0")]
    [InlineData("nftables.nft", "redirect to :61999", "redirect to :22", "line 330: what is relayed goes to 61999, not to 22")]
    [InlineData("listeners", "tcp 4 61999 haproxy", "tcp 6 61999 haproxy", "line 1: exposures has nothing of haproxy on tcp 61999 (IPv6)")]
    [InlineData(
        "listeners",
        "tcp 4 61999 haproxy\n",
        "tcp 4 61998 haproxy\ntcp 4 61999 haproxy\n",
        "line 1: exposures has nothing of haproxy on tcp 61998 (IPv4)"
    )]
    [InlineData(
        "exposures",
        "tcp 80 relay 4 400::100:0:0:2 8080",
        "tcp 80 relay 6 400::100:0:0:2 8080",
        "line 4: a relay is for TCP of IPv4 clients"
    )]
    [InlineData(
        "exposures",
        "tcp 80 relay 4 400::100:0:0:2 8080",
        "udp 80 relay 4 400::100:0:0:2 8080",
        "line 4: a relay is for TCP of IPv4 clients"
    )]
    public void What_is_not_in_the_lists_is_refused(string file, string text, string replacement, string reason) =>
        IsRefused("nginx", file, text, replacement, reason);

    [Theory]
    [InlineData("listen 0.0.0.0:53\n", "listen 0.0.0.0:54\n", "line 2: listeners does not have: udp 4 54 udprelay")]
    [InlineData("listen 0.0.0.0:53\n", "listen 10.1.0.1:53\n", "line 2: should be: listen 0.0.0.0:PORT")]
    [InlineData("listen 0.0.0.0:53\n", "listen 0.0.0.0:5300\n", "line 3: exposures does not have: udp 5300 udprelay 4 400::100:0:0:2 5353")]
    [InlineData("listen 0.0.0.0:53\n", "", "line 2: should come after a line: listen ANY:PORT")]
    [InlineData("to [400::100:0:0:2]:5353\n", "", "line 3: 53 leads nowhere")]
    [InlineData(
        "to [400::100:0:0:2]:5353",
        "to [400::100:0:0:2]:22",
        "line 3: exposures does not have: udp 53 udprelay 4 400::100:0:0:2 22"
    )]
    [InlineData("to [400::100:0:0:2]:5353", "to 127.0.0.1:5353", "line 3: 127.0.0.1 is this gateway itself; lead to another machine")]
    [InlineData("to [400::100:0:0:2]:5353", "to localhost:5353", "line 3: should be: to ADDRESS:PORT of another machine")]
    [InlineData("listen [::]:5300\n", "listen 0.0.0.0:53\n", "line 7: 53 is there twice")]
    public void The_relay_of_udp_carries_what_is_exposed(string text, string replacement, string reason) =>
        IsRefused("udprelay", "udprelay.conf", text, replacement, reason);

    [Fact]
    public void The_relay_of_udp_carries_udp_alone() =>
        IsRefused("udprelay", "exposures", "udp 53 udprelay 4", "tcp 53 udprelay 4", "line 2: udprelay is for UDP");

    private static void IsRefused(string name, string file, string text, string replacement, string reason)
    {
        var bundle = Bundle.Named(name).With(file, text, replacement);
        ChatOps.Gateway.Checking.Exposures.Parse(bundle.Files["exposures"], out var listFault);
        var fault = listFault ?? bundle.Check();
        Assert.NotNull(fault);
        Assert.Equal((file, reason), (fault.File, fault.Reason));
    }
}
