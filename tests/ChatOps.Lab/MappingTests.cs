using ChatOps.Core.Domain.Changes;

namespace ChatOps.Lab;

/// <summary>1:1 NAT: a further public address and a VM stand for each other, both ways.</summary>
public sealed class MappingTests : GatewayTest
{
    private const string Public = "203.0.113.11";

    [Fact]
    public async Task Both_directions_carry_the_further_address()
    {
        await using var team = await TeamAsync();
        await Probe.AddVm1Async(team);
        Assert.Null(await Lab.GlanceAsync($"http://{Public}:8080/"));

        await team.AppliedAsync($"map {Public} to vm1");
        Assert.Equal("vm1 saw 10.1.0.1", await Lab.CurlAsync($"http://{Public}:8080/"));
        Assert.Equal("over udp", await Lab.EchoAsync(Public, 5353, "over udp", udp: true));
        (await Lab.ExecAsync("client", "ping", "-c", "1", "-W", "60", Public)).Succeeded();
        Assert.Equal(Public, (await Probe.SeenByFarAsync("vm1"))?.Address);

        // The gateway's own address is not the VM, and an exposure of the gateway's does not take the mapped one.
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}:8080/"));
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 8080");
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}:8080/"), StringComparison.Ordinal);
        Assert.Equal("vm1 saw 10.1.0.1", await Lab.CurlAsync($"http://{Public}:8080/"));

        await team.AppliedAsync("block 198.51.100.7");
        Assert.Null(await Probe.GlanceAsync("client", $"http://{Public}:8080/", "198.51.100.7"));
        Assert.NotNull(await Lab.CurlAsync($"http://{Public}:8080/"));

        // Behind a tunnel with smaller packets than the path, for a client whom nobody can tell.
        (await Lab.ExecAsync("gw1", "ip", "link", "set", "wg0", "mtu", "1280")).Succeeded();
        (
            await Lab.ExecAsync(
                "gw1",
                "nft",
                "table ip mute { chain out { type filter hook output priority 0; icmp type destination-unreachable drop; }; }"
            )
        ).Succeeded();
        Assert.Equal(
            "1000000",
            (await Lab.ExecAsync("client", "sh", "-c", $"head -c 1000000 /dev/zero | nc -N -w 30 {Public} 7000 | wc -c")).Text.Trim()
        );
        (await Lab.ExecAsync("gw1", "nft", "delete table ip mute")).Succeeded();
        await AgreedAsync(team);

        // A daemon of the machine's network takes away what it does not know of.
        Assert.Empty(await DriftAsync());
        (await Lab.ExecAsync("gw1", "ip", "addr", "del", $"{Public}/32", "dev", "eth0")).Succeeded();
        var gone = Assert.Single(await DriftAsync());
        Assert.Equal(("addresses", $"{Public} should be on this machine and is not"), (gone.What, gone.Diff));
        Assert.True(await team.SayAsync("operator: repair"));
        await team.SettledAsync();
        Assert.Equal("vm1 saw 10.1.0.1", await Lab.CurlAsync($"http://{Public}:8080/"));
    }

    [Fact]
    public async Task The_address_is_on_the_interface_that_is_said_and_moves_with_it()
    {
        (
            await Lab.ExecAsync("gw1", "sh", "-ec", "ip link add pub1 type veth peer name pub2; ip link set pub1 up; ip link set pub2 up")
        ).Succeeded();
        await using var team = await TeamAsync();
        await Probe.AddVm1Async(team);
        Assert.IsType<ChangeStatus.Applied>(await ByAdminAsync(team, "gateway change gw1 interface pub1"));
        await team.AppliedAsync($"map {Public} to vm1");
        Assert.Contains(Public, await HeldByAsync("pub1"), StringComparison.Ordinal);
        Assert.Equal("vm1 saw 10.1.0.1", await Lab.CurlAsync($"http://{Public}:8080/"));

        Assert.IsType<ChangeStatus.Applied>(await ByAdminAsync(team, "gateway change gw1 interface pub2"));
        Assert.DoesNotContain(Public, await HeldByAsync("pub1"), StringComparison.Ordinal);
        Assert.Contains(Public, await HeldByAsync("pub2"), StringComparison.Ordinal);
        Assert.Equal("vm1 saw 10.1.0.1", await Lab.CurlAsync($"http://{Public}:8080/"));

        var failed = Assert.IsType<ChangeStatus.Failed>(await ByAdminAsync(team, "gateway change gw1 interface pub3"));
        Assert.Contains("there is no interface pub3 on this gateway", failed.Result.Error, StringComparison.Ordinal);
        Assert.Equal("vm1 saw 10.1.0.1", await Lab.CurlAsync($"http://{Public}:8080/"));
        Assert.Empty(await DriftAsync());
        await AgreedAsync(team);
    }

    private static async Task<ChangeStatus> ByAdminAsync(Team team, string line)
    {
        var number = (await team.StateAsync()).NextNumber;
        Assert.True(await team.SayAsync($"admin: {line}"), team.Transcript);
        Assert.True(await team.SayAsync($"approver: approve {number}"), team.Transcript);
        await team.SettledAsync();
        return (await team.StateAsync()).Changes[number].Status;
    }

    private static async Task<string> HeldByAsync(string link) =>
        (await Lab.ExecAsync("gw1", "ip", "-4", "addr", "show", "dev", link)).Succeeded().Text;

    [Fact]
    public async Task Unmapped_the_address_is_gone_and_what_ran_is_cut()
    {
        await using var team = await TeamAsync();
        await Probe.AddVm1Async(team);
        await team.AppliedAsync($"map {Public} to vm1");
        using var inward = OpenConnection.To(Public, 7000);
        using var outward = OpenConnection.Between("vm1", Probe.Far, 9000);
        Assert.Equal("before", await inward.EchoAsync("before"));
        Assert.Equal(Public, Probe.SeenIn(await outward.ReadAsync() ?? "").Address);

        await team.AppliedAsync($"remove map {Public}");
        Assert.NotEqual("after", await inward.EchoAsync("after", Lab.Moment));
        Assert.DoesNotContain("saw", await outward.EchoAsync("still there?", Lab.Moment) ?? "", StringComparison.Ordinal);
        Assert.Empty(await Probe.FlowsAsync("-d", Public));
        Assert.Null(await Lab.GlanceAsync($"http://{Public}:8080/"));
        Assert.False(await Probe.ReachesFarAsync("vm1"));
        Assert.DoesNotContain(Public, (await Lab.ExecAsync("gw1", "ip", "-4", "addr")).Text, StringComparison.Ordinal);
        await AgreedAsync(team);
    }
}
