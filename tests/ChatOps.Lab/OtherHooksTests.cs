using ChatOps.Core.Domain.Values;

namespace ChatOps.Lab;

/// <summary>
/// Rules of others at every hook that a client's packet passes, in tables of every family: whoever they stop is named, and is stopped.
/// </summary>
[Trait("lab", "installed")]
public sealed class OtherHooksTests : GatewayTest
{
    private const string Drop = "tcp dport 8200 drop";

    [Fact]
    public async Task Whoever_is_stopped_is_named_and_nobody_else_is()
    {
        await using var team = await TeamAsync();
        await Probe.AddVm1Async(team);
        await team.AppliedAsync("expose vm1:8080 on 8200");
        Assert.Empty((await ObserveAsync()).InTheWay);
        Assert.Equal((true, true), await ServedAsync());

        // IPv4 clients are passed on by the kernel to port 8080 of vm1, IPv6 clients talk to a proxy on 8200.
        const Family v4 = Family.IPv4,
            v6 = Family.IPv6;
        await IsSeenAsync("netdev", "type filter hook ingress device \"eth0\" priority 0", Drop, v4, v6);
        await IsSeenAsync("inet", "type filter hook prerouting priority raw", Drop, v4, v6);
        await IsSeenAsync("ip", "type filter hook prerouting priority raw", Drop, v4);
        await IsSeenAsync("ip6", "type filter hook prerouting priority raw", Drop, v6);
        await IsSeenAsync("ip6", "type filter hook input priority filter", Drop, v6);
        await IsSeenAsync("inet", "type filter hook input priority filter + 5", Drop, v6);
        await IsSeenAsync("inet", "type filter hook forward priority filter", "tcp dport 8080 drop", v4);
        await IsSeenAsync("ip", "type filter hook forward priority filter - 5", "ip daddr 10.1.0.2 reject", v4);

        // What stops nobody of ours.
        await IsSeenAsync("ip", "type filter hook input priority filter", Drop);
        await IsSeenAsync("ip6", "type filter hook forward priority filter", "tcp dport 8080 drop");
        await IsSeenAsync("inet", "type filter hook input priority filter", "tcp dport 8201 drop");
        await IsSeenAsync("netdev", "type filter hook ingress device \"eth0\" priority 0", "udp dport 8200 drop");
        await AgreedAsync(team);
    }

    private static async Task IsSeenAsync(string family, string hook, string rule, params Family[] stopped)
    {
        var table = $"table {family} theirs {{ chain c {{ {hook}; policy accept; {rule}; }}; }}";
        (await Lab.ExecAsync("gw1", "nft", table)).Succeeded();
        var seen = (await ObserveAsync()).InTheWay;
        Assert.True(
            seen.Select(s => s.Family).Order().SequenceEqual(stopped.Order()),
            $"{table}\nseen: {string.Join("; ", seen.Select(s => s.InWords))}"
        );
        Assert.All(seen, s => Assert.Contains($"chain c of table {family} theirs", s.By, StringComparison.Ordinal));
        Assert.Equal((!stopped.Contains(Family.IPv4), !stopped.Contains(Family.IPv6)), await ServedAsync());
        (await Lab.ExecAsync("gw1", "nft", "delete", "table", family, "theirs")).Succeeded();
    }

    private static async Task<(bool Over4, bool Over6)> ServedAsync()
    {
        var served = await Task.WhenAll(Lab.GlanceAsync($"http://{Lab.Gw1V4}:8200/"), Lab.GlanceAsync($"http://[{Lab.Gw1V6}]:8200/"));
        return (served[0] is not null, served[1] is not null);
    }
}
