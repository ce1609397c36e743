using System.Globalization;
using System.Text.Json;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;

namespace ChatOps.Lab;

/// <summary>HTTP reverse proxy by host and path: TLS, load balance, headers, websockets.</summary>
[Trait("lab", "traffic")]
public sealed class WebTests : GatewayTest
{
    private const string App = "app.example.com";

    [Fact]
    public async Task Host_and_path_decide_who_answers()
    {
        await using var team = await ServedAsync(
            $"expose vm2:8080 on {App}",
            $"expose vm3:8080 on {App}/api",
            "expose vm3:8080 on shop.example.com"
        );
        Assert.StartsWith("vm2 saw ", await GetAsync($"http://{App}/"), StringComparison.Ordinal);
        Assert.StartsWith("vm3 saw ", await GetAsync("http://shop.example.com/"), StringComparison.Ordinal);
        Assert.Equal("vm3", (await HeadersAsync($"http://{App}/api/headers")).Name);
        Assert.Equal("vm2", (await HeadersAsync($"http://{App}/apicture/headers")).Name);
        Assert.Equal("404", await StatusAsync("http://stranger.example.com/"));

        await team.AppliedAsync($"unexpose {App}/api");
        Assert.Equal("vm2", (await HeadersAsync($"http://{App}/api/headers")).Name);
        await team.AppliedAsync($"unexpose {App}", "unexpose shop.example.com");
        Assert.Equal(7, (await CurlAsync($"http://{App}/")).Code);
        await AgreedAsync(team);
    }

    [Fact]
    public async Task The_vm_sees_the_host_the_client_and_the_protocol()
    {
        await MakeCertificateAsync("example", "shop.example.com");
        await using var team = await ServedAsync($"expose vm2:8080 on {App}", "expose vm2:8080 on shop.example.com tls example");
        var claims = await Claims.OptionsAsync();
        foreach (
            var (url, family, client) in ((string, string, string)[])
                [
                    ($"http://{App}/headers", "-4", "203.0.113.100"),
                    ($"http://{App}/headers", "-6", "2001:db8::100"),
                    ("https://shop.example.com/headers", "-4", "203.0.113.100"),
                    ("https://shop.example.com/headers", "-6", "2001:db8::100"),
                ]
        )
        {
            var (uri, seen) = (new Uri(url), (await HeadersAsync(url, [family, "-k", .. claims])).Headers);
            Assert.DoesNotContain(seen, h => h.Value.Contains(Claims.Value, StringComparison.Ordinal));
            (string, string)[] told =
            [
                ("host", uri.Host),
                ("x-forwarded-for", client),
                ("x-forwarded-host", uri.Host),
                ("x-forwarded-port", $"{uri.Port}"),
                ("x-forwarded-proto", uri.Scheme),
                ("x-real-ip", client),
            ];
            // What it says of itself goes on.
            string[] names = ["accept", "connection", "user-agent", "x-own", .. told.Select(t => t.Item1)];
            Assert.Equal(names.Order(StringComparer.Ordinal), seen.Keys.Order(StringComparer.Ordinal));
            Assert.All(told, t => Assert.Equal(t.Item2, seen[t.Item1]));
        }
    }

    [Fact]
    public async Task Long_headers_pass_both_ways_and_what_the_vm_says_goes_on_at_once()
    {
        await using var team = await ServedAsync($"expose vm2:8080 on {App}", "expose vm2:8081 on long.example.com");
        var cookie = new string('c', 40_000);
        Assert.Contains(
            cookie,
            (await HeadersAsync($"http://{App}/headers", "-H", $"Cookie: a={cookie}")).Headers["cookie"],
            StringComparison.Ordinal
        );
        // An answer of which the rest never comes.
        const string server = """
            import socket, time
            listener = socket.create_server(("::", 8081), family=socket.AF_INET6)
            print("ready", flush=True)
            client, _ = listener.accept()
            client.recv(65536)
            client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Long: " + b"a" * 40000 + b"\r\n\r\n5\r\nfirst\r\n")
            time.sleep(3600)
            """;
        using var vm2 = Lab.StartIn("vm2", "python3", "-c", server);
        Assert.Equal("ready", await vm2.StandardOutput.ReadLineAsync());
        using var client = Lab.StartIn(
            "client",
            "curl",
            "-sN",
            "-m",
            "600",
            "--resolve",
            $"long.example.com:80:{Lab.Gw1V4}",
            "http://long.example.com/"
        );
        var said = new char[5];
        Assert.Equal(5, await client.StandardOutput.ReadBlockAsync(said));
        Assert.Equal("first", new string(said));
        client.Kill(entireProcessTree: true);
        vm2.Kill(entireProcessTree: true);
    }

    [Fact]
    public async Task Tls_is_1_2_or_newer_and_plain_http_is_sent_there()
    {
        await using var team = await ServedAsync();
        await Eventually.TrueAsync(async () => (await team.StateAsync()).Certificates is { Held: [] });
        var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync($"expose vm2:8080 on {App} tls example"));
        await team.SaidAsync("note: there is no certificate example on gw1 that can be read");
        Assert.Contains("/etc/chatops/tls/example", failed.Result.Error, StringComparison.Ordinal);
        await MakeCertificateAsync("example", App);
        await Eventually.TrueAsync(async () => (await team.StateAsync()).Certificates is { Held: [{ Age: CertificateAge.Ends }] });
        await team.AppliedAsync(
            $"expose vm2:8080 on {App} tls example",
            $"expose vm3:8080 on {App}/api tls example",
            "expose vm3:8080 on plain.example.com"
        );
        Assert.Equal("https", (await HeadersAsync($"https://{App}/headers", "-k")).Headers["x-forwarded-proto"]);
        // It is for two days and one name.
        await team.SaidAsync($"reachable: https://{App}\n  note: certificate example ends on ");
        await team.AppliedAsync("expose vm3:8080 on other.example.com tls example");
        await team.SaidAsync($"note: certificate example is for {App}, not for other.example.com");
        await team.SaidAsync("note: certificate example is not for other.example.com");
        Assert.DoesNotContain("reachable: https://other.example.com", team.Transcript, StringComparison.Ordinal);
        Assert.Equal("vm3", (await HeadersAsync($"https://{App}/api/headers", "-k")).Name);
        var redirect = await CurlAsync($"http://{App}/a?b=c", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}");
        Assert.Equal($"308 https://{App}/a?b=c", redirect.Text);
        Assert.StartsWith("vm3 saw ", await GetAsync("http://plain.example.com/"), StringComparison.Ordinal);
        // Said as the nginx of this distribution wants it.
        Assert.Equal("2", (await CurlAsync($"https://{App}/", "-k", "-o", "/dev/null", "-w", "%{http_version}")).Text);
        Assert.DoesNotContain(
            "deprecated",
            (await Lab.ExecAsync("gw1", "journalctl", "-q", "-o", "cat", "-u", "chatops-nginx")).Text,
            StringComparison.Ordinal
        );
        Assert.Equal(0, (await CurlAsync($"https://{App}/", "-k", "--tls-max", "1.2")).Code);
        Assert.NotEqual(0, (await CurlAsync($"https://{App}/", "-k", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0")).Code);
        Assert.NotEqual(0, (await CurlAsync("https://stranger.example.com/", "-k")).Code);
        await AgreedAsync(team);
    }

    [Fact]
    public async Task A_websocket_stays_open_over_a_reload()
    {
        await using var team = await ServedAsync($"expose vm2:8080 on {App}");
        using var socket = await OpenWebSocket.ToAsync(Lab.Gw1V4, App);
        Assert.Equal("one", await socket.EchoAsync("one"));
        await team.AppliedAsync("expose vm3:8080 on shop.example.com");
        Assert.Equal("two", await socket.EchoAsync("two"));
    }

    [Fact]
    public async Task Load_is_balanced_and_a_dead_backend_is_left_out()
    {
        await using var team = await ServedAsync($"expose vm2:8080,vm3:8080 on {App}");
        Assert.Equal(["vm2", "vm3"], (await NamesAsync(20)).Distinct().Order());
        (await Lab.CallAsync("stop", "vm3")).Succeeded();
        Assert.All(await NamesAsync(40), n => Assert.Equal("vm2", n));
        (await Lab.CallAsync("start", "vm3")).Succeeded();
        await Eventually.TrueAsync(async () => (await NamesAsync(4)).Contains("vm3"));
    }

    [Fact]
    public async Task Only_some_networks_reach_a_web_address()
    {
        await using var team = await ServedAsync($"expose vm2:8080 on {App}", $"expose vm3:8080 on {App}/api from 198.51.100.0/24");
        Assert.Equal("403", await StatusAsync($"http://{App}/api/headers"));
        Assert.Equal("200", await StatusAsync($"http://{App}/api/headers", "--interface", "198.51.100.7"));
        Assert.Equal("200", await StatusAsync($"http://{App}/headers"));
    }

    private async Task<Team> ServedAsync(params string[] lines)
    {
        var team = await TeamAsync();
        await team.AppliedAsync(["vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", .. lines]);
        return team;
    }

    private static Task<Output> CurlAsync(string url, params string[] options)
    {
        var host = new Uri(url).Host;
        var address = options.Contains("-6") ? $"[{Lab.Gw1V6}]" : Lab.Gw1V4;
        return Lab.ExecAsync(
            "client",
            ["curl", "-s", "-m", "60", "--resolve", $"{host}:80:{address}", "--resolve", $"{host}:443:{address}", .. options, url]
        );
    }

    private static async Task<string> GetAsync(string url) => (await CurlAsync(url)).Succeeded().Text.Trim();

    private static async Task<string> StatusAsync(string url, params string[] options) =>
        (await CurlAsync(url, [.. options, "-o", "/dev/null", "-w", "%{http_code}"])).Text;

    private static async Task<Seen> HeadersAsync(string url, params string[] options) =>
        JsonSerializer.Deserialize<Seen>((await CurlAsync(url, options)).Succeeded().Text, JsonSerializerOptions.Web)!;

    private static async Task<string[]> NamesAsync(int count)
    {
        string[] urls = [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"http://{App}/?{i}"))];
        var output = (await CurlAsync(urls[0], ["-H", "Connection: close", .. urls[1..]])).Succeeded();
        var names = output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]).ToArray();
        Assert.Equal(count, names.Length);
        return names;
    }

    private sealed record Seen(string Name, Dictionary<string, string> Headers);
}
