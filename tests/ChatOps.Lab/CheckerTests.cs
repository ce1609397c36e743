using ChatOps.Core.Domain.Changes;

namespace ChatOps.Lab;

/// <summary>
/// What the programs that check a file could do with it: nothing. Each of them is replaced by one that tries, and says what came of it.
/// </summary>
public sealed class CheckerTests : GatewayTest
{
    // Where it is to check it looks around; in everything else it is the real one.
    private const string Curious = """
        #!/bin/sh
        case " $* " in *" -c "*|*" -t "*) ;; *) exec /usr/sbin/PROGRAM "$@" ;; esac
        exec 2>&1
        echo "spy: PROGRAM is $(id -u):$(id -g) $(grep CapEff /proc/self/status | tr -d '\t')"
        cat /etc/shadow /etc/chatops/tls/other/privkey.pem /etc/wireguard/wg0.key /var/lib/chatops/highest /root/marker && echo "spy: PROGRAM has read"
        for f in /etc /usr /root /run /var/lib/chatops /dev /sys; do touch $f/spied && echo "spy: PROGRAM has written to $f"; done
        [ "$(grep -c : /proc/net/dev)" = 1 ] || echo "spy: PROGRAM has a network"
        nsenter -t 1 -n true && echo "spy: PROGRAM has got out"
        echo "marker of the machine, line 1 of /etc/shadow"
        exit 1
        """;

    [Fact]
    public async Task A_program_that_checks_a_file_is_nobody_and_finds_nothing()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm1 10.1.0.2", "vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", "expose vm2:8080 on 80");
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-c",
                "mkdir -p /etc/chatops/tls/other; for f in /etc/chatops/tls/other/privkey.pem /root/marker; do echo marker >$f; done"
            )
        ).Succeeded();
        foreach (
            var (program, capabilities, line) in new[]
            {
                ("haproxy", "0000000000000000", "expose vm2:8080,vm3:8080 on 7000"),
                ("nginx", "0000000000000400", "expose vm1:8080 on 81"),
                ("nft", "0000000000001000", "snat vm1 from 203.0.113.12"),
            }
        )
        {
            var script = Curious.Replace("PROGRAM", program, StringComparison.Ordinal);
            (
                await Lab.ExecAsync(
                    "gw1",
                    "sh",
                    "-c",
                    $"echo \"$0\" >/usr/local/sbin/{program}; chmod 755 /usr/local/sbin/{program}",
                    script
                )
            ).Succeeded();
            var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync(line));
            Assert.Equal("validating", failed.Result.Step);
            Assert.DoesNotContain("marker", failed.Result.Error, StringComparison.Ordinal);
            Assert.EndsWith(
                $"{program} refuses it and names no line; the gateway's journal has what it said: journalctl -t chatops",
                failed.Result.Error,
                StringComparison.Ordinal
            );
            var said = (await Lab.ExecAsync("gw1", "journalctl", "-t", "chatops", "-o", "cat", "-g", $"spy: {program} ")).Text;
            var spied = said.Split('\n')
                .Select(l => l[Math.Max(0, l.IndexOf("spy: ", StringComparison.Ordinal))..])
                .Where(l => l.StartsWith($"spy: {program} ", StringComparison.Ordinal));
            Assert.Equal([$"spy: {program} is 65534:65534 CapEff:{capabilities}"], spied);
            (await Lab.ExecAsync("gw1", "rm", $"/usr/local/sbin/{program}")).Succeeded();
            await team.AppliedAsync(line);
        }

        // What ended questions have left is swept by the next one.
        (await Lab.ExecAsync("gw1", "mkdir", "/run/chatops/drift.99999999")).Succeeded();
        await AgreedAsync(team);
        Assert.NotEqual(0, (await Lab.ExecAsync("gw1", "ls", "-d", "/run/chatops/drift.99999999")).Code);

        // HAProxy, which is what listens to everybody, has none of what root has.
        var status = (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-c",
                "for p in $(cat /sys/fs/cgroup/system.slice/chatops-haproxy.service/cgroup.procs); do grep -E '^(Uid|CapBnd)' /proc/$p/status; done | sort -u"
            )
        ).Text;
        Assert.DoesNotContain("Uid:\t0", status, StringComparison.Ordinal);
        Assert.Contains("CapBnd:\t0000000000000400", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_runs_one_program_with_a_handful_of_words()
    {
        Assert.All(
            (await Lab.ExecAsync("gw1", "cat", "/var/lib/chatops-login/.ssh/authorized_keys")).Text.Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries
            ),
            l =>
                Assert.StartsWith(
                    "restrict,command=\"exec /usr/bin/sudo -n /usr/local/sbin/chatops-gateway\" ",
                    l,
                    StringComparison.Ordinal
                )
        );
        Assert.NotEqual(0, (await Lab.ExecAsync("gw1", "runuser", "-u", "chatops", "--", "sudo", "-n", "/usr/bin/id")).Code);
        Assert.NotEqual(
            0,
            (await Lab.ExecAsync("gw1", "runuser", "-u", "chatops", "--", "sudo", "-n", "/usr/local/sbin/chatops-gateway", "boot")).Code
        );
        foreach (
            var words in new[]
            {
                "sh",
                "observe; id",
                "observe $(id)",
                "../../bin/sh",
                "boot",
                "boot firewall",
                "expire 1 x",
                "lapse",
                "lay nginx",
                "regain",
                "udprelay",
                "apply 1",
                "apply 20001 30",
            }
        )
        {
            var said = await Lab.ExecAsync(
                "gw1",
                "runuser",
                "-u",
                "chatops",
                "--",
                "env",
                $"SSH_ORIGINAL_COMMAND={words}",
                "sudo",
                "-n",
                "/usr/local/sbin/chatops-gateway"
            );
            Assert.Contains("\"ok\":false", said.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("uid=", said.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_verb_whose_input_never_comes_ends_and_holds_nothing_up()
    {
        await using var team = await TeamAsync();
        var waiting = Lab.ExecAsync(
            "gw1",
            "sh",
            "-c",
            "mkfifo /run/silent; exec 3<>/run/silent; SSH_ORIGINAL_COMMAND='apply 9 30' exec /usr/local/sbin/chatops-gateway <&3"
        );
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        var said = await waiting;
        Assert.Equal(1, said.Code);
        Assert.Contains("nothing came for 30 s", said.Text, StringComparison.Ordinal);
        await team.AppliedAsync("unexpose 80");
        await AgreedAsync(team);
    }
}
