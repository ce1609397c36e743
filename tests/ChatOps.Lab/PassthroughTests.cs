using System.Diagnostics;
using System.Text.Json;

namespace ChatOps.Lab;

/// <summary>TLS passed through by its name: the VM holds the certificate, beside names whose TLS ends at the gateway.</summary>
[Trait("lab", "traffic")]
public sealed class PassthroughTests : GatewayTest
{
    private const string App = "app.example.com",
        Shop = "shop.example.com";

    private static readonly string[] Machines = ["vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3"];

    // An HTTPS server with a certificate of its own.
    private const string Server = """
        cd $(mktemp -d)
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=held-by-vm2 -keyout key.pem -out cert.pem 2>/dev/null
        exec openssl s_server -6 -accept 8443 -cert cert.pem -key key.pem -www
        """;

    // Who opens a port is told whether a VM answers there.
    private static async Task<Process> ServingAsync()
    {
        var server = Lab.StartIn("vm2", "sh", "-ec", Server);
        await Eventually.TrueAsync(async () =>
            (await Lab.ExecAsync("vm2", "ss", "-Hltn", "sport = :8443")).Text.Contains("8443", StringComparison.Ordinal)
        );
        return server;
    }

    [Fact]
    public async Task A_name_goes_to_the_vm_as_it_is_and_others_end_at_the_gateway()
    {
        await using var team = await TeamAsync();
        await MakeCertificateAsync("example", Shop);
        await team.AppliedAsync([.. Machines, $"expose vm3:8080 on {Shop} tls example"]);
        using var vm2 = await ServingAsync();
        using var poller = Poller.Start($"https://{Shop}/");
        await team.AppliedAsync($"expose vm2:8443 on {App} passthrough");
        await team.SaidAsync("reachable: https://app.example.com");
        await team.SaidAsync("TLS of app.example.com ends on vm2, with a certificate there");
        foreach (var (address, client) in new[] { (Lab.Gw1V4, "203.0.113.100"), ($"[{Lab.Gw1V6}]", "2001:db8::100") })
        {
            await Eventually.TrueAsync(async () =>
                (await CurlAsync(address, $"https://{App}/")).Error.Contains("CN=held-by-vm2", StringComparison.Ordinal)
            );
            var seen = JsonSerializer.Deserialize<Seen>(
                (await CurlAsync(address, $"https://{Shop}/headers")).Succeeded().Text,
                JsonSerializerOptions.Web
            )!;
            Assert.Equal("vm3", seen.Name);
            Assert.Equal(
                (client, "443", "https"),
                (seen.Headers["x-forwarded-for"], seen.Headers["x-forwarded-port"], seen.Headers["x-forwarded-proto"])
            );
            Assert.NotEqual(0, (await CurlAsync(address, "https://stranger.example.com/")).Code);

            // A browser that would use the connection for both names is told not to.
            Assert.Equal(
                "421",
                (await CurlAsync(address, $"https://{Shop}/", "-H", $"Host: {App}", "-o", "/dev/null", "-w", "%{http_code}")).Text
            );
            Assert.Equal("404", (await CurlAsync(address, $"http://{App}/", "-o", "/dev/null", "-w", "%{http_code}")).Text);
        }

        Assert.Empty(await poller.StopAsync());
        Assert.Empty(await DriftAsync());

        using var after = Poller.Start($"https://{Shop}/");
        await team.AppliedAsync($"unexpose {App}");
        Assert.NotEqual(0, (await CurlAsync(Lab.Gw1V4, $"https://{App}/")).Code);
        Assert.Empty(await after.StopAsync());
        Assert.Empty(await DriftAsync());
        await AgreedAsync(team);
        vm2.Kill(entireProcessTree: true);
    }

    [Fact]
    public async Task What_a_killed_nginx_leaves_behind_does_not_keep_it_from_starting()
    {
        using var vm2 = await ServingAsync();

        // Who looked at the gateway in that moment would call it drift.
        await using (var team = await TeamAsync())
            await team.AppliedAsync([.. Machines, $"expose vm2:8443 on {App} passthrough"]);
        await Eventually.TrueAsync(async () => (await CurlAsync(Lab.Gw1V4, $"https://{App}/")).Code == 0);
        (await Lab.ExecAsync("gw1", "systemctl", "kill", "-s", "KILL", "chatops-nginx")).Succeeded();
        await Eventually.TrueAsync(async () => (await CurlAsync(Lab.Gw1V4, $"https://{App}/")).Code == 0);
        vm2.Kill(entireProcessTree: true);
    }

    [Fact]
    public async Task Only_some_networks_get_there_and_only_for_its_time()
    {
        using var vm2 = await ServingAsync();
        await MakeCertificateAsync("example", Shop);
        string[] names = [Long('a', 253), Long('b', 239), Long('c', 253), Long('d', 253), Long('e', 246)];
        await using (var team = await TeamAsync())
        {
            await team.AppliedAsync([.. Machines, $"expose vm3:8080 on {Shop} tls example"]);
            // As long as names can be.
            await team.AppliedAsync(
                $"expose vm2:8443 on {names[0]} passthrough for 1m",
                $"expose vm3:8080 on {names[1]} for 1m",
                $"expose vm3:8080 on {names[2]} tls example for 1m",
                $"expose vm3:8080 on {names[3]}",
                $"expose vm2:8443 on {names[4]} passthrough"
            );
            await team.AppliedAsync("expose vm2:8443 on *.example.com passthrough from 198.51.100.0/24 for 1m");
        }

        Assert.Contains("CN=held-by-vm2", (await CurlAsync(Lab.Gw1V4, $"https://{names[4]}/")).Error, StringComparison.Ordinal);
        Assert.StartsWith("vm3 saw ", (await CurlAsync($"[{Lab.Gw1V6}]", $"http://{names[3]}/")).Text, StringComparison.Ordinal);
        string[] within = ["--interface", "198.51.100.7"];
        await Eventually.TrueAsync(async () => (await CurlAsync(Lab.Gw1V4, $"https://{App}/", within)).Code == 0);
        Assert.NotEqual(0, (await CurlAsync(Lab.Gw1V4, $"https://{App}/")).Code);

        // Nobody is there to say it. What shares the port goes on.
        await Eventually.TrueAsync(async () => (await CurlAsync(Lab.Gw1V4, $"https://{App}/", within)).Code != 0);
        Assert.StartsWith("vm3 saw ", (await CurlAsync(Lab.Gw1V4, $"https://{Shop}/")).Text, StringComparison.Ordinal);
        Assert.NotEqual(0, (await CurlAsync(Lab.Gw1V4, $"https://{names[0]}/")).Code);
        foreach (var url in (string[])[$"http://{names[1]}/", $"https://{names[2]}/"])
            Assert.Equal("404", (await CurlAsync(Lab.Gw1V4, url, "-o", "/dev/null", "-w", "%{http_code}")).Text);
        Assert.StartsWith("vm3 saw ", (await CurlAsync(Lab.Gw1V4, $"http://{names[3]}/")).Text, StringComparison.Ordinal);
        Assert.Contains("CN=held-by-vm2", (await CurlAsync(Lab.Gw1V4, $"https://{names[4]}/")).Error, StringComparison.Ordinal);
        Assert.Empty(await DriftAsync());
        vm2.Kill(entireProcessTree: true);
    }

    // Labels of 63 letters, the last ones before ".example.net" shorter.
    private static string Long(char letter, int length)
    {
        var rest = length - ".example.net".Length;
        var labels = new List<string>();
        for (; rest > 63; rest -= 64)
            labels.Add(new string(letter, 63));
        return $"{string.Join('.', [.. labels, new string(letter, rest)])}.example.net";
    }

    private static Task<Output> CurlAsync(string address, string url, params string[] options)
    {
        var host = new Uri(url).Host;
        return Lab.ExecAsync(
            "client",
            ["curl", "-skv", "-m", "60", "--resolve", $"{host}:80:{address}", "--resolve", $"{host}:443:{address}", .. options, url]
        );
    }

    private sealed record Seen(string Name, Dictionary<string, string> Headers);
}
