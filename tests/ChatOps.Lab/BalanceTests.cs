namespace ChatOps.Lab;

/// <summary>TCP proxy with health checks.</summary>
[Trait("lab", "traffic")]
public sealed class BalanceTests : GatewayTest
{
    [Fact]
    public async Task Connections_spread_over_both_and_none_fails_once_a_dead_one_is_noticed()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", "expose vm2:8080,vm3:8080 on 7000 balanced");
        Assert.Equal(["vm2", "vm3"], (await NamesAsync(10)).Distinct().Order());
        (await Lab.CallAsync("stop", "vm3")).Succeeded();

        // Two checks, a second apart, until it is noticed.
        await Eventually.TrueAsync(async () => (await AnswersAsync(10)).SequenceEqual(Enumerable.Repeat("vm2", 10)));
        Assert.All(await NamesAsync(40), n => Assert.Equal("vm2", n));
        (await Lab.CallAsync("start", "vm3")).Succeeded();
        await Eventually.TrueAsync(async () => (await NamesAsync(4)).Contains("vm3"));
        await AgreedAsync(team);
    }

    [Fact]
    public async Task What_the_running_worker_says_of_its_vms_is_no_word_against_a_change()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", "expose vm2:7000,vm3:7000 on 7000 balanced");
        // It says so when no VM behind a port answers. Here it is said all the time, so that each reload meets it.
        foreach (
            var line in (string[])
                ["expose vm2:7000,vm3:7000 on 7001 balanced", "expose vm2:7000,vm3:7000 on 7002 balanced", "unexpose 7001"]
        )
        {
            using var saying = Lab.StartIn(
                "gw1",
                "sh",
                "-c",
                """
                said=$(for worker in $(pgrep -P $(systemctl show -P MainPID chatops-haproxy)); do echo "[ALERT]    ($worker) : proxy 'tcp-7000-ipv4' has no server available!"; done)
                echo ready
                while :; do echo "$said" >>/run/chatops/haproxy.messages; sleep 0.01; done
                """
            );
            Assert.Equal("ready", await saying.StandardOutput.ReadLineAsync(Patience.Token));
            await team.AppliedAsync(line);
            saying.Kill(entireProcessTree: true);
        }

        Assert.Contains(
            "has no server available",
            (await Lab.ExecAsync("gw1", "cat", "/run/chatops/haproxy.messages")).Text,
            StringComparison.Ordinal
        );
        await AgreedAsync(team);
    }

    [Fact]
    public async Task The_proxy_protocol_tells_the_vm_the_client()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            "expose vm2:7001 on 7001 proxy-protocol",
            "expose vm2:7001 on 7002 proxy-protocol v2"
        );
        foreach (var (port, version) in new[] { (7001, 1), (7002, 2) })
        {
            foreach (var (address, client) in new[] { (Lab.Gw1V4, "TCP4 from 203.0.113.100"), (Lab.Gw1V6, "TCP6 from 2001:db8::100") })
            {
                using var connection = OpenConnection.To(address, port);
                Assert.Contains($"PROXY v{version} {client} port ", await connection.EchoAsync("hello"), StringComparison.Ordinal);
            }
        }
    }

    private static async Task<string[]> NamesAsync(int count)
    {
        var names = await AnswersAsync(count);
        Assert.Equal(count, names.Length);
        return names;
    }

    // Who answered; requests that failed are left out.
    private static async Task<string[]> AnswersAsync(int count)
    {
        string[] urls = [.. Enumerable.Repeat($"http://{Lab.Gw1V4}:7000/", count)];
        var output = await Lab.ExecAsync("client", ["curl", "-s", "-m", "60", "-H", "Connection: close", .. urls]);
        return [.. output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0])];
    }
}
