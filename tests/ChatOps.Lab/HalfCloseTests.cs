namespace ChatOps.Lab;

/// <summary>Who has said all that it has to say closes its half of the connection and waits for the answer.</summary>
[Trait("lab", "traffic")]
public sealed class HalfCloseTests : GatewayTest
{
    // Answers when there is no more to come, and not at once.
    private const string Server = """
        import socket, threading, time
        def serve(client):
            said = b""
            while part := client.recv(65536):
                said += part
            time.sleep(0.5)
            client.sendall(b"%d bytes\n" % len(said[said.find(b"\x16\x03"):]))
            client.close()
        listener = socket.create_server(("::", 9001), family=socket.AF_INET6, backlog=64)
        print("ready", flush=True)
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        """;

    // The first message of TLS, since one of the ways reads the name in it.
    private const string Client = """
        import socket, ssl, sys
        out = ssl.MemoryBIO()
        tls = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), out, server_hostname="app.example.com")
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            hello = out.read()
        for where in sys.argv[1:]:
            address, port = where.split(",")
            client = socket.create_connection((address, int(port)), 60)
            client.sendall(hello)
            client.shutdown(socket.SHUT_WR)
            print(where, client.makefile().read().strip() == f"{len(hello)} bytes")
        """;

    [Fact]
    public async Task Who_closes_its_half_hears_the_answer_on_every_way_that_carries_bytes()
    {
        using var vm2 = Lab.StartIn("vm2", "python3", "-c", Server);
        using var vm3 = Lab.StartIn("vm3", "python3", "-c", Server);
        Assert.Equal("ready", await vm2.StandardOutput.ReadLineAsync(Patience.Token));
        Assert.Equal("ready", await vm3.StandardOutput.ReadLineAsync(Patience.Token));
        await using var team = await TeamAsync();
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            "vm add vm3 400::100:0:0:3",
            "expose vm2:9001 on 9001",
            "expose vm2:9001,vm3:9001 on 9002 balanced",
            "expose vm2:9001 on 9003 proxy-protocol",
            "expose vm2:9001 on app.example.com passthrough"
        );

        // HAProxy's map and the kernel; HAProxy with checks, without and with a header; nginx by the name in TLS.
        int[] ports = [9001, 9002, 9003, 443];
        string[] ways = [.. ports.Select(p => $"{Lab.Gw1V4},{p}"), .. ports.Select(p => $"{Lab.Gw1V6},{p}")];
        var heard = (await Lab.ExecAsync("client", ["python3", "-c", Client, .. ways])).Succeeded().Text;
        Assert.Equal(ways.Select(w => $"{w} True"), heard.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        vm2.Kill(entireProcessTree: true);
        vm3.Kill(entireProcessTree: true);
    }
}
