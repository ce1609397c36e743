using System.Diagnostics;

namespace ChatOps.Lab;

/// <summary>
/// Who goes away without a word, as a laptop that is closed or a machine without power, is found out on either side of every proxy.
/// </summary>
[Trait("lab", "clocks")]
public sealed class VanishTests : GatewayTest
{
    private const int Each = 4;
    private const string Gone4 = "198.51.100.7",
        Gone6 = "2001:db8:66::7";

    // Connections that have had an answer and are silent then: by an IPv4 and an IPv6 address of its own, to ADDRESS,PORT,HOW.
    private const string Client = """
        import socket, sys, time
        COUNT, FOUR, SIX = int(sys.argv[1]), sys.argv[2], sys.argv[3]
        ASK = {
            "echo": b"hello\n",
            "web": b"GET /ws HTTP/1.1\r\nHost: app.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        }
        held = []
        for where in sys.argv[4:]:
            address, port, how = where.split(",")
            for _ in range(COUNT):
                client = socket.create_connection((address, int(port)), 60, (SIX if ":" in address else FOUR, 0))
                client.sendall(ASK[how])
                assert client.recv(4096), where
                held.append(client)
        print("ready", flush=True)
        time.sleep(3600)
        """;

    // By nginx's stream part; HAProxy's map; HAProxy with checks; nginx's http part.
    private static readonly string[] Ways =
    [
        $"{Lab.Gw1V6},7300,echo",
        $"{Lab.Gw1V4},7000,echo",
        $"{Lab.Gw1V6},7001,echo",
        $"{Lab.Gw1V6},80,web",
    ];

    [Fact]
    public async Task What_has_vanished_is_let_go_by_each_proxy_on_both_sides_and_nothing_else_is()
    {
        await using var team = await TeamAsync();
        await Probe.AddVm1Async(team);
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            "expose vm1:7000 on 7300",
            "expose vm2:7000 on 7000",
            "expose vm2:7001 on 7001 proxy-protocol",
            "expose vm2:8080 on app.example.com"
        );
        (
            await Lab.ExecAsync(
                "gw1",
                "sysctl",
                "-qw",
                "net.ipv4.tcp_keepalive_time=1",
                "net.ipv4.tcp_keepalive_intvl=1",
                "net.ipv4.tcp_keepalive_probes=2"
            )
        ).Succeeded();
        try
        {
            using var gone = await HoldAsync(Gone4, Gone6);
            using var stays = await HoldAsync("203.0.113.100", "2001:db8::100");
            await CountedAsync(2 * Ways.Length * Each, Gone4, Gone6, "203.0.113.100", "2001:db8::100");
            await CountedAsync(2 * Ways.Length * Each, "10.1.0.2", "400::100:0:0:2");

            // Whatever they would say is lost from now on.
            (await Lab.ExecAsync("client", "ip", "-4", "rule", "add", "from", Gone4, "blackhole")).Succeeded();
            (await Lab.ExecAsync("client", "ip", "-6", "rule", "add", "from", Gone6, "blackhole")).Succeeded();
            await CountedAsync(0, Gone4, Gone6);
            await CountedAsync(Ways.Length * Each, "10.1.0.2", "400::100:0:0:2");
            await CountedAsync(Ways.Length * Each, "203.0.113.100", "2001:db8::100");

            // And a VM.
            (await Lab.ExecAsync("vm2", "ip", "-6", "route", "add", "blackhole", "400::100:0:0:1/128")).Succeeded();
            await CountedAsync(Each, "203.0.113.100", "2001:db8::100");
            await CountedAsync(0, "400::100:0:0:2");
            gone.Kill(entireProcessTree: true);
            stays.Kill(entireProcessTree: true);
        }
        finally
        {
            await Lab.ExecAsync("client", "ip", "-4", "rule", "del", "from", Gone4, "blackhole");
            await Lab.ExecAsync("client", "ip", "-6", "rule", "del", "from", Gone6, "blackhole");
            await Lab.ExecAsync("vm2", "ip", "-6", "route", "del", "blackhole", "400::100:0:0:1/128");
        }
    }

    private static async Task<Process> HoldAsync(string from4, string from6)
    {
        var client = Lab.StartIn("client", ["python3", "-c", Client, $"{Each}", from4, from6, .. Ways]);
        Assert.Equal("ready", await client.StandardOutput.ReadLineAsync(Patience.Token));
        return client;
    }

    // Connections that the gateway's proxies have with these, sooner or later.
    private static Task CountedAsync(int count, params string[] addresses)
    {
        var seen = "";
        return Eventually.TrueAsync(
            async () =>
            {
                string[] filter =
                [
                    .. addresses.SelectMany(
                        (a, i) =>
                            (string[])[.. i > 0 ? (string[])["or"] : [], "dst", a.Contains(':', StringComparison.Ordinal) ? $"[{a}]" : a]
                    ),
                ];
                seen = (await Lab.ExecAsync("gw1", ["ss", "-Htn", "state", "established", "(", .. filter, ") and not sport = :22"]))
                    .Succeeded()
                    .Text;
                return seen.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == count;
            },
            () => $"{count} were expected with {string.Join(", ", addresses)}: {seen}"
        );
    }
}
