using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Ssh;
using ChatOps.Rendering;

namespace ChatOps.Lab;

/// <summary>Only the difference is loaded, what it leads to is what a full load leads to, and nothing else notices.</summary>
public sealed class IncrementalTests : GatewayTest
{
    [Fact]
    public async Task Elements_that_come_and_go_lead_to_the_same_table_as_a_full_load()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", "expose vm2:7000 on 7000");
        var table = await TableAsync();
        using var running = OpenConnection.To(Lab.Gw1V6, 7000);
        Assert.Equal("before", await running.EchoAsync("before"));

        // The first and the last element of a set, a port that leads elsewhere, one to both VMs, UDP.
        await team.AppliedAsync(
            "expose vm2:5353 on 53 udp",
            "expose vm3:8080 on 80",
            "unexpose 53/udp",
            "unexpose 80",
            "expose vm2:8080 on 80"
        );
        await team.AppliedAsync("expose vm2:7000,vm3:7000 on 7001", "unexpose 7001", "expose vm3:7000 on 7001");

        Assert.Equal(table, await TableAsync());
        Assert.Empty(await DriftAsync());
        Assert.Equal("after", await running.EchoAsync("after"));
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://[{Lab.Gw1V6}]/"), StringComparison.Ordinal);
        await AgreedAsync(team);
    }

    [Theory]
    [InlineData("sed -i 's/policy accept/policy  accept/' /var/lib/chatops/current/nftables.nft", "expose vm2:8080 on 81", "nftables.nft")]
    [InlineData("nft add rule inet chatops forward tcp dport 4444 accept", "snat vm1 from 203.0.113.12", "table inet chatops")]
    public async Task What_was_changed_by_hand_a_moment_ago_is_not_overwritten_by_the_next_change(string byHand, string line, string what)
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm1 10.1.0.2", "vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        (await Lab.ExecAsync("gw1", "sh", "-c", byHand)).Succeeded();

        var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync(line));
        Assert.Equal("looking for drift", failed.Result.Step);
        Assert.Contains(what, failed.Result.Error, StringComparison.Ordinal);
        Assert.NotEmpty(await DriftAsync());

        Assert.True(await team.SayAsync("operator: repair"));
        await team.SettledAsync();
        Assert.Empty(await DriftAsync());
        await team.AppliedAsync(line);
        await AgreedAsync(team);
    }

    [Fact]
    public async Task What_was_counted_is_what_was_sent_and_a_change_elsewhere_leaves_it()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            "vm add vm3 400::100:0:0:3",
            "expose vm2:7000 on 7000",
            "expose vm2:8080,vm3:8080 on 80"
        );
        using var running = OpenConnection.To(Lab.Gw1V6, 7000);
        Assert.Equal("0", await running.EchoAsync("0"));
        var first = await StatsAsync();
        for (var i = 1; i <= 5; i++)
            Assert.Equal($"{i}", await running.EchoAsync($"{i}"));
        Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}/"));
        await team.AppliedAsync("expose vm3:7000 on 7001");

        var stats = await StatsAsync();
        var (before, echo) = (Of(first, Family.IPv6, 7000), Of(stats, Family.IPv6, 7000));
        // Each line is a packet there, an acknowledgement there, and a packet back, at the least.
        Assert.Equal((1, 1), (echo.Opened, echo.Open));
        Assert.InRange(echo.In.Packets - before.In.Packets, 5, 15);
        Assert.InRange(echo.Out.Packets - before.Out.Packets, 5, 15);
        // Two bytes, IPv6 and TCP with time stamps: 74 bytes.
        Assert.True(echo.Out.Bytes - before.Out.Bytes >= 5 * 74);
        var web = Of(stats, Family.IPv4, 80);
        Assert.Equal(1, web.Opened);
        Assert.True(web.Out.Packets >= 3 && web.In.Packets >= 4, $"{web}");
        Assert.DoesNotContain(stats.Ports, p => p.Port.Port.Number == 7001);
        Assert.Equal(["vm1", "vm2"], stats.Backends.Where(b => b.Listener == "tcp-80-ipv4" && b.IsUp).Select(b => b.Server));
    }

    [Fact]
    public async Task What_somebody_did_by_hand_is_found_and_left_alone_and_a_full_load_puts_it_back()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80", "expose vm2:5353 on 53 udp");
        Assert.Empty(await DriftAsync());

        (await Lab.ExecAsync("gw1", "nft", "add rule inet chatops input tcp dport 9999 accept")).Succeeded();
        (await Lab.ExecAsync("gw1", "nft", "add table inet others")).Succeeded();
        (await Lab.ExecAsync("gw1", "sed", "-i", "s/5353/5354/", "/var/lib/chatops/current/udprelay.conf")).Succeeded();
        (await Lab.ExecAsync("gw1", "sysctl", "-q", "-w", "net.ipv4.ip_forward=0")).Succeeded();
        (await Lab.ExecAsync("gw1", "systemctl", "stop", "chatops-udprelay")).Succeeded();

        var drift = (await DriftAsync()).ToDictionary(d => d.What, d => d.Diff);
        Assert.Equal(["listeners", "nftables", "sysctl", "udprelay", "udprelay.conf"], drift.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("+\t\ttcp dport 9999 accept", drift["nftables"], StringComparison.Ordinal);
        Assert.Contains("-to [400::100:0:0:2]:5353\n+to [400::100:0:0:2]:5354", drift["udprelay.conf"], StringComparison.Ordinal);
        Assert.Contains("+net.ipv4.ip_forward = 0", drift["sysctl"], StringComparison.Ordinal);
        Assert.Contains("should run", drift["udprelay"], StringComparison.Ordinal);
        Assert.Equal(5, (await DriftAsync()).Length);

        await FullAsync(team);

        Assert.Empty(await DriftAsync());
        Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}/"));
        (await Lab.ExecAsync("gw1", "nft", "list table inet others")).Succeeded();
    }

    // What a repair does: the same files as a new revision, in full.
    private static async Task FullAsync(Team team)
    {
        var lab = Lab.File;
        await using var shell = new SshGatewayClient(lab.Access);
        var state = await team.StateAsync();
        var files = new ConfigRenderer(new Templates(Team.Templates)).Render(state.Running);
        var next = new Revision(state.RunningRevision.Number + 1);
        Assert.IsType<GatewayAnswer.Done>(
            await shell.ApplyAsync(lab.Gateways[0], next, TimeSpan.FromSeconds(30), files, full: true, _ => { }, default)
        );
        Assert.IsType<GatewayAnswer.Done>(await shell.ConfirmAsync(lab.Gateways[0], next, default));
    }

    private static PortStats Of(GatewayStats stats, Family clients, int port) =>
        stats.Ports.Single(p => p.Clients == clients && p.Port.Port.Number == port);

    private static async Task<GatewayStats> StatsAsync()
    {
        var lab = Lab.File;
        await using var shell = new SshGatewayClient(lab.Access);
        return await shell.StatsAsync(lab.Gateways[0], default);
    }

    // The kernel gives each table a handle of its own, so one that was replaced has another.
    private static async Task<string> TableAsync() =>
        (await Lab.ExecAsync("gw1", "nft", "-a", "-t", "list", "table", "inet", "chatops")).Succeeded().Text.Split('\n')[0];
}
