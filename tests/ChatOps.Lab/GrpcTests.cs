using System.Diagnostics;

namespace ChatOps.Lab;

/// <summary>
/// HTTP/2 without TLS to a VM: gRPC over TLS before the gateway, in both directions at once, with trailers; and every other request.
/// </summary>
[Trait("lab", "traffic")]
public sealed class GrpcTests : GatewayTest
{
    private const string App = "app.example.com";
    private const string Old = "old.example.com";

    [Fact]
    public async Task Messages_go_both_ways_as_they_come_and_trailers_end_the_call()
    {
        await using var team = await TeamAsync();
        await MakeCertificateAsync("example", App);
        using var vm2 = Lab.StartIn("vm2", "dotnet", typeof(Program).Assembly.Location);
        Assert.Equal("ready", await vm2.StandardOutput.ReadLineAsync(Patience.Token));
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", $"expose vm2:{Program.Port} on {Old} h2c");
        var claims = await Claims.OptionsAsync();
        await WithoutTlsAsync();
        await team.AppliedAsync(
            $"expose vm3:8080 on {App} tls example",
            $"expose vm2:{Program.Port} on {App}/shop.Cart tls example grpc",
            $"expose vm2:{Program.Port} on {App}/plain tls example h2c"
        );
        await team.SaidAsync($"nginx gRPC to [400::100:0:0:2]:{Program.Port} (HTTP/2 without TLS there) over TLS (example)");
        await TalkAsync(Lab.Gw1V4, "203.0.113.100", claims);
        await TalkAsync($"[{Lab.Gw1V6}]", "2001:db8::100", claims);

        // Requests that are not gRPC, of clients that speak HTTP/2 and of those that do not.
        foreach (var version in (string[])["--http1.1", "--http2"])
        {
            var answer = await AskAsync(version, $"https://{App}/plain/a?b=c", claims);
            Assert.Contains($"x-saw: HTTP/2 http {App} /plain/a  for 203.0.113.100 https", answer);
            Assert.Contains(answer, IsSaidBack);
        }

        await WithoutTlsAsync();
        await team.AppliedAsync($"unexpose {App}/shop.Cart");
        Assert.Empty(await DriftAsync());
        await AgreedAsync(team);
        vm2.Kill(entireProcessTree: true);

        async Task WithoutTlsAsync()
        {
            var answer = await AskAsync("--http1.1", $"http://{Old}/", claims);
            Assert.StartsWith("HTTP/1.1 200", answer[0], StringComparison.Ordinal);
            Assert.Contains($"x-saw: HTTP/2 http {Old} /  for 203.0.113.100 http", answer);
            Assert.Contains(answer, IsSaidBack);
        }
    }

    private static async Task TalkAsync(string address, string client, string[] claims)
    {
        using var call = Calling(address, $"https://{App}/shop.Cart/Watch", claims);
        await call.StandardInput.WriteLineAsync("one");
        await call.StandardInput.FlushAsync();
        var head = await UntilAsync(call, "one");
        Assert.Contains("HTTP/2 200", head[0], StringComparison.Ordinal);
        Assert.Contains($"x-saw: HTTP/2 http {App} /shop.Cart/Watch trailers for {client} https", head);

        // The answer to the first was there before the second was sent.
        await call.StandardInput.WriteLineAsync("two");
        await call.StandardInput.FlushAsync();
        await UntilAsync(call, "two");
        call.StandardInput.Close();
        var tail = await UntilAsync(call, null);
        Assert.Contains("grpc-status: 0", tail);
        Assert.Contains("grpc-message: served", tail);

        // What is not gRPC has its place beside it.
        Assert.StartsWith(
            "vm3 saw ",
            (await Lab.ExecAsync("client", "curl", "-sk", "--resolve", $"{App}:443:{address}", $"https://{App}/")).Text,
            StringComparison.Ordinal
        );
    }

    // Trailers follow the text without a line's end between them.
    private static bool IsSaidBack(string line) => line.StartsWith("hello", StringComparison.Ordinal);

    // The lines of the answer to a small POST: its headers, and what the VM says back.
    private static async Task<string[]> AskAsync(string version, string url, string[] claims)
    {
        var uri = new Uri(url);
        var asked = await Lab.ExecAsync(
            "client",
            ["curl", "-sk", "-i", version, "-m", "60", "--resolve", $"{uri.Host}:{uri.Port}:{Lab.Gw1V4}", "--data", "hello", .. claims, url]
        );
        return [.. asked.Succeeded().Text.Split('\n').Select(l => l.TrimEnd('\r'))];
    }

    // What comes on standard input goes at once, in a call that stays open.
    private static Process Calling(string address, string url, string[] claims)
    {
        var host = new Uri(url).Host;
        return Lab.StartIn(
            "client",
            [
                "curl",
                "-skN",
                "--http2",
                "-D",
                "-",
                "--resolve",
                $"{host}:443:{address}",
                "-X",
                "POST",
                "-T",
                ".",
                "-H",
                "content-type: application/grpc",
                "-H",
                "te: trailers",
                .. claims,
                url,
            ]
        );
    }

    // The lines to the one that is waited for, or to the end.
    private static async Task<List<string>> UntilAsync(Process process, string? last)
    {
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(Patience.Token) is { } line)
        {
            lines.Add(line.TrimEnd('\r', ' '));
            if (line == last)
                return lines;
        }

        Assert.Null(last);
        return lines;
    }
}
