using ChatOps.Core.Domain.Changes;

namespace ChatOps.Lab;

/// <summary>A gateway that is something else too: what others have set up on it is seen, said, and left to them.</summary>
[Trait("lab", "installed")]
public sealed class CoexistenceTests : ReconcileTest
{
    // As a container engine makes them: what is forwarded is dropped unless a rule names it, and a port of the machine leads to a
    // container.
    private const string Engine = """
        table ip filter {
          chain DOCKER-USER {
          }
          chain FORWARD {
            type filter hook forward priority filter; policy drop;
            counter jump DOCKER-USER
            iifname "docker0" oifname != "docker0" counter accept
          }
        }
        table ip nat {
          chain DOCKER {
            iifname != "docker0" tcp dport 8800 counter dnat to 172.17.0.2:80
          }
          chain PREROUTING {
            type nat hook prerouting priority dstnat; policy accept;
            fib daddr type local counter jump DOCKER
          }
        }
        """;

    [Fact]
    public async Task Chains_of_others_are_said_in_outcome_status_and_plan_and_a_port_of_theirs_is_theirs()
    {
        await using var team = await WatchingAsync();
        await Probe.AddVm1Async(team);
        await team.AppliedAsync("vm add vm2 400::100:0:0:2");
        await SetUpAsync(Engine);

        // IPv4 clients are passed on by the kernel, IPv6 clients have a proxy.
        await team.AppliedAsync("expose vm1:8080 on 8200");
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}:8200/"));
        Assert.StartsWith("vm1 saw ", await Lab.CurlAsync($"http://[{Lab.Gw1V6}]:8200/"), StringComparison.Ordinal);
        await team.SaidAsync(
            "note: IPv4 clients of tcp 8200 are stopped, by what others have set up: chain FORWARD of table ip filter (policy drop)"
        );
        Assert.Equal(0, Times(team, $"tcp://{Lab.Gw1V4}:8200"));
        Assert.Equal(1, Times(team, $"reachable: tcp://[{Lab.Gw1V6}]:8200"));
        await AlertedAsync(team, "others");
        Assert.True(await team.SayAsync("operator: expose vm1:8080 on 8201"));
        await team.SaidAsync("note: on gw1 IPv4 clients of tcp 8200 are stopped");

        // An address of a VM's own goes the same way.
        await team.AppliedAsync("map 203.0.113.11 to vm1");
        await team.SaidAsync("note: IPv4 clients are stopped, by what others have set up: chain FORWARD of table ip filter (policy drop)");

        // A port that leads elsewhere is held, as by a listener.
        var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync("expose vm2:8080 on 8800"));
        Assert.Contains("tcp 8800 (IPv4) is held by a rule of somebody else", failed.Result.Error, StringComparison.Ordinal);
        Assert.Contains("chain DOCKER of table ip nat", failed.Result.Error, StringComparison.Ordinal);

        // Where theirs lets through what ours has translated, nothing is in the way.
        (await Lab.ExecAsync("gw1", "nft", "add rule ip filter DOCKER-USER ct status dnat accept")).Succeeded();
        await ClearedAsync(team, "others");
        Assert.StartsWith("vm1 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}:8200/"), StringComparison.Ordinal);
        await team.AppliedAsync("expose vm1:8080 on 8202");
        await team.SaidAsync($"reachable: tcp://{Lab.Gw1V4}:8202  tcp://[{Lab.Gw1V6}]:8202");
        Assert.Empty(await DriftAsync());
    }

    [Fact]
    public async Task A_machine_that_serves_something_is_not_closed_without_its_owners_word_and_a_tunnel_of_others_stays()
    {
        await SetUpAsync(Engine);
        (await Lab.ExecAsync("gw1", "systemd-run", "--quiet", "--unit=theirs", "nc", "-l", "-k", "8888")).Succeeded();
        await using var team = await TeamAsync();
        var closed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync("vm add vm2 400::100:0:0:2"));
        Assert.Contains("it closes tcp 8888 (nc, pid ", closed.Result.Error, StringComparison.Ordinal);
        Assert.Contains("it stops what others pass on (chain FORWARD of table ip filter)", closed.Result.Error, StringComparison.Ordinal);
        Assert.Contains("touch /etc/chatops/closes", closed.Result.Error, StringComparison.Ordinal);
        (await Lab.ExecAsync("client", "nc", "-z", "-w", "5", Lab.Gw1V4, "8888")).Succeeded();
        (await Lab.ExecAsync("gw1", "sh", "-ec", "systemctl stop theirs; nft delete table ip filter; nft delete table ip nat")).Succeeded();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2");

        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-ec",
                "wireguard-go wg0; wg genkey >/run/theirs; wg set wg0 private-key /run/theirs peer $(wg genkey | wg pubkey) allowed-ips 10.9.0.2/32; wg show wg0 public-key >/run/theirs.pub"
            )
        ).Succeeded();
        var key = (await Lab.CallAsync("pubkey", "vm1")).Succeeded().Text.Trim();
        var taken = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync($"peer add vm1 {key} 10.1.0.2"));
        Assert.Contains("an interface wg0 already that is not ours", taken.Result.Error, StringComparison.Ordinal);
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-ec",
                "wg show wg0 public-key | cmp - /run/theirs.pub; wg show wg0 peers | grep -c .; ip link delete wg0"
            )
        ).Succeeded();
        await team.AppliedAsync($"peer add vm1 {key} 10.1.0.2");
        await AgreedAsync(team);
    }

    [Fact]
    public async Task A_port_that_the_gateways_own_connection_has_is_named_and_none_takes_one_of_a_listener()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3");
        // As many as can be written in one go; with one more they cannot, nor be read in small pieces.
        var theirs = string.Join(',', Enumerable.Range(0, 680).Select(i => $"{20_000 + (2 * i)}"));
        (
            await Lab.ExecAsync(
                "gw1",
                "sysctl",
                "-qw",
                "net.ipv4.ip_local_port_range=40123 40123",
                $"net.ipv4.ip_local_reserved_ports={theirs}"
            )
        ).Succeeded();
        using var own = Lab.StartIn(
            "gw1",
            "bash",
            "-c",
            $"exec 3<>/dev/tcp/{Probe.Far}/9000; read -r said <&3; echo \"$said\"; sleep 3600"
        );
        Assert.Contains(":40123", await own.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        (await Lab.ExecAsync("gw1", "sysctl", "-qw", "net.ipv4.ip_local_port_range=40000 41000")).Succeeded();
        var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync("expose vm2:7000,vm3:7000 on 40123"));
        Assert.Contains(
            "tcp 40123 is held by a connection of this gateway itself to 198.51.100.200:9000 (",
            failed.Result.Error,
            StringComparison.Ordinal
        );
        // Not closed but ended: the kernel would keep a port that was not to be used again for a minute after its connection.
        await Eventually.TrueAsync(async () =>
            (await Lab.ExecAsync("gw1", "ss", "-HtnaK", "sport", "=", ":40123")).Succeeded().Text.Trim().Length == 0
        );
        own.Kill(entireProcessTree: true);
        await team.AppliedAsync("expose vm2:7000,vm3:7000 on 40123");
        Assert.Equal($"{theirs},40123", (await Lab.ExecAsync("gw1", "cat", "/proc/sys/net/ipv4/ip_local_reserved_ports")).Text.Trim());
        await team.AppliedAsync("unexpose 40123");
        Assert.Equal(theirs, (await Lab.ExecAsync("gw1", "cat", "/proc/sys/net/ipv4/ip_local_reserved_ports")).Text.Trim());
    }

    [Fact]
    public async Task A_port_that_somebody_has_when_a_proxy_starts_keeps_no_other_from_being_served_and_is_served_when_he_is_gone()
    {
        const string app = "app.example.com";
        await MakeCertificateAsync("example", app);
        await using var team = await TeamAsync();
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            "vm add vm3 400::100:0:0:3",
            $"expose vm2:8080 on {app} tls example",
            "expose vm2:8080 on plain.example.com",
            "expose vm2:7000 on 7000",
            "expose vm2:8080 on 8080",
            "expose vm2:7000,vm3:7000 on 7100 balanced",
            "expose vm2:5353 on 6001 udp",
            "expose vm2:5353 on 6002 udp"
        );
        (await Lab.ExecAsync("gw1", "systemctl", "stop", "chatops-nginx", "chatops-haproxy", "chatops-udprelay")).Succeeded();
        foreach (
            var (name, listen) in ((string, string[])[])[("nginx", ["443"]), ("haproxy", ["127.0.0.1", "7100"]), ("udp", ["-u", "6002"])]
        )
            (
                await Lab.ExecAsync("gw1", ["systemd-run", "--quiet", $"--unit=theirs-{name}", "nc", "-4", "-l", "-k", .. listen])
            ).Succeeded();
        await Eventually.TrueAsync(async () =>
            (await Lab.ExecAsync("gw1", "ss", "-Hlntu"))
                .Text.Split('\n')
                .Count(l => l.Contains(":443 ") || l.Contains(":7100 ") || l.Contains(":6002 ")) == 3
        );
        (await Lab.ExecAsync("gw1", "systemctl", "start", "chatops-nginx", "chatops-haproxy", "chatops-udprelay")).Succeeded();

        // Only what is held is not served, and drift says who holds it.
        await AnswersAsync();
        Assert.Equal("hello", await Lab.EchoAsync(Lab.Gw1V6, 7100, "hello"));
        Assert.NotEqual("hello", await Lab.EchoAsync(Lab.Gw1V4, 7100, "hello", within: Lab.Moment));
        Assert.Equal(0, (await TlsAsync($"[{Lab.Gw1V6}]")).Code);
        Assert.NotEqual(0, (await TlsAsync(Lab.Gw1V4)).Code);
        var drift = await DriftAsync();
        Assert.Contains(drift, d => d.What == "listeners" && d.Diff.Contains("(IPv4); it is held by nc (pid ", StringComparison.Ordinal));
        Assert.Contains(
            "nginx goes without tcp 443 is held by nc",
            (await Lab.ExecAsync("gw1", "journalctl", "-q", "-t", "chatops")).Text,
            StringComparison.Ordinal
        );

        // To load everything anew harms nothing that is served.
        using (var poller = Poller.Start($"http://{Lab.Gw1V4}:8080/"))
        {
            Assert.True(await team.SayAsync("operator: repair"), team.Transcript);
            await team.SettledAsync();
            Assert.Contains((await team.StateAsync()).Changes.Values, c => c.Line == "repair" && c.Status is ChangeStatus.Applied);
            await AnswersAsync();
            Assert.Empty(await poller.StopAsync());
        }

        (await Lab.ExecAsync("gw1", "systemctl", "stop", "theirs-nginx", "theirs-haproxy", "theirs-udp")).Succeeded();
        await Eventually.TrueAsync(async () => (await DriftAsync()).Length == 0);
        Assert.Equal(0, (await TlsAsync(Lab.Gw1V4)).Code);
        Assert.Equal("hello", await Lab.EchoAsync(Lab.Gw1V4, 7100, "hello"));
        Assert.Equal("hello", await Lab.EchoAsync(Lab.Gw1V4, 6002, "hello", udp: true));
        await AnswersAsync();
        await AgreedAsync(team);

        static Task<Output> TlsAsync(string address) =>
            Lab.ExecAsync("client", "curl", "-sk", "-m", "10", "--resolve", $"{app}:443:{address}", $"https://{app}/");

        static async Task AnswersAsync()
        {
            Assert.Equal("hello", await Lab.EchoAsync(Lab.Gw1V4, 7000, "hello"));
            Assert.Equal("hello", await Lab.EchoAsync(Lab.Gw1V4, 6001, "hello", udp: true));
            var plain = await Lab.ExecAsync("client", "curl", "-s", "-m", "10", "-H", "Host: plain.example.com", $"http://{Lab.Gw1V4}/");
            Assert.StartsWith("vm2 saw ", plain.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_way_out_that_a_router_has_advertised_stays_or_the_change_does_not()
    {
        await using var team = await TeamAsync();
        await AdvertiseAsync();
        // As a machine whose daemon for it has stopped: nothing here can keep the route, so nothing is changed.
        (await Lab.ExecAsync("gw1", "sysctl", "-qw", "net.ipv6.conf.eth0.accept_ra=0")).Succeeded();
        var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync("vm add vm2 400::100:0:0:2"));
        Assert.Contains("would have lost its IPv6 default route (default via fe80::", failed.Result.Error, StringComparison.Ordinal);
        Assert.Contains(
            "default via fe80::",
            (await Lab.ExecAsync("gw1", "ip", "-6", "route", "show", "default")).Text,
            StringComparison.Ordinal
        );
        Assert.Equal("0", (await Lab.ExecAsync("gw1", "sysctl", "-n", "net.ipv6.conf.all.forwarding")).Text.Trim());

        (await Lab.ExecAsync("gw1", "ip", "-6", "route", "flush", "default")).Succeeded();
        await AdvertiseAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        Assert.Contains("proto ra", (await Lab.ExecAsync("gw1", "ip", "-6", "route", "show", "default")).Text, StringComparison.Ordinal);
        Assert.Equal("1", (await Lab.ExecAsync("gw1", "sysctl", "-n", "net.ipv6.conf.all.forwarding")).Text.Trim());
        // And it is taken anew, while packets are passed on.
        (await Lab.ExecAsync("gw1", "ip", "-6", "route", "flush", "default")).Succeeded();
        await AdvertiseAsync();
        Assert.Empty(await DriftAsync());
    }

    // The client as a router, whose advertisement gw1 takes as a cloud VM does.
    private static async Task AdvertiseAsync()
    {
        const string router = """
            import socket, struct, sys
            link = sys.argv[1]
            out = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
            out.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
            out.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex(link))
            out.sendto(struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0), ("ff02::1", 0, 0, socket.if_nametoindex(link)))
            """;
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-ec",
                "[ $(sysctl -n net.ipv6.conf.eth0.accept_ra) = 2 ] || sysctl -qw net.ipv6.conf.eth0.accept_ra=1"
            )
        ).Succeeded();
        await Eventually.TrueAsync(async () =>
        {
            (await Lab.ExecAsync("client", "python3", "-c", router, "eth0")).Succeeded();
            return (await Lab.ExecAsync("gw1", "ip", "-6", "route", "show", "default")).Text.Contains(
                "default via fe80::",
                StringComparison.Ordinal
            );
        });
    }

    private static async Task SetUpAsync(string rules)
    {
        (await Lab.ExecAsync("gw1", "sh", "-ec", $"cat >/run/theirs.nft <<'END'\n{rules}\nEND\nnft -f /run/theirs.nft")).Succeeded();
    }
}
