using ChatOps.Gateway.Receiving;

namespace ChatOps.GatewaySpecs.Receiving;

/// <summary>Of what a checker says only what names a place in our file leaves the machine.</summary>
public sealed class QuotingSpecs
{
    [Theory]
    [InlineData("nginx: [emerg] unknown directive \"soon\" in nginx.conf:12", "nginx.conf")]
    [InlineData(
        "nginx: [emerg] cannot load certificate key \"/etc/chatops/tls/shop/privkey.pem\": PEM_read_bio_PrivateKey() failed",
        "nginx.conf"
    )]
    [InlineData("[ALERT]    (7) : config : parsing [haproxy.cfg:12] : unknown keyword 'soon'", "haproxy.cfg")]
    [InlineData("dnsmasq: bad option at line 3 of dnsmasq.conf", "dnsmasq.conf")]
    [InlineData("unbound.conf:12: error: unknown keyword 'soon'", "unbound.conf")]
    [InlineData(
        " 0(7) CRITICAL: <core> [core/cfg.y:3911]: yyerror_at(): parse error in config file kamailio.cfg, line 4, column 1: syntax error",
        "kamailio.cfg"
    )]
    [InlineData("nftables.nft:5:3-7: Error: syntax error, unexpected string", "nftables.nft")]
    public void A_place_in_our_file_is_named(string line, string file) => Assert.True(Quoting.Names(line, file));

    [Theory]
    [InlineData("/run/marker:1:1-6: Error: syntax error, unexpected string", "nftables.nft")]
    [InlineData("/run/nftables.nft:1:1-6: Error: syntax error", "nftables.nft")]
    [InlineData("marker text of another file", "nftables.nft")]
    [InlineData("  include \"/run/marker\"", "nftables.nft")]
    [InlineData("[ALERT]    (7) : config : Error(s) found in configuration file : haproxy.cfg", "haproxy.cfg")]
    [InlineData("nginx: configuration file nginx.conf test failed", "nginx.conf")]
    [InlineData("cat: /etc/chatops/tls/other/privkey.pem: No such file or directory", "nginx.conf")]
    [InlineData("", "nginx.conf")]
    public void Anything_else_stays(string line, string file) => Assert.False(Quoting.Names(line, file));

    [Theory]
    [InlineData("2026/11/30 12:00:00 [emerg] 71#71: bind() to 0.0.0.0:81 failed (98: Address already in use)")]
    [InlineData("2026/11/30 12:00:00 [emerg] 71#71: bind() to [::]:81 failed (98: Address already in use)")]
    [InlineData("2026/11/30 12:00:00 [emerg] 71#71: still could not bind()")]
    [InlineData(
        "2026/11/30 12:00:00 [emerg] 71#71: cannot load certificate \"/etc/chatops/tls/shop/fullchain.pem\": PEM_read_bio_X509_AUX() failed"
    )]
    public void Of_nginx_at_a_reload_goes_out_what_it_says_of_sockets_and_certificates(string line) =>
        Assert.Equal(line, Quoting.OfNginx([line]));

    [Fact]
    public void A_place_in_the_file_that_runs_is_named_as_that_of_the_file_that_was_sent() =>
        Assert.Equal(
            "2026/11/30 12:00:00 [emerg] 71#71: unknown directive \"soon\" in nginx.conf:12",
            Quoting.OfNginx([
                "2026/11/30 12:00:00 [emerg] 71#71: open() \"/marker\" failed",
                "2026/11/30 12:00:00 [emerg] 71#71: unknown directive \"soon\" in /var/lib/chatops/current/nginx.conf:12",
            ])
        );

    [Fact]
    public void Words_of_nginx_that_name_nothing_of_ours_are_for_the_journal() =>
        Assert.Equal(
            Quoting.Unnamed("nginx"),
            Quoting.OfNginx(["2026/11/30 12:00:00 [emerg] 71#71: unknown directive \"marker\" in /marker/nginx.conf:1"])
        );

    // Who loads a file while a VM dies is told of both at once.
    [Theory]
    [InlineData("[ALERT]    (282) : proxy 'tcp-7001-ipv4' has no server available!", false)]
    [InlineData(
        "[ALERT]    (9) : Binding [/run/chatops/haproxy.cfg:38] for proxy tcp-7001-ipv4: cannot bind socket (Address already in use) for [0.0.0.0:7001]",
        true
    )]
    [InlineData("[ALERT]    (9) : config : parsing [haproxy.cfg:12] : unknown keyword 'soon'", true)]
    [InlineData("[ALERT] of no process", true)]
    [InlineData("[WARNING]  (282) : Server tcp-7001-ipv4/vm1 is DOWN, reason: Layer4 timeout", false)]
    [InlineData("[WARNING]  (9) : config : log format ignored", false)]
    public void Of_haproxy_an_alert_of_who_ran_before_is_not_about_the_file(string line, bool counts) =>
        Assert.Equal(counts ? [line] : [], Quoting.OfHaProxy([line], new HashSet<int> { 282, 7 }));
}
