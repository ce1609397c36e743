namespace ChatOps.Lab;

/// <summary>
/// Rate limits. vm2 has no IPv4 address, so IPv4 clients come to it by a proxy and IPv6 clients by DNAT: whoever carries a port, it is the
/// client who is counted.
/// </summary>
[Trait("lab", "clocks")]
public sealed class LimitTests : GatewayTest
{
    private const string V4 = $"http://{Lab.Gw1V4}/";
    private const string V6 = $"http://[{Lab.Gw1V6}]/";
    private const string Noisy4 = "203.0.113.100";
    private const string Other4 = "198.51.100.7";
    private const string Third4 = "203.0.113.66";
    private const string Noisy6 = "2001:db8:66::7";
    private const string SameNoisy6 = "2001:db8:66:0:1234:5678:9abc:def0";
    private const string Other6 = "2001:db8::100";

    [Fact]
    public async Task Each_source_has_the_rate_for_itself()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80", "limit 80 to 3/hour");
        await TakenAsync(V4, Noisy4, Noisy4, Noisy4);
        Assert.Equal(0, await Probe.CountedAsync("limited"));
        await DroppedAsync(V4, Noisy4);
        Assert.InRange(await Probe.CountedAsync("limited"), 1, 100);
        await TakenAsync(V4, Other4, Other4, Other4);
        await DroppedAsync(V4, Other4, Noisy4);

        // One client has a /64.
        (await Lab.ExecAsync("client", "ip", "addr", "replace", $"{SameNoisy6}/64", "dev", "eth0", "nodad")).Succeeded();
        try
        {
            await TakenAsync(V6, Noisy6, SameNoisy6, SameNoisy6);
            await DroppedAsync(V6, Noisy6, SameNoisy6);
            await TakenAsync(V6, Other6, Other6, Other6);
            await DroppedAsync(V6, Other6);
        }
        finally
        {
            (await Lab.ExecAsync("client", "ip", "addr", "del", $"{SameNoisy6}/64", "dev", "eth0")).Succeeded();
        }

        Assert.Empty(await DriftAsync());
        await AgreedAsync(team);
    }

    [Fact]
    public async Task For_all_it_is_one_rate()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80", "limit 80 to 3/hour for all");
        await TakenAsync(V4, Noisy4, Other4);
        await TakenAsync(V6, Noisy6);
        Assert.Equal(0, await Probe.CountedAsync("limited"));
        await DroppedAsync(V4, Noisy4, Third4);
        await DroppedAsync(V6, Other6);
        Assert.InRange(await Probe.CountedAsync("limited"), 3, 100);
        Assert.Empty(await DriftAsync());
        await team.AppliedAsync("remove limit 80");
        await TakenAsync(V4, Noisy4, Noisy4, Noisy4, Noisy4);
    }

    [Fact]
    public async Task Another_limit_cuts_nothing_and_everybody_begins_anew()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80", "expose vm2:7000 on 7000", "limit 80 to 1/hour");
        using var proxied = OpenConnection.To(Lab.Gw1V4, 7000, Noisy4);
        using var straight = OpenConnection.To(Lab.Gw1V6, 7000, Noisy6);
        foreach (var connection in new[] { proxied, straight })
            Assert.Equal("before", await connection.EchoAsync("before"));
        await TakenAsync(V4, Noisy4);
        await DroppedAsync(V4, Noisy4);
        var limited = await Probe.CountedAsync("limited");

        await team.AppliedAsync("limit 7000 to 1/hour", "limit 53/udp to 100/second for all");
        Assert.InRange(await Probe.CountedAsync("limited"), limited, 100);
        await TakenAsync(V4, Noisy4);
        await team.AppliedAsync("remove limit 80", "limit 80 to 2/minute for all");
        await TakenAsync(V4, Noisy4, Other4);
        Assert.Empty(await DriftAsync());

        // What was counted is there still: nothing was loaded but what differs.
        Assert.InRange(await Probe.CountedAsync("limited"), limited, 100);
        foreach (var connection in new[] { proxied, straight })
            Assert.Equal("after", await connection.EchoAsync("after"));
        await AgreedAsync(team);
    }

    [Fact]
    public async Task Who_finds_no_room_among_the_sources_shares_the_rate()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80", "limit 80 to 2/hour");
        await TakenAsync(V4, Noisy4);
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-c",
                """
                awk 'BEGIN {
                  printf "add element inet chatops sources4 {"
                  for (i = 1; i < 65536; i++) printf "%s tcp . 80 . 10.99.%d.%d timeout 1h", (i > 1 ? "," : ""), i / 256, i % 256
                  print " }"
                }' | nft -f -
                """
            )
        ).Succeeded();
        await TakenAsync(V4, Noisy4, Other4, Third4);
        await DroppedAsync(V4, Noisy4, Other4, Third4);
        await TakenAsync(V6, Other6);
        Assert.Empty(await DriftAsync());
    }

    private static async Task TakenAsync(string url, params string[] sources)
    {
        foreach (var source in sources)
            Assert.NotNull(await Probe.FetchAsync("client", url, source));
    }

    private static async Task DroppedAsync(string url, params string[] sources)
    {
        foreach (var source in sources)
            Assert.Null(await Probe.GlanceAsync("client", url, source));
    }
}
