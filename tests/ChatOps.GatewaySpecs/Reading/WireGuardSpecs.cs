using System.Text;
using ChatOps.Gateway.Checking;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>wg0.conf on the gateway: with the key that stays there, and beside what the kernel says.</summary>
public sealed class WireGuardSpecs
{
    private const string Delivered = """
        # gw1: WireGuard.
        [Interface]
        Address = 10.1.0.1/16
        ListenPort = 51820
        PrivateKey = KEPT-ON-THE-GATEWAY

        # vm2
        [Peer]
        PublicKey = second
        AllowedIPs = 10.1.0.3/32, 10.1.0.2
        PersistentKeepalive = 25

        [Peer]
        PublicKey = first
        PresharedKey = KEPT-ON-THE-GATEWAY
        AllowedIPs = 400::2

        """;

    [Fact]
    public void Keys_go_in_and_out_and_all_else_stays()
    {
        var delivered = Encoding.ASCII.GetBytes(Delivered);
        var stored = WireGuardFile.WithKeys(delivered, "our+key=\n", peer => $"secret+of+{peer}=");
        var expected = Delivered
            .Replace("PrivateKey = KEPT-ON-THE-GATEWAY", "PrivateKey = our+key=", StringComparison.Ordinal)
            .Replace("PresharedKey = KEPT-ON-THE-GATEWAY", "PresharedKey = secret+of+first=", StringComparison.Ordinal);
        Assert.Equal(expected, Encoding.ASCII.GetString(stored));
        Assert.Equal(delivered, WireGuardFile.WithoutKeys(stored));
    }

    [Fact]
    public void Who_wants_a_preshared_key_is_known() =>
        Assert.Equal(["first"], WireGuardFile.Preshared(Encoding.ASCII.GetBytes(Delivered)));

    [Fact]
    public void File_and_kernel_say_the_same_in_the_same_words()
    {
        const string Dump =
            "private\tpublic\t51820\toff\n"
            + "first\tsecret\t(none)\t400::2/128\t0\t0\t0\toff\n"
            + "second\t(none)\t198.51.100.7:1000\t10.1.0.2/32,10.1.0.3/32\t1\t2\t3\t25\n";
        const string Addresses = "5: wg0    inet 10.1.0.1/16 scope global wg0\\       valid_lft forever preferred_lft forever\n";

        string[] said =
        [
            "address 10.1.0.1/16",
            "peer first allowed 400::2/128 with a preshared key",
            "peer second allowed 10.1.0.2/32,10.1.0.3/32 keepalive 25",
            "port 51820",
        ];
        Assert.Equal(said, WireGuardFile.ComparisonOfFile(Delivered));
        Assert.Equal(said, WireGuardFile.ComparisonOfKernel(Dump, Addresses));
    }

    [Fact]
    public void A_peer_that_is_gone_is_missing() =>
        Assert.Equal(["port 51820"], WireGuardFile.ComparisonOfKernel("private\tpublic\t51820\toff\n", ""));
}
