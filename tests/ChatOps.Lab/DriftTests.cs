using ChatOps.Core.Domain.Changes;

namespace ChatOps.Lab;

/// <summary>
/// Drift: found within one Reconcile, shown as a diff, never silently overwritten; what belongs to others is never touched.
/// </summary>
[Trait("lab", "traffic")]
public sealed class DriftTests : ReconcileTest
{
    // Each is gone with its repair, so all of them have the same gateway.
    [Fact]
    public async Task What_is_changed_by_hand_is_told_with_a_diff_stops_changes_and_goes_with_the_repair()
    {
        await using var team = await WatchingAsync();
        await team.AppliedAsync(
            "vm add vm1 10.1.0.2",
            "vm add vm2 400::100:0:0:2",
            "expose vm2:8080 on 80",
            "expose vm1:8080 on 79",
            "expose vm2:5353 on 53 udp"
        );
        await IsRepairedAsync(
            team,
            81,
            "nft add rule inet chatops forward tcp dport 4444 accept",
            "4444",
            "nft list table inet chatops | grep -c 4444"
        );
        await IsRepairedAsync(
            team,
            82,
            "sed -i s/worker_connections/worker_connectionz/ /var/lib/chatops/current/nginx.conf",
            "connectionz",
            "grep -c connectionz /var/lib/chatops/current/nginx.conf"
        );
        await IsRepairedAsync(
            team,
            83,
            "systemctl stop chatops-nginx",
            "chatops-nginx should run",
            "systemctl is-active chatops-nginx | grep -c inactive"
        );
        await IsRepairedAsync(
            team,
            84,
            "echo 'set map /run/chatops/relay4.map 80 400::100:0:0:3/8080' | nc -U -N -w 1 /run/chatops-haproxy/haproxy.sock",
            "+80 400::100:0:0:3/8080",
            "echo 'show map /run/chatops/relay4.map' | nc -U -N -w 1 /run/chatops-haproxy/haproxy.sock | grep -c 0:3/8080"
        );
        await IsRepairedAsync(
            team,
            86,
            "systemctl stop chatops-udprelay",
            "chatops-udprelay should run",
            "systemctl is-active chatops-udprelay | grep -c inactive"
        );
        await IsRepairedAsync(team, 87, "nft flush ruleset", "-table inet chatops", "test -n \"$(nft list tables)\"; echo $?");
        await IsRepairedAsync(
            team,
            85,
            "sysctl -w net.ipv4.ip_forward=0",
            "net.ipv4.ip_forward = 0",
            "sysctl -n net.ipv4.ip_forward | grep -c 0"
        );
    }

    private static async Task IsRepairedAsync(Team team, int port, string byHand, string shown, string countsIt)
    {
        var told = Times(team, "alert · gw1 is not what the log says");
        (await Lab.ExecAsync("gw1", ["sh", "-c", byHand])).Succeeded();
        // A look may fall into the middle of it, and see only a part.
        await Eventually.TrueAsync(
            async () =>
                (await team.StateAsync()).Alerts.GetValueOrDefault("drift")?.Detail?.Contains(shown, StringComparison.Ordinal) == true,
            () => team.Transcript
        );
        Assert.True(await team.SayAsync("viewer: drift"));

        // Nothing overwrites it unseen, and nobody takes it over.
        var number = (await team.StateAsync()).NextNumber;
        Assert.True(await team.SayAsync($"operator: expose vm2:8080 on {port}"));
        Assert.False(await team.SayAsync($"approver: approve {number}"));
        Assert.False(await team.SayAsync("operator: adopt"));
        await team.SaidAsync("nobody proposed it and nobody approved it");
        Assert.Equal("1", (await Lab.ExecAsync("gw1", ["sh", "-c", countsIt])).Text.Trim());

        Assert.True(await team.SayAsync("operator: repair"));
        await team.SettledAsync();
        await ClearedAsync(team, "drift");
        Assert.Equal("0", (await Lab.ExecAsync("gw1", ["sh", "-c", countsIt])).Text.Trim());
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}/"), StringComparison.Ordinal);
        Assert.True(await team.SayAsync($"approver: approve {number}"));
        await team.SettledAsync();
        Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}:{port}/"));
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.InRange(Times(team, "alert · gw1 is not what the log says") - told, 1, 2);
        await AgreedAsync(team);
    }

    [Fact]
    public async Task What_a_reboot_left_out_is_found_and_repaired()
    {
        await using var team = await WatchingAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        (await Lab.ExecAsync("gw1", "systemctl", "disable", "chatops-boot")).Succeeded();
        (await Lab.CallAsync("reboot", "gw1")).Succeeded();
        await AlertedAsync(team, "unfinished");
        (await Lab.ExecAsync("gw1", "systemctl", "enable", "chatops-boot")).Succeeded();
        Assert.True(await team.SayAsync("operator: repair"));
        await team.SettledAsync();
        await Eventually.TrueAsync(async () => await Lab.GlanceAsync($"http://{Lab.Gw1V4}/") is not null);
        await AgreedAsync(team);
    }

    [Fact]
    public async Task What_was_applied_is_no_drift_whatever_kind_it_is_nor_is_what_passes_through_it()
    {
        await using var team = await WatchingAsync();
        await team.AppliedAsync(
            "vm add vm1 10.1.0.2",
            "vm add vm2 400::100:0:0:2",
            "allow vm2 out",
            "map 203.0.113.11 to vm1",
            "limit 80 to 100/second",
            "block 203.0.113.66"
        );
        await team.AppliedAsync("expose vm2:8080 on 80", "expose vm2:7000,vm2:7001 on 7000", "expose vm2:5353 on 53 udp");
        // Not in the order in which a full load would have them.
        await team.AppliedAsync("expose vm2:8080 on 81 from 203.0.113.0/24", "expose vm2:8080 on 79 from 203.0.113.0/24");
        foreach (var address in (string[])[$"{Lab.Gw1V4}:79", $"{Lab.Gw1V4}:80", $"[{Lab.Gw1V6}]:80", $"{Lab.Gw1V4}:81"])
            Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{address}/"), StringComparison.Ordinal);
        Assert.Equal("there?", await Lab.EchoAsync(Lab.Gw1V4, 53, "there?", udp: true));
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}:82/"));
        Assert.Empty(await DriftAsync());
        await team.AppliedAsync("expose vm2:8080 on 82", "unexpose 79");
        Assert.Empty(await DriftAsync());
        Assert.Empty((await team.StateAsync()).Alerts.Values.Select(a => $"{a.Text}: {a.Detail}"));
    }

    [Fact]
    public async Task Another_nft_is_no_drift()
    {
        await using var team = await WatchingAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        Assert.Empty(await DriftAsync());
        // One that lists as a newer one may: another size, and a remark behind it.
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-c",
                """
                mv /usr/sbin/nft /usr/sbin/nft.packaged
                cat >/usr/sbin/nft <<'END'
                #!/bin/sh
                case $1 in --version) echo 'nftables v99.0 (next)'; exit ;; esac
                said=$(mktemp)
                /usr/sbin/nft.packaged "$@" >"$said"
                status=$?
                sed 's/^\t\tsize [0-9]*$/& entries\t# count 7/' "$said"
                rm "$said"
                exit $status
                END
                chmod +x /usr/sbin/nft
                """
            )
        ).Succeeded();
        Assert.Empty(await DriftAsync());
        await team.AppliedAsync("expose vm2:8080 on 81");
        Assert.Empty(await DriftAsync());
    }

    [Fact]
    public async Task Rules_and_files_of_others_are_no_drift_and_survive_a_repair()
    {
        await using var team = await WatchingAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-c",
                "nft add table inet theirs; nft add chain inet theirs own; echo theirs >/etc/nginx/theirs.conf; sysctl -qw net.ipv4.tcp_fin_timeout=33"
            )
        ).Succeeded();
        await Task.Delay(TimeSpan.FromSeconds(4));
        Assert.Empty((await team.StateAsync()).Alerts);
        Assert.True(await team.SayAsync("operator: repair"));
        await team.SettledAsync();
        await team.AppliedAsync("expose vm2:8080 on 81");
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-c",
                "nft list chain inet theirs own && grep -q theirs /etc/nginx/theirs.conf && test $(sysctl -n net.ipv4.tcp_fin_timeout) = 33"
            )
        ).Succeeded();
    }

    [Fact]
    public async Task Policy_can_repair_without_asking_and_says_so()
    {
        await using var team = await WatchingAsync(repairsByItself: true);
        await team.AppliedAsync(
            "vm add vm1 10.1.0.2",
            "vm add vm2 400::100:0:0:2",
            "vm add vm4 10.1.0.4",
            "expose vm2:8080 on 80",
            "map 203.0.113.11 to vm1",
            "map 2001:db8::11 to vm2",
            "snat vm4 from 203.0.113.12-203.0.113.13"
        );
        // A rule too many; and addresses of all kinds, as a daemon of the machine's network takes them away.
        string[] taken = ["203.0.113.11/32", "2001:db8::11/128", "203.0.113.13/32"];
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-ec",
                $"nft add rule inet chatops forward tcp dport 4444 accept; for a in {string.Join(' ', taken)}; do ip addr del $a dev eth0; done"
            )
        ).Succeeded();
        await Eventually.TrueAsync(async () =>
            (await team.StateAsync()).Changes.Values.Any(c => c.Line == "repair" && c.Status is ChangeStatus.Applied)
        );
        Assert.DoesNotContain(
            "4444",
            (await Lab.ExecAsync("gw1", "nft", "list", "table", "inet", "chatops")).Text,
            StringComparison.Ordinal
        );
        var held = (await Lab.ExecAsync("gw1", "ip", "-o", "addr", "show", "dev", "eth0")).Text;
        Assert.All(taken, a => Assert.Contains($" {a} ", held, StringComparison.Ordinal));
        Assert.Empty(await DriftAsync());
        await ClearedAsync(team, "drift");
        await team.SaidAsync("by itself: it has drifted, and policy repairs without asking");
        await AgreedAsync(team);
    }
}
