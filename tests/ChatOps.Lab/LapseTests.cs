using ChatOps.Core.Domain.Values;

namespace ChatOps.Lab;

/// <summary>What is open for a time is closed by the gateway itself: nobody else need be there.</summary>
[Trait("lab", "clocks")]
public sealed class LapseTests : ReconcileTest
{
    private const string App = "app.example.com";
    private const string Shop = "shop.example.com";

    private static readonly string[] Machines = ["vm add vm1 10.1.0.2", "vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3"];

    // One of each engine: DNAT and relay, HAProxy, dnsmasq, kamailio, pgbouncer.
    private static readonly (string Line, int Port)[] Engines =
    [
        ("expose vm2:7000 on 7000 for 1m", 7000),
        ("expose vm2:7000,vm3:7000 on 7100 balanced for 1m", 7100),
        ("expose vm2:53 as dns for 1m", 53),
        ("expose vm1:5060 as sip for 1m", 5060),
        ("expose vm1:5432 as postgres for 1m", 5432),
    ];

    [Fact]
    public async Task With_the_controller_gone_what_has_ended_is_closed_and_cut_and_stays_so_over_a_reboot()
    {
        await PutDatabaseUsersAsync();
        var connections = new List<OpenConnection>();
        OpenWebSocket web;
        OpenConnection stays;
        DateTimeOffset last;
        await using (var team = await TeamAsync())
        {
            // kamailio listens on the gateway's address in the WireGuard network.
            var key = (await Lab.CallAsync("pubkey", "vm1")).Succeeded().Text.Trim();
            await team.AppliedAsync([.. Machines, $"peer add vm1 {key} 10.1.0.2", "expose vm2:7000 on 7200", $"expose vm3:8080 on {Shop}"]);
            stays = OpenConnection.To(Lab.Gw1V4, 7200);
            Assert.Equal("stays", await stays.EchoAsync("stays"));
            foreach (var (line, port) in Engines)
            {
                await team.AppliedAsync(line);
                Assert.All(await AnswersAsync(port), answers => Assert.True(answers, line));
                foreach (var address in port >= 7000 ? [Lab.Gw1V4, Lab.Gw1V6] : Array.Empty<string>())
                {
                    connections.Add(OpenConnection.To(address, port));
                    Assert.Equal("open", await connections[^1].EchoAsync("open"));
                }
            }

            await team.AppliedAsync("expose vm2:5353 on 5353 udp for 1m", $"expose vm2:8080 on {App} for 1m");
            Assert.Equal("udp", await Lab.EchoAsync(Lab.Gw1V4, 5353, "udp", udp: true));
            Assert.Equal("udp", await Lab.EchoAsync(Lab.Gw1V6, 5353, "udp", udp: true));
            Assert.Equal("200", await StatusAsync(App));
            web = await OpenWebSocket.ToAsync(Lab.Gw1V4, App);
            Assert.Equal("open", await web.EchoAsync("open"));
            last = (await team.StateAsync()).Running.Exposures.Values.Max(x => x.Options.Until)!.Value;
        }

        await Task.Delay(last - DateTimeOffset.UtcNow is { Ticks: > 0 } rest ? rest : TimeSpan.Zero);
        await Eventually.TrueAsync(async () => await StatusAsync(App) == "404");
        await ClosedAsync();
        Assert.All(await Task.WhenAll(connections.Select(c => c.EchoAsync("still?"))), Assert.Null);
        await Assert.ThrowsAnyAsync<IOException>(() => web.EchoAsync("still?"));
        Assert.Equal("stays", await stays.EchoAsync("stays"));
        Assert.Equal("200", await StatusAsync(Shop));
        Assert.Empty(await DriftAsync());

        (await Lab.CallAsync("reboot", "gw1")).Succeeded();
        await Eventually.TrueAsync(async () => (await AnswersAsync(7200)).All(a => a) && await StatusAsync(Shop) == "200");
        await ClosedAsync();
        Assert.Equal("404", await StatusAsync(App));
        Assert.Empty(await DriftAsync());
        connections.ForEach(c => c.Dispose());
        web.Dispose();
        stays.Dispose();

        // The log hears of it when somebody is there again, in its usual way.
        await using var next = await WatchingAsync();
        await Eventually.TrueAsync(async () => (await next.StateAsync()).Desired.Exposures.Count == 2);
        await next.SettledAsync();
        Assert.Equal(2, (await next.StateAsync()).Running.Exposures.Count);
        Assert.DoesNotContain("drift", (await next.StateAsync()).Alerts.Keys);
        await AgreedAsync(next);
        Assert.Empty(await DriftAsync());
        Assert.Equal(
            "",
            (await Lab.ExecAsync("gw1", "sh", "-c", "ls /run/chatops/ended; nft list set inet chatops ended | grep elements")).Text.Trim()
        );
    }

    [Fact]
    public async Task What_is_extended_stays_open_and_what_is_approved_late_is_open_for_all_of_its_time()
    {
        await using (var team = await WatchingAsync())
        {
            await team.AppliedAsync([.. Machines, "expose vm2:7000 on 7000 for 1m", "extend 4 for 1h"]);
            Assert.True(await team.SayAsync("operator: expose vm2:8080 on 80 for 1m"));
            Clock.Jump(TimeSpan.FromMinutes(10));
            Assert.True(await team.SayAsync("approver: approve 6"));
            await team.SettledAsync();
            Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}/"));
            var until = (await team.StateAsync()).Running.Exposures[Text.Parse<PublicEndpoint>("80")].Options.Until!.Value;
            Assert.InRange(until - Clock.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        }

        await Task.Delay(TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(async () => await Lab.GlanceAsync($"http://{Lab.Gw1V4}/") is null);
        Assert.All(await AnswersAsync(7000), Assert.True);
    }

    [Fact]
    public async Task A_revision_that_is_taken_back_leaves_the_end_as_it_was()
    {
        await using (var team = await TeamAsync())
            await team.AppliedAsync([.. Machines, "expose vm2:7000 on 7000 for 1m"]);
        await using (
            var team = await TeamAsync(
                TemplatesWith("nftables/nftables.nft.sbn", "tcp dport {{ ssh_port }} accept", "tcp dport 2 accept"),
                new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30))
            )
        )
            Assert.IsType<Core.Domain.Changes.ChangeStatus.Failed>(await team.DoAsync("extend 4 for 1h"));
        Assert.All(await AnswersAsync(7000), Assert.True);
        await Task.Delay(TimeSpan.FromSeconds(50));
        await Eventually.TrueAsync(async () => (await AnswersAsync(7000)).All(a => !a));
    }

    private static async Task ClosedAsync()
    {
        foreach (var (line, port) in Engines)
            Assert.All(await AnswersAsync(port), answers => Assert.False(answers, line));
        Assert.Equal("", await Lab.EchoAsync(Lab.Gw1V4, 5353, "udp", udp: true, Lab.Moment));
        Assert.Equal("", await Lab.EchoAsync(Lab.Gw1V6, 5353, "udp", udp: true, Lab.Moment));
    }

    /// <summary>Whether a client gets a connection, over each family.</summary>
    private static async Task<bool[]> AnswersAsync(int port) =>
        await Task.WhenAll(
            new[] { Lab.Gw1V4, Lab.Gw1V6 }.Select(async address =>
                (await Lab.ExecAsync("client", "nc", "-z", "-w", "2", address, $"{port}")).Code == 0
            )
        );

    private static async Task<string> StatusAsync(string host) =>
        (
            await Lab.ExecAsync(
                "client",
                "curl",
                "-s",
                "-m",
                "5",
                "--resolve",
                $"{host}:80:{Lab.Gw1V4}",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                $"http://{host}/"
            )
        ).Text;

    // A verifier of nobody's password: pgbouncer starts, and that is all that is asked of it here.
    private static async Task PutDatabaseUsersAsync() =>
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-c",
                "umask 077; mkdir -p /etc/chatops/pgbouncer; echo '\"nobody\" \"SCRAM-SHA-256$4096:c2FsdHNhbHQ=$c3RvcmVka2V5:c2VydmVya2V5\"' >/etc/chatops/pgbouncer/users.txt"
            )
        ).Succeeded();
}
