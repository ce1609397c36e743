using System.Text;

namespace ChatOps.Lab;

/// <summary>WireGuard: peers, routes.</summary>
[Trait("lab", "second")]
public sealed class PeerTests : GatewayTest
{
    [Fact]
    public async Task A_new_peer_pings_vm1_by_the_configuration_it_was_given_and_no_running_session_drops()
    {
        var key = (await Lab.CallAsync("pubkey", "vm1")).Succeeded().Text.Trim();
        await using var team = await TeamAsync();
        await team.AppliedAsync($"peer add vm1 {key} 10.1.0.2", "vm add vm1 10.1.0.2", "expose vm1:7000 on 7000");
        using var running = OpenConnection.To(Lab.Gw1V4, 7000);
        Assert.Equal("before", await running.EchoAsync("before"));

        await team.AppliedAsync("peer add laptop");
        var first = team.Whispered!.Content;
        Assert.Equal("10.1.0.100/32", Laptop.Setting(first, "Address"));
        Assert.Equal($"{Lab.Gw1V4}:51820", Laptop.Setting(first, "Endpoint"));
        await using var laptop = await Laptop.StartAsync(first);
        await laptop.ReachesAsync("10.1.0.1");
        await laptop.ReachesAsync("10.1.0.2");
        Assert.Equal("added", await running.EchoAsync("added"));
        Assert.Equal(2, (await ObserveAsync()).Handshakes.Count);

        await team.AppliedAsync("peer rotate laptop");
        var second = team.Whispered!.Content;
        Assert.NotEqual(Laptop.Setting(first, "PrivateKey"), Laptop.Setting(second, "PrivateKey"));
        Assert.False(await laptop.PingsAsync("10.1.0.2"), "the former key still works");
        await laptop.UseAsync(second);
        await laptop.ReachesAsync("10.1.0.2");
        Assert.Equal("rotated", await running.EchoAsync("rotated"));

        await team.AppliedAsync("peer remove laptop");
        Assert.False(await laptop.PingsAsync("10.1.0.2"), "a removed peer still gets through");
        Assert.Equal("removed", await running.EchoAsync("removed"));
        await IsReachedThroughAsync(team, laptop);
        await AgreedAsync(team);

        var places = $"{team.Transcript}{await EverythingOnAsync("gw1")}{string.Concat(Directory.EnumerateFiles(Path.GetDirectoryName(Log)!).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))))}";
        Assert.Contains(key, places, StringComparison.Ordinal);
        Assert.All([first, second], c => Assert.DoesNotContain(Laptop.Setting(c, "PrivateKey"), places, StringComparison.Ordinal));
    }

    // The laptop as a way to a network of its own, whose machines other peers and clients reach.
    private static async Task IsReachedThroughAsync(Team team, Laptop laptop)
    {
        await team.AppliedAsync("peer add office routes 192.168.77.0/24,fd77::/64");
        await laptop.UseAsync(team.Whispered!.Content);
        (await Lab.ExecAsync("client", "ip", "address", "add", "192.168.77.5/32", "dev", "lo")).Succeeded();
        try
        {
            using var printer = Lab.StartIn("client", "socat", "TCP4-LISTEN:7070,bind=192.168.77.5,fork", "EXEC:cat");
            await Eventually.TrueAsync(async () => (await Lab.ExecAsync("vm1", "ping", "-n", "-c", "1", "-W", "2", "192.168.77.5")).Code == 0);
            await team.AppliedAsync("vm add printer 192.168.77.5", "expose printer:7070 on 7700");
            using var connection = OpenConnection.To(Lab.Gw1V6, 7700);
            Assert.Equal("printed", await connection.EchoAsync("printed"));
            Assert.Contains("fd77::/64", (await Lab.ExecAsync("gw1", "ip", "-6", "route", "show", "dev", "wg0")).Text, StringComparison.Ordinal);
            Assert.Empty(await DriftAsync());
            Assert.False(await team.SayAsync("operator: peer remove office"));
            await team.AppliedAsync("unexpose 7700", "peer remove office");
            Assert.DoesNotContain("192.168.77", (await Lab.ExecAsync("gw1", "ip", "route", "show", "dev", "wg0")).Text, StringComparison.Ordinal);
            printer.Kill(entireProcessTree: true);
        }
        finally
        {
            (await Lab.ExecAsync("client", "ip", "address", "del", "192.168.77.5/32", "dev", "lo")).Succeeded();
        }
    }

    // What has come to the gateway: every revision, and its journal.
    private static async Task<string> EverythingOnAsync(string gateway) =>
        (await Lab.ExecAsync(gateway, "sh", "-c", "cat /var/lib/chatops/revisions/*/* /etc/wireguard/*; journalctl -q --no-pager")).Text;
}
