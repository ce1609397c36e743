using ChatOps.Core.Domain.Changes;
using ChatOps.Operations.Applying;

namespace ChatOps.Lab;

/// <summary>Firewall: what is allowed passes, others are dropped and counted, over IPv4 and IPv6.</summary>
public sealed class FirewallTests : GatewayTest
{
    private const string V4 = $"http://{Lab.Gw1V4}/";
    private const string V6 = $"http://[{Lab.Gw1V6}]/";
    private const string Office4 = "198.51.100.7";
    private const string Office6 = "2001:db8:66::7";
    private const string Scanner = "203.0.113.66";

    private static readonly ApplyOptions Short = new(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Only_the_networks_of_an_exposure_reach_it()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            "expose vm2:8080 on 80 from 198.51.100.0/24,2001:db8:66::/48",
            "expose vm2:8080 on 81"
        );
        Assert.NotNull(await Probe.FetchAsync("client", V4, Office4));
        Assert.NotNull(await Probe.FetchAsync("client", V6, Office6));
        Assert.Equal(0, await Probe.CountedAsync("restricted"));
        Assert.Null(await Probe.GlanceAsync("client", V4));
        Assert.Null(await Probe.GlanceAsync("client", V6));
        Assert.InRange(await Probe.CountedAsync("restricted"), 2, 100);
        Assert.NotNull(await Probe.FetchAsync("client", $"http://{Lab.Gw1V4}:81/"));
    }

    [Fact]
    public async Task Allow_shuts_all_others_out_and_cuts_them_until_it_is_removed()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:7000 on 7000", "expose vm2:8080 on 80");
        using var proxied = OpenConnection.To(Lab.Gw1V4, 7000);
        using var straight = OpenConnection.To(Lab.Gw1V6, 7000);
        using var admitted = OpenConnection.To(Lab.Gw1V4, 7000, Office4);
        foreach (var connection in new[] { proxied, straight, admitted })
            Assert.Equal("before", await connection.EchoAsync("before"));

        await team.AppliedAsync("allow 198.51.100.0/24 to 7000", "allow 198.51.100.0/24 to 80");
        Assert.Null(await proxied.EchoAsync("after"));
        Assert.Null(await straight.EchoAsync("after"));
        Assert.Equal("after", await admitted.EchoAsync("after"));
        Assert.NotNull(await Probe.FetchAsync("client", V4, Office4));
        Assert.Null(await Probe.GlanceAsync("client", V4));
        Assert.Null(await Probe.GlanceAsync("client", V6, Office6));

        await team.AppliedAsync("allow 2001:db8:66::/64 to 80");
        Assert.NotNull(await Probe.FetchAsync("client", V6, Office6));
        Assert.Null(await Probe.GlanceAsync("client", V6));

        await team.AppliedAsync("remove allow 198.51.100.0/24 to 80", "remove allow 2001:db8:66::/64 to 80");
        Assert.NotNull(await Probe.FetchAsync("client", V4));
        Assert.NotNull(await Probe.FetchAsync("client", V6));
        await AgreedAsync(team);
    }

    [Fact]
    public async Task A_block_cuts_what_runs_and_drops_what_comes()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80", "expose vm2:7000 on 7000");
        using var proxied = OpenConnection.To(Lab.Gw1V4, 7000, Scanner);
        using var straight = OpenConnection.To(Lab.Gw1V6, 7000, Office6);
        using var bystander = OpenConnection.To(Lab.Gw1V4, 7000);
        foreach (var connection in new[] { proxied, straight, bystander })
            Assert.Equal("before", await connection.EchoAsync("before"));
        Assert.NotEmpty(await Probe.FlowsAsync("-s", Scanner));
        Assert.NotEmpty(await Probe.FlowsAsync("-f", "ipv6", "-s", Office6));

        await team.AppliedAsync($"block {Scanner}", "block 2001:db8:66::/48");
        Assert.Empty(await Probe.FlowsAsync("-s", Scanner));
        Assert.Empty(await Probe.FlowsAsync("-f", "ipv6", "-s", Office6));
        Assert.NotEqual("after", await proxied.EchoAsync("after", Lab.Moment));
        Assert.NotEqual("after", await straight.EchoAsync("after", Lab.Moment));
        Assert.Equal("after", await bystander.EchoAsync("after"));
        var before = await Probe.CountedAsync("blocked");
        Assert.Null(await Probe.GlanceAsync("client", V4, Scanner));
        Assert.Null(await Probe.GlanceAsync("client", V6, Office6));
        Assert.NotEqual(0, (await Lab.ExecAsync("client", "ping", "-c", "1", "-W", "1", "-I", Scanner, Lab.Gw1V4)).Code);
        Assert.InRange(await Probe.CountedAsync("blocked"), before + 3, before + 100);
        Assert.NotNull(await Probe.FetchAsync("client", V6));

        await team.AppliedAsync($"remove block {Scanner}", "remove block 2001:db8:66::/48");
        Assert.NotNull(await Probe.FetchAsync("client", V4, Scanner));
        Assert.NotNull(await Probe.FetchAsync("client", V6, Office6));
        await AgreedAsync(team);
    }

    [Fact]
    public async Task Ssh_is_open_to_the_allowed_only_and_sessions_stay()
    {
        await using var team = await TeamAsync();
        using var session = OpenConnection.To(Lab.Gw1V4, 22, Office4);
        Assert.StartsWith("SSH-2.0-", await session.ReadAsync(), StringComparison.Ordinal);
        await team.AppliedAsync("allow 203.0.113.0/24 to 22");
        Assert.Equal("Invalid SSH identification string.", (await session.EchoAsync("hello"))?.Trim());
        using var late = OpenConnection.To(Lab.Gw1V4, 22, Office4);
        Assert.DoesNotContain("SSH", await late.ReadAsync(Lab.Moment) ?? "", StringComparison.Ordinal);
        await team.AppliedAsync("remove allow 203.0.113.0/24 to 22");
        using var again = OpenConnection.To(Lab.Gw1V4, 22, Office4);
        Assert.StartsWith("SSH-2.0-", await again.ReadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allow 192.0.2.0/24 to 22", "controller")] // over the session that stays
    [InlineData("block 203.0.113.100", "timer")]
    public async Task A_rule_that_shuts_this_machine_out_is_taken_back(string line, string by)
    {
        // Over the session it comes first: on a slow machine, too.
        await using (var team = await TeamAsync(options: by == "timer" ? Short : null))
        {
            await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
            Assert.IsType<ChangeStatus.Failed>(await team.DoAsync(line));
            await team.SaidAsync("revision 2 still runs");
            Assert.Contains(
                $"\"by\":\"{by}\"",
                (await Lab.ExecAsync("gw1", "cat", "/var/lib/chatops/last-revert")).Text,
                StringComparison.Ordinal
            );
            Assert.NotNull(await Probe.FetchAsync("client", V4));
            await AgreedAsync(team);
        }

        await using var again = await TeamAsync();
        await again.AppliedAsync("expose vm2:8080 on 81");
    }

    [KernelLogFact]
    public async Task What_is_dropped_is_logged_with_the_reason()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            $"block {Scanner}",
            "allow 198.51.100.0/24 to 22222",
            "expose vm2:8080 on 22223",
            "limit 22223 to 1/hour"
        );
        using var log = new KernelLog();
        Assert.Null(await Probe.GlanceAsync("client", $"http://{Lab.Gw1V4}:22221/", Scanner));
        Assert.Null(await Probe.GlanceAsync("client", $"http://{Lab.Gw1V4}:22222/"));
        Assert.Null(await Probe.GlanceAsync("client", $"http://{Lab.Gw1V4}:22224/"));
        Assert.NotNull(await Probe.FetchAsync("client", $"http://{Lab.Gw1V4}:22223/"));
        Assert.Null(await Probe.GlanceAsync("client", $"http://{Lab.Gw1V4}:22223/"));
        var lines = await KernelLog.LinesAsync();
        Assert.Contains(lines, l =>
            l.Contains("chatops blocked: ", StringComparison.Ordinal)
            && l.Contains($"SRC={Scanner} ", StringComparison.Ordinal)
            && l.Contains("DPT=22221 ", StringComparison.Ordinal)
        );
        Assert.Contains(lines, l =>
            l.Contains("chatops restricted: ", StringComparison.Ordinal) && l.Contains("DPT=22222 ", StringComparison.Ordinal)
        );
        Assert.Contains(lines, l =>
            l.Contains("chatops limited: ", StringComparison.Ordinal) && l.Contains("DPT=22223 ", StringComparison.Ordinal)
        );
        Assert.Contains(lines, l =>
            l.Contains("chatops dropped: ", StringComparison.Ordinal) && l.Contains("DPT=22224 ", StringComparison.Ordinal)
        );
    }
}
