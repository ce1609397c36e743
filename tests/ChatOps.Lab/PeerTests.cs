using System.Text;

namespace ChatOps.Lab;

/// <summary>WireGuard: peers, their keys, routes, both families.</summary>
[Trait("lab", "installed")]
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
        Assert.Contains(Laptop.Setting(first, "PresharedKey"), await PresharedKeysAsync(), StringComparison.Ordinal);
        await laptop.ReachesAsync("10.1.0.2");
        Assert.Equal("added", await running.EchoAsync("added"));
        Assert.Equal(2, (await ObserveAsync()).Handshakes.Count);

        await team.AppliedAsync("peer rotate laptop");
        var second = team.Whispered!.Content;
        Assert.NotEqual(Laptop.Setting(first, "PrivateKey"), Laptop.Setting(second, "PrivateKey"));
        Assert.False(await laptop.PingsAsync("10.1.0.2"), "the former key still works");
        Assert.NotEqual(Laptop.Setting(first, "PresharedKey"), Laptop.Setting(second, "PresharedKey"));
        await laptop.UseAsync(second);
        await laptop.ReachesAsync("10.1.0.2");
        Assert.Equal("rotated", await running.EchoAsync("rotated"));
        Assert.Contains(Laptop.Setting(second, "PresharedKey"), await PresharedKeysAsync(), StringComparison.Ordinal);
        Assert.Empty(await DriftAsync());
        await laptop.UseAsync(second.Replace($"PresharedKey = {Laptop.Setting(second, "PresharedKey")}\n", "", StringComparison.Ordinal));
        Assert.False(await laptop.PingsAsync("10.1.0.1"), "the key alone is enough");

        await team.AppliedAsync("undo 5");
        await laptop.UseAsync(first);
        await laptop.ReachesAsync("10.1.0.2");

        await team.AppliedAsync("peer remove laptop");
        Assert.False(await laptop.PingsAsync("10.1.0.2"), "a removed peer still gets through");
        Assert.Equal("removed", await running.EchoAsync("removed"));
        await IsReachedThroughAsync(team, laptop);
        await AgreedAsync(team);

        var places =
            $"{team.Transcript}{string.Join('\n', team.Complaints)}{await EverythingOnAsync("gw1")}{string.Concat(Directory.EnumerateFiles(Path.GetDirectoryName(Log)!).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))))}";
        Assert.Contains(key, places, StringComparison.Ordinal);
        foreach (var configuration in (string[])[first, second])
        {
            Assert.DoesNotContain(Laptop.Setting(configuration, "PrivateKey"), places, StringComparison.Ordinal);
            Assert.DoesNotContain(Laptop.Setting(configuration, "PresharedKey"), places, StringComparison.Ordinal);
        }

        // By design in the file that the tunnel is made of, which root alone reads.
        var modes = await Lab.ExecAsync(
            "gw1",
            "sh",
            "-c",
            "stat -c %a /var/lib/chatops; stat -c %a /var/lib/chatops/revisions/*/wg0.conf | sort -u"
        );
        Assert.Equal("700\n600\n", modes.Text);
    }

    [Fact]
    public async Task Both_families_in_the_tunnel_lead_to_vm1_and_out_of_it()
    {
        var key = (await Lab.CallAsync("pubkey", "vm1")).Succeeded().Text.Trim();
        await using var team = await TeamAsync();
        Assert.True(await team.SayAsync("admin: gateway change gw1 wireguard6 fd77:1::/64"), team.Transcript);
        Assert.True(await team.SayAsync("approver: approve 1"), team.Transcript);
        await team.SettledAsync();
        await team.AppliedAsync($"peer add vm1 {key} 10.1.0.2", "vm add vm1 10.1.0.2", "expose vm1:8080 on 8080");
        Assert.Equal("vm1 saw 10.1.0.1", await Lab.CurlAsync($"http://[{Lab.Gw1V6}]:8080/"));
        var tunnel = (await Lab.ExecAsync("vm1", "ip", "-o", "-4", "address", "show", "to", "10.1.0.2"))
            .Succeeded()
            .Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var gateway = (await ObserveAsync()).WireGuardKey!.Value;
        (await Lab.ExecAsync("vm1", "wg", "set", tunnel, "peer", $"{gateway}", "allowed-ips", "0.0.0.0/0,::/0")).Succeeded();
        (await Lab.ExecAsync("vm1", "ip", "address", "add", "fd77:1::2/64", "dev", tunnel, "nodad")).Succeeded();
        (await Lab.ExecAsync("vm1", "ip", "-6", "route", "add", "default", "dev", tunnel)).Succeeded();
        try
        {
            // By the kernel and no proxy any more: vm1 sees the gateway's address of the client's own family.
            await team.AppliedAsync("vm change vm1 10.1.0.2,fd77:1::2");
            Assert.Equal("vm1 saw fd77:1::1", await Lab.CurlAsync($"http://[{Lab.Gw1V6}]:8080/"));
            Assert.Equal("vm1 saw 10.1.0.1", await Lab.CurlAsync($"http://{Lab.Gw1V4}:8080/"));

            await team.AppliedAsync("peer add laptop");
            var configuration = team.Whispered!.Content;
            Assert.Equal("10.1.0.100/32, fd77:1::64/128", Laptop.Setting(configuration, "Address"));
            await using var laptop = await Laptop.StartAsync(configuration);
            foreach (var address in (string[])["10.1.0.1", "fd77:1::1", "10.1.0.2", "fd77:1::2"])
                await laptop.ReachesAsync(address);

            Assert.NotEqual(0, (await Lab.ExecAsync("vm1", "ping", "-n", "-c", "1", "-W", "2", "2001:db8::100")).Code);
            await team.AppliedAsync("allow vm1 out");
            (await Lab.ExecAsync("vm1", "ping", "-n", "-c", "3", "-W", "5", "2001:db8::100")).Succeeded();
            Assert.Empty(await DriftAsync());
            await AgreedAsync(team);
        }
        finally
        {
            await Lab.ExecAsync("vm1", "ip", "-6", "route", "del", "default", "dev", tunnel);
            await Lab.ExecAsync("vm1", "ip", "address", "del", "fd77:1::2/64", "dev", tunnel);
        }
    }

    [Fact]
    public async Task A_gateway_that_was_made_anew_keeps_the_peer_outside_until_its_keys_are_made_anew_too()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("peer add laptop");
        var former = team.Whispered!.Content;
        (await Lab.ExecAsync("gw1", "rm", "/etc/wireguard/wg0.key")).Succeeded();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        Assert.DoesNotContain(Laptop.Setting(former, "PresharedKey"), await PresharedKeysAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("(none)", await PresharedKeysAsync(), StringComparison.Ordinal);
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}/"), StringComparison.Ordinal);
        var now = (await ObserveAsync()).WireGuardKey;
        await Eventually.TrueAsync(() => team.Core.Board.Get(Gw1)?.Observation?.WireGuardKey == now);
        Assert.True(await team.SayAsync("operator: status"));
        await team.SaidAsync(
            "laptop on gw1: its preshared key was made for another machine, so it cannot connect: peer rotate laptop at gw1"
        );

        await team.AppliedAsync("peer rotate laptop");
        await using var laptop = await Laptop.StartAsync(team.Whispered!.Content);
        await laptop.ReachesAsync("10.1.0.1");
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
            await Eventually.TrueAsync(async () =>
                (await Lab.ExecAsync("vm1", "ping", "-n", "-c", "1", "-W", "2", "192.168.77.5")).Code == 0
            );
            await team.AppliedAsync("vm add printer 192.168.77.5", "expose printer:7070 on 7700");
            using var connection = OpenConnection.To(Lab.Gw1V6, 7700);
            Assert.Equal("printed", await connection.EchoAsync("printed"));
            Assert.Contains(
                "fd77::/64",
                (await Lab.ExecAsync("gw1", "ip", "-6", "route", "show", "dev", "wg0")).Text,
                StringComparison.Ordinal
            );
            Assert.Empty(await DriftAsync());
            Assert.False(await team.SayAsync("operator: peer remove office"));
            await team.AppliedAsync("unexpose 7700", "peer remove office");
            Assert.DoesNotContain(
                "192.168.77",
                (await Lab.ExecAsync("gw1", "ip", "route", "show", "dev", "wg0")).Text,
                StringComparison.Ordinal
            );
            printer.Kill(entireProcessTree: true);
        }
        finally
        {
            (await Lab.ExecAsync("client", "ip", "address", "del", "192.168.77.5/32", "dev", "lo")).Succeeded();
        }
    }

    // A line a peer: its key and its preshared one, or "(none)".
    private static async Task<string> PresharedKeysAsync() =>
        (await Lab.ExecAsync("gw1", "wg", "show", "wg0", "preshared-keys")).Succeeded().Text;

    // What has come to the gateway: all that is kept there but the file that the tunnel is made of, and its journal.
    private static async Task<string> EverythingOnAsync(string gateway) =>
        (
            await Lab.ExecAsync(
                gateway,
                "sh",
                "-c",
                "find /var/lib/chatops /run/chatops /etc/wireguard -type f ! -path '/var/lib/chatops/revisions/*[0-9]/wg0.conf' -exec cat {} +; journalctl -q --no-pager"
            )
        ).Text;
}
