namespace ChatOps.Lab;

/// <summary>A tunnel with smaller packets than the path, and a network that lets nobody say so.</summary>
[Trait("lab", "traffic")]
public sealed class NarrowTests : GatewayTest
{
    private const string App = "app.example.com";

    // Takes an upload, and says how much it was.
    private const string Server = """
        import http.server, socket
        class Web(http.server.BaseHTTPRequestHandler):
            def do_PUT(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"got %d" % len(body))
        class Server(http.server.ThreadingHTTPServer):
            address_family = socket.AF_INET6
        server = Server(("::", 6001), Web)
        print("ready", flush=True)
        server.serve_forever()
        """;

    [Fact]
    public async Task A_megabyte_arrives_by_every_way_in_and_out()
    {
        (await Lab.ExecAsync("vm2", "ip", "-6", "route", "replace", "2001:db8::/64", "via", "400::100:0:0:1")).Succeeded();
        using var vm2 = Lab.StartIn("vm2", "python3", "-c", Server);
        using var vm3 = Lab.StartIn("vm3", "python3", "-c", Server);
        using var client = Lab.StartIn("client", "python3", "-c", Server);
        Assert.Equal("ready", await vm2.StandardOutput.ReadLineAsync(Patience.Token));
        Assert.Equal("ready", await vm3.StandardOutput.ReadLineAsync(Patience.Token));
        Assert.Equal("ready", await client.StandardOutput.ReadLineAsync(Patience.Token));
        await using var team = await TeamAsync();
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            "vm add vm3 400::100:0:0:3",
            "expose vm2:6001 on 6001",
            "expose vm2:6001,vm3:6001 on 6002 balanced",
            $"expose vm2:6001 on {App}",
            "allow vm2 out"
        );
        (await Lab.ExecAsync("gw1", "ip", "link", "set", "myc0", "mtu", "1280")).Succeeded();
        (
            await Lab.ExecAsync(
                "gw1",
                "nft",
                "table inet mute { chain out { type filter hook output priority 0; icmp type destination-unreachable drop; icmpv6 type packet-too-big drop; }; }"
            )
        ).Succeeded();
        string[] arrived = await Task.WhenAll(
            PutAsync("client", $"http://{Lab.Gw1V4}:6001/"),
            PutAsync("client", $"http://[{Lab.Gw1V6}]:6001/"),
            PutAsync("client", $"http://{Lab.Gw1V4}:6002/"),
            PutAsync("client", $"http://[{Lab.Gw1V6}]:6002/"),
            PutAsync("client", $"http://{App}/", Lab.Gw1V4),
            PutAsync("client", $"http://{App}/", $"[{Lab.Gw1V6}]"),
            PutAsync("vm2", "http://[2001:db8::100]:6001/")
        );
        Assert.Equal(Enumerable.Repeat("got 1000000", arrived.Length), arrived);
        vm2.Kill(entireProcessTree: true);
        vm3.Kill(entireProcessTree: true);
        client.Kill(entireProcessTree: true);
    }

    private static async Task<string> PutAsync(string host, string url, string address = Lab.Gw1V4) =>
        (
            await Lab.ExecAsync(
                host,
                "sh",
                "-c",
                $"head -c 1000000 /dev/zero | curl -sg -m 60 --resolve {App}:80:{address} -X PUT -H Expect: --data-binary @- {url}"
            )
        ).Text.Trim();
}
