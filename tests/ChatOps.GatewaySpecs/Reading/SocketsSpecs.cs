using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Reading;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>Who holds which port, as "ss" says it: by control groups, or by processes.</summary>
public sealed class SocketsSpecs
{
    private static readonly Listener Web = new(Protocol.Tcp, 4, 80, "nginx");

    [Theory]
    [InlineData("tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* cgroup:/system.slice/chatops-nginx.service <->")]
    [InlineData("tcp   LISTEN 0      511          0.0.0.0:80        0.0.0.0:*    users:((\"nginx\",pid=7,fd=6),(\"nginx\",pid=8,fd=6))")]
    [InlineData("tcp LISTEN 0 511 *:80 *:* cgroup:/system.slice/chatops-nginx.service <->")]
    public void A_listener_that_its_engine_holds_is_there(string line)
    {
        Assert.Null(Sockets.Missing([Web], [line], EngineOf));
        Assert.Null(Sockets.Held([PortOf(Web)], [], [line], EngineOf));
    }

    [Theory]
    [InlineData(
        "tcp LISTEN 0 511 0.0.0.0:81 0.0.0.0:* cgroup:/system.slice/chatops-nginx.service <->",
        "nothing of nginx listens on tcp 80 (IPv4)"
    )]
    [InlineData(
        "udp UNCONN 0 0 0.0.0.0:80 0.0.0.0:* cgroup:/system.slice/chatops-nginx.service <->",
        "nothing of nginx listens on tcp 80 (IPv4)"
    )]
    [InlineData(
        "tcp LISTEN 0 511 [::]:80 [::]:* cgroup:/system.slice/chatops-nginx.service <->",
        "nothing of nginx listens on tcp 80 (IPv4)"
    )]
    [InlineData(
        "tcp LISTEN 0 511 127.0.0.1:80 0.0.0.0:* cgroup:/system.slice/chatops-nginx.service <->",
        "nothing of nginx listens on tcp 80 (IPv4)"
    )]
    [InlineData(
        "tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* cgroup:/system.slice/chatops-haproxy.service <->",
        "nothing of nginx listens on tcp 80 (IPv4)"
    )]
    [InlineData(
        "tcp LISTEN 0 1 0.0.0.0:80 0.0.0.0:* users:((\"nc\",pid=9,fd=3))",
        "nothing of nginx listens on tcp 80 (IPv4); it is held by nc (pid 9)"
    )]
    public void One_that_it_does_not_hold_is_named_with_its_holder(string line, string said) =>
        Assert.Equal(said, Sockets.Missing([Web], [line], EngineOf));

    [Theory]
    [InlineData("tcp LISTEN 0 1 0.0.0.0:80 0.0.0.0:* users:((\"nc\",pid=9,fd=3))", "tcp 80 is held by nc (pid 9)")]
    [InlineData(
        "tcp LISTEN 0 1 203.0.113.10%eth0:80 0.0.0.0:* cgroup:/system.slice/apache2.service <->",
        "tcp 80 is held by cgroup:/system.slice/apache2.service"
    )]
    [InlineData("tcp LISTEN 0 1 *:80 *:*", "tcp 80 is held by the kernel")]
    public void A_stranger_that_holds_a_new_port_is_named(string line, string said) =>
        Assert.Equal(said, Sockets.Held([PortOf(Web)], [], [line], EngineOf));

    [Fact]
    public void A_port_on_loopback_or_of_another_number_is_nobodys_business() =>
        Assert.Null(
            Sockets.Held(
                [PortOf(Web), new PublicPort(Protocol.Tcp, 6, 80)],
                [],
                [
                    "tcp LISTEN 0 1 127.0.0.1:80 0.0.0.0:* users:((\"nc\",pid=9,fd=3))",
                    "tcp LISTEN 0 1 [::1]:80 [::]:* users:((\"nc\",pid=9,fd=3))",
                    "tcp LISTEN 0 1 0.0.0.0:8080 0.0.0.0:* users:((\"nc\",pid=9,fd=3))",
                    "garbage",
                    "tcp LISTEN 0 1 nowhere 0.0.0.0:*",
                ],
                EngineOf
            )
        );

    [Theory]
    [InlineData(
        "udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:((\"systemd-resolve\",pid=9,fd=3))",
        4,
        "udp 53 is held by systemd-resolve (pid 9)"
    )]
    [InlineData("udp UNCONN 0 0 [::1]:53 [::]:* users:((\"unbound\",pid=9,fd=3))", 6, "udp 53 is held by unbound (pid 9)")]
    [InlineData("udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:((\"systemd-resolve\",pid=9,fd=3))", 6, null)]
    [InlineData("udp UNCONN 0 0 127.0.0.53%lo:54 0.0.0.0:* users:((\"systemd-resolve\",pid=9,fd=3))", 4, null)]
    public void A_port_on_loopback_is_held_from_an_engine_that_is_to_listen_everywhere(string line, int family, string? said) =>
        Assert.Equal(said, Sockets.Held([], [new PublicPort(Protocol.Udp, family, 53)], [line], EngineOf));

    [Fact]
    public void An_engine_that_still_holds_what_another_is_to_have_is_found()
    {
        string[] lines = ["tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* cgroup:/system.slice/chatops-haproxy.service <->"];
        Assert.Equal(Web, Sockets.Unreleased([Web], "haproxy", lines, EngineOf));
        Assert.Null(Sockets.Unreleased([Web with { Engine = "haproxy" }], "haproxy", lines, EngineOf));
        Assert.Null(Sockets.Unreleased([Web], "haproxy", [], EngineOf));
    }

    [Fact]
    public void Two_engines_may_have_one_port_each_on_an_address_of_its_own() =>
        Assert.Null(
            Sockets.Missing(
                [new Listener(Protocol.Udp, 6, 53, "dnsmasq"), new Listener(Protocol.Udp, 6, 53, "unbound")],
                [
                    "udp UNCONN 0 0 [2001:db8::10]:53 [::]:* cgroup:/system.slice/chatops-dnsmasq.service <->",
                    "udp UNCONN 0 0 [400::1]:53 [::]:* cgroup:/system.slice/chatops-unbound.service <->",
                ],
                EngineOf
            )
        );

    [Theory]
    [InlineData("0::/system.slice/chatops-nginx.service", "nginx")]
    [InlineData("cgroup:/system.slice/chatops-unbound.service", "unbound")]
    [InlineData("0::/system.slice/nginx.service", null)]
    [InlineData("0::/user.slice/chatops-nginx.scope", null)]
    public void A_control_group_says_whose_a_process_is(string group, string? engine) => Assert.Equal(engine, Sockets.EngineOf(group));

    private static PublicPort PortOf(Listener l) => new(l.Protocol, l.Family, l.Port);

    private static string? EngineOf(int process) => process is 7 or 8 ? "nginx" : null;
}
