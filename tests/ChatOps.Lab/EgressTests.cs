using System.Diagnostics;

namespace ChatOps.Lab;

/// <summary>
/// Masquerade for VMs with IPv4, NAT64 and DNS64 for those without: out to the internet, nowhere else, and only when allowed.
/// </summary>
[Trait("lab", "traffic")]
public sealed class EgressTests : GatewayTest
{
    // far.example.com, which has an IPv4 address only, as NAT64 writes it.
    private const string Far64 = "fd64::64:0:0:c633:64c8";

    [Fact]
    public async Task A_vm_behind_wireguard_goes_out_masqueraded()
    {
        await using var team = await TeamAsync();
        await Probe.AddVm1Async(team);
        Assert.False(await Probe.ReachesFarAsync("vm1"));

        await team.AppliedAsync("allow vm1 out");
        Assert.Equal(Lab.Gw1V4, (await Probe.SeenByFarAsync("vm1"))?.Address);
        using var running = OpenConnection.Between("vm1", Probe.Far, 9000);
        Assert.Equal(Lab.Gw1V4, Probe.SeenIn(await running.ReadAsync() ?? "").Address);

        // The gateway's own public ports, also those that lead back: as anybody does, where the gateway itself is answered by its proxies
        // alone.
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            "expose vm1:8080 on 8201",
            "expose vm2:8080 on 8202",
            "expose vm2:7001 on 7001 proxy-protocol"
        );
        Assert.StartsWith("vm1 saw ", await Probe.FetchAsync("vm1", $"http://{Lab.Gw1V4}:8201/"), StringComparison.Ordinal);
        Assert.StartsWith("vm2 saw ", await Probe.FetchAsync("vm1", $"http://{Lab.Gw1V4}:8202/"), StringComparison.Ordinal);
        Assert.Null(await Probe.GlanceAsync("gw1", $"http://{Lab.Gw1V4}:8201/"));
        Assert.Null(await Probe.GlanceAsync("gw1", $"http://{Lab.Gw1V4}:8202/"));
        using var own = OpenConnection.Between("gw1", Lab.Gw1V4, 7001);
        Assert.StartsWith("vm2: PROXY v1 TCP4 from 203.0.113.10 ", await own.EchoAsync("hello"), StringComparison.Ordinal);

        await team.AppliedAsync("remove allow vm1 out");
        Assert.DoesNotContain("saw", await running.EchoAsync("still there?", Lab.Moment) ?? "", StringComparison.Ordinal);
        Assert.False(await Probe.ReachesFarAsync("vm1"));
        await AgreedAsync(team);
    }

    [Fact]
    public async Task A_vm_without_ipv4_reaches_ipv4_hosts_by_name()
    {
        (await Lab.CallAsync("tool", "dig")).Succeeded();
        (await Lab.ExecAsync("gw1", "sh", "-c", $"echo nameserver {Probe.Far} >/etc/resolv.conf")).Succeeded();
        await using var team = await TeamAsync();
        await OverlayKnownAsync(team);
        await team.AppliedAsync("vm add vm2 400::100:0:0:2");
        Assert.Equal("", await AskAsync());
        Assert.False(await Probe.ReachesFarAsync("vm2", Far64));

        await team.AppliedAsync("allow vm2 out");
        await Eventually.TrueAsync(async () => await AskAsync() == Far64);

        // What the forwarder alone knows: names of its own network, and the reverse of private addresses and of those that DNS64 makes.
        Assert.Equal(Far64, await AskAsync("AAAA", "printer.home.arpa"));
        Assert.Equal("vm1.example.com.", await AskAsync("-x", "10.1.0.2"));
        Assert.Equal("far.example.com.", await AskAsync("-x", Far64));
        Assert.Equal(Lab.Gw1V4, (await Probe.SeenByFarAsync("vm2", Far64))?.Address);

        // Who validates by itself is told nothing that was made up.
        Assert.Equal("", await AskAsync("+cd", "AAAA", "far.example.com"));
        Assert.Equal(Probe.Far, await AskAsync("+cd", "A", "far.example.com"));

        Assert.False(await Probe.ReachesFarAsync("vm3", Far64));
        using var running = OpenConnection.Between("vm2", Far64, 9000);
        Assert.Equal(Lab.Gw1V4, Probe.SeenIn(await running.ReadAsync() ?? "").Address);

        await team.AppliedAsync("remove allow vm2 out");
        Assert.DoesNotContain("saw", await running.EchoAsync("still there?", Lab.Moment) ?? "", StringComparison.Ordinal);
        Assert.False(await Probe.ReachesFarAsync("vm2", Far64));
        Assert.Equal("", await AskAsync());
        await AgreedAsync(team);
    }

    [Fact]
    public async Task A_vm_on_the_overlay_goes_out_over_ipv6_as_the_gateway()
    {
        (await Lab.ExecAsync("vm2", "ip", "-6", "route", "replace", "2001:db8::/64", "via", "400::100:0:0:1")).Succeeded();
        await using var team = await TeamAsync();
        await OverlayKnownAsync(team);
        await team.AppliedAsync("vm add vm2 400::100:0:0:2");
        using var listener = Lab.StartIn("client", "nc", "-6", "-n", "-v", "-k", "-l", "9999");
        Assert.StartsWith("Listening", await listener.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        Assert.NotEqual(0, (await Lab.ExecAsync("vm2", "nc", "-z", "-w", "2", "2001:db8::100", "9999")).Code);
        await team.AppliedAsync("allow vm2 out");
        (await Lab.ExecAsync("vm2", "nc", "-z", "-w", "60", "2001:db8::100", "9999")).Succeeded();
        Assert.StartsWith($"Connection received on {Lab.Gw1V6} ", await listener.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        listener.Kill(entireProcessTree: true);
    }

    [Fact]
    public async Task Out_is_the_internet_and_not_what_is_private_behind_the_gateway()
    {
        await using var team = await TeamAsync();
        await OverlayKnownAsync(team);
        await Probe.AddVm1Async(team);
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "allow vm1 out", "allow vm2 out");
        try
        {
            // A private network of the gateway with a host in it, which would answer.
            (await Lab.ExecAsync("gw1", "ip", "addr", "add", "10.9.9.1/24", "dev", "myc0")).Succeeded();
            (await Lab.ExecAsync("vm3", "ip", "addr", "add", "10.9.9.9/24", "dev", "eth0")).Succeeded();
            (await Lab.ExecAsync("vm3", "ip", "route", "add", "default", "via", "10.9.9.1")).Succeeded();
            Assert.Equal("vm3 saw 10.9.9.1", await Probe.FetchAsync("gw1", "http://10.9.9.9:8080/"));
            Assert.NotNull(await Probe.SeenByFarAsync("vm1"));
            Assert.NotNull(await Probe.SeenByFarAsync("vm2", Far64));

            Assert.Null(await Probe.GlanceAsync("vm1", "http://10.9.9.9:8080/"));
            Assert.Null(await Probe.GlanceAsync("vm2", "http://[fd64:0:0:64::a09:909]:8080/"));
            // vm1's own address: NAT64 is no way from one VM to another.
            Assert.Null(await Probe.GlanceAsync("vm2", "http://[fd64:0:0:64::a01:2]:8080/"));

            // It ends well by this and is wanted all the same. While it starts, that is no drift, unless it takes five seconds.
            var asked = Stopwatch.StartNew();
            (await Lab.ExecAsync("gw1", "systemctl", "kill", "-s", "HUP", "chatops-tayga")).Succeeded();
            Assert.True(await DriftAsync() is [] || asked.Elapsed >= TimeSpan.FromSeconds(5));
            await Eventually.TrueAsync(() => Probe.ReachesFarAsync("vm2", Far64));
            Assert.Equal("1", (await Lab.ExecAsync("gw1", "systemctl", "show", "-P", "NRestarts", "chatops-tayga")).Text.Trim());
        }
        finally
        {
            await Lab.ExecAsync("vm3", "ip", "addr", "del", "10.9.9.9/24", "dev", "eth0");
        }
    }

    // What the gateway is on the overlay it says itself, when it is asked how it is.
    private static Task OverlayKnownAsync(Team team) =>
        Eventually.TrueAsync(async () => (await team.StateAsync()).Running.Gateway?.Overlay is not null);

    private static Task<string> AskAsync() => AskAsync("AAAA", "far.example.com");

    private static async Task<string> AskAsync(params string[] question)
    {
        var answer = await Lab.ExecAsync("vm2", ["dig", "+short", "+time=2", "+tries=1", .. question, "@400::100:0:0:1"]);
        return answer.Code == 0 ? answer.Text.Trim() : "";
    }
}
