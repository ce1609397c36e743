using System.Globalization;

namespace ChatOps.Lab;

/// <summary>SNAT pools and port ranges: the far side sees those.</summary>
[Trait("lab", "traffic")]
public sealed class SourceNatTests : GatewayTest
{
    private static readonly string[] Pool = ["203.0.113.12", "203.0.113.13"];

    [Fact]
    public async Task The_far_side_sees_addresses_and_ports_of_the_pool()
    {
        await using var team = await TeamAsync();
        await Probe.AddVm1Async(team);
        await team.AppliedAsync($"snat vm1 from {Pool[0]}-{Pool[1]}:30000-40000");
        Assert.False(await Probe.ReachesFarAsync("vm1"));

        await team.AppliedAsync("allow vm1 out");
        for (var i = 0; i < 5; i++)
            IsOfPool(await Probe.SeenByFarAsync("vm1"));
        foreach (var (port, options) in new (int, string[])[] { (2000, []), (35000, []), (50000, []), (2001, ["-u"]) })
        {
            var text = await Lab.ExecAsync(
                "vm1",
                "sh",
                "-c",
                $"echo hello | nc {string.Join(' ', options)} -p {port.ToString(CultureInfo.InvariantCulture)} -w 5 {Probe.Far} 9000 | head -n 1"
            );
            IsOfPool(Probe.SeenIn(text.Succeeded().Text.Trim()));
        }

        // What has no ports goes out as well.
        (await Lab.ExecAsync("vm1", "ping", "-c", "1", "-W", "60", Probe.Far)).Succeeded();

        using var running = OpenConnection.Between("vm1", Probe.Far, 9000);
        IsOfPool(Probe.SeenIn(await running.ReadAsync() ?? ""));
        await team.AppliedAsync("remove snat vm1");
        Assert.DoesNotContain("saw", await running.EchoAsync("still there?", Lab.Moment) ?? "", StringComparison.Ordinal);
        Assert.Equal(Lab.Gw1V4, (await Probe.SeenByFarAsync("vm1"))?.Address);
        Assert.DoesNotContain(Pool[0], (await Lab.ExecAsync("gw1", "ip", "-4", "addr")).Text, StringComparison.Ordinal);
        await AgreedAsync(team);
    }

    private static void IsOfPool((string Address, int Port)? seen)
    {
        Assert.NotNull(seen);
        Assert.Contains(seen.Value.Address, Pool);
        Assert.InRange(seen.Value.Port, 30000, 40000);
    }
}
