using ChatOps.Gateway.Checking;

namespace ChatOps.GatewaySpecs.Checking;

/// <summary>What our templates write is let through, and every line of it is understood.</summary>
public sealed class AcceptedSpecs
{
    [Fact]
    public void What_the_templates_write_is_allowed() => Assert.All(Bundle.All, bundle => Assert.Null(bundle.Check()));

    [Fact]
    public void Every_kind_of_file_is_among_what_the_templates_write() =>
        Assert.Empty(BundleCheck.Formats.Select(f => f.File).Except(Bundle.All.SelectMany(b => b.Files.Keys)));

    [Fact]
    public void What_was_understood_is_written_back_as_the_same_lines() => Assert.All(Bundle.All, bundle =>
        {
            foreach (var format in BundleCheck.Formats.Where(f => bundle.Files.ContainsKey(f.File)))
                Assert.Equal(
                    Written.Meant(bundle.Files[format.File]),
                    Written.Understood(format, bundle.Files[format.File], bundle.Declared())
                );
        });

    // The expectations of the lab's tests: these templates reach the kernel, and it is the lost SSH session that takes them back.
    [Theory]
    [InlineData("tcp dport 22 accept", "tcp dport 2 accept")]
    [InlineData("tcp dport 22 accept", "tcp dport 22 drop")]
    [InlineData("tcp dport 22 accept", "tcp dport 22 ct state new drop\n    tcp dport 22 accept")]
    public void A_rule_about_ssh_alone_is_a_matter_of_the_proof(string text, string replacement) =>
        Assert.Null(Bundle.Named("nginx").With("nftables.nft", text, replacement).Check());

    [Theory]
    [InlineData("nginx", "nginx.conf", "proxy_timeout 24h;", "proxy_timeout 12h;")]
    [InlineData("haproxy", "haproxy.cfg", "timeout connect 5s", "timeout connect 7s")]
    [InlineData("haproxy", "haproxy.cfg", "balance leastconn", "balance roundrobin")]
    [InlineData("services", "dnsmasq.conf", "cache-size=10000", "cache-size=0")]
    [InlineData("services", "pgbouncer.ini", "* = host", "shop = host")]
    [InlineData(
        "snat",
        "unbound.conf",
        "# The gateway's own resolvers, which the unit writes there.\ninclude: /run/chatops-unbound/resolvers.conf",
        "forward-zone:\n  name: \".\"\n  forward-addr: 192.0.2.53"
    )]
    [InlineData("wireguard", "wg0.conf", "10.1.0.2/32", "10.1.0.9/32")]
    [InlineData("mapping", "addresses", "203.0.113.11", "203.0.113.11 eth1")]
    [InlineData("firewall", "nftables.nft", "limit rate over 9/hour burst 9", "limit rate over 5/second burst 5")]
    [InlineData("snat", "nftables.nft", "203.0.113.12-203.0.113.13:30000-40000", "203.0.113.12-203.0.113.13:30000")]
    public void Figures_and_choices_are_the_templates_own(string bundle, string file, string text, string replacement) =>
        Assert.Null(Bundle.Named(bundle).With(file, text, replacement).Check());
}
