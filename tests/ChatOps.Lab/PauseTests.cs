namespace ChatOps.Lab;

/// <summary>What takes its time is waited for: answers over UDP as RFC 4787 asks, and pauses in a download or an upload.</summary>
[Trait("lab", "clocks")]
public sealed class PauseTests : GatewayTest
{
    private const int Pause = 125;

    // UDP on 6000: answers after the pause. HTTP on 6001: the second half of a download comes after the pause.
    private const string Slow = """
        import http.server, socket, threading, time
        PAUSE = int(__import__("sys").argv[1])
        def datagrams():
            udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            udp.bind(("::", 6000))
            while True:
                data, peer = udp.recvfrom(2048)
                threading.Timer(PAUSE, udp.sendto, (data, peer)).start()
        class Web(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "200000")
                self.end_headers()
                self.wfile.write(b"x" * 100000)
                self.wfile.flush()
                time.sleep(PAUSE)
                self.wfile.write(b"x" * 100000)
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"got %d" % len(body))
        class Server(http.server.ThreadingHTTPServer):
            address_family = socket.AF_INET6
        threading.Thread(target=datagrams, daemon=True).start()
        server = Server(("::", 6001), Web)
        print("ready", flush=True)
        server.serve_forever()
        """;

    [Fact]
    public async Task An_answer_may_take_two_minutes_and_a_download_or_an_upload_may_pause()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            "expose vm2:6000 on 6000 udp",
            "expose vm2:6001 on slow.example.com",
            "expose vm2:6001 on 6001"
        );
        using var server = Lab.StartIn("vm2", "python3", "-c", Slow, $"{Pause}");
        Assert.Equal("ready", await server.StandardOutput.ReadLineAsync());
        try
        {
            // By our relay, and by the kernel; by nginx, and by HAProxy's map.
            var answers = await Task.WhenAll(
                Lab.EchoAsync(Lab.Gw1V4, 6000, "late", udp: true),
                Lab.EchoAsync(Lab.Gw1V6, 6000, "late", udp: true),
                LengthAsync("--resolve", $"slow.example.com:80:{Lab.Gw1V4}", "http://slow.example.com/"),
                LengthAsync($"http://{Lab.Gw1V4}:6001/"),
                UploadAsync(80),
                UploadAsync(6001)
            );
            Assert.Equal(["late", "late", "200000", "200000", "got 200000", "got 200000"], answers);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string> UploadAsync(int port)
    {
        const string head = @"POST / HTTP/1.0\r\nHost: slow.example.com\r\nContent-Length: 200000\r\nConnection: close\r\n\r\n";
        var half = "head -c 100000 /dev/zero";
        var answer = await Lab.ExecAsync(
            "client",
            "sh",
            "-c",
            $"{{ printf '{head}'; {half}; sleep {Pause}; {half}; }} | nc -w 600 {Lab.Gw1V4} {port} | tail -n 1"
        );
        return answer.Text.Trim();
    }

    private static async Task<string> LengthAsync(params string[] request) =>
        (await Lab.ExecAsync("client", ["curl", "-s", "-m", "600", "-o", "/dev/null", "-w", "%{size_download}", .. request])).Text.Trim();
}
