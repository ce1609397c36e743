namespace ChatOps.Lab;

/// <summary>UDP from one IP version to the other, and over several VMs.</summary>
[Trait("lab", "installed")]
public sealed class UdpTests : GatewayTest
{
    private const string Sessions = "ss -Hnup state connected | grep chatops-gateway | awk '{ print $3, $4 }' | sort";

    [Fact]
    public async Task Sessions_outlive_every_change_but_the_end_of_their_own_port()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync(
            "vm add vm1 10.1.0.2",
            "vm add vm2 400::100:0:0:2",
            "vm add vm3 400::100:0:0:3",
            "expose vm2:5353 on 5353 udp",
            "expose vm2:5353,vm3:5353 on 5454 udp"
        );
        using var alone = OpenConnection.ToUdp(Lab.Gw1V4, 5353);
        using var shared = OpenConnection.ToUdp(Lab.Gw1V4, 5454);
        using var shared6 = OpenConnection.ToUdp(Lab.Gw1V6, 5454);
        OpenConnection[] all = [alone, shared, shared6];
        await EchoesAsync("before");
        var sessions = await SessionsAsync();
        Assert.Equal(3, sessions.Split('\n').Length);

        // By nginx, by HAProxy, by the kernel, by the relay itself.
        foreach (
            var line in (string[])
                [
                    "expose vm1:8080 on 81",
                    "expose vm2:8080 on app.example.com",
                    "expose vm2:8080,vm3:8080 on 82",
                    "expose vm2:8080 on 83",
                    "expose vm3:5353 on 5555 udp",
                    "unexpose 5555/udp",
                    "unexpose 81",
                ]
        )
        {
            await team.AppliedAsync(line);
            await EchoesAsync(line);
        }

        Assert.Equal(sessions, await SessionsAsync());

        // Who is shut out has no session any more by which a VM could reach it.
        using (var shut = OpenConnection.ToUdp(Lab.Gw1V4, 5353, "203.0.113.66"))
        {
            Assert.Equal("in", await shut.EchoAsync("in"));
            Assert.Equal(4, (await SessionsAsync()).Split('\n').Length);
            await team.AppliedAsync("block 203.0.113.66");
            Assert.Equal(sessions, await SessionsAsync());
            Assert.NotEqual("out", await shut.EchoAsync("out", Lab.Moment));
        }

        await team.AppliedAsync("unexpose 5353/udp");
        Assert.NotEqual("gone", await alone.EchoAsync("gone", Lab.Moment));
        all = [shared, shared6];
        await EchoesAsync("still");
        await AgreedAsync(team);

        async Task EchoesAsync(string line)
        {
            foreach (var session in all)
                Assert.Equal(line, await session.EchoAsync(line));
        }
    }

    // A datagram over IPv6 with a sender that is forged.
    private const string Forge = """
        import ipaddress, socket, struct, sys
        sender, target = (ipaddress.ip_address(a).packed for a in sys.argv[1:3])
        port = int(sys.argv[3])
        data = b"forged"
        def checksum(text):
            total = sum(struct.unpack(f"!{len(text) // 2}H", text))
            while total >> 16:
                total = (total & 0xffff) + (total >> 16)
            return ~total & 0xffff or 0xffff
        length = 8 + len(data)
        udp = struct.pack("!HHHH", port, port, length, 0) + data
        udp = struct.pack("!HHHH", port, port, length, checksum(sender + target + struct.pack("!II", length, 17) + udp)) + data
        raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
        raw.sendto(struct.pack("!IHBB", 6 << 28, length, 17, 64) + sender + target + udp, (sys.argv[2], 0))
        """;

    [Fact]
    public async Task Ports_of_ours_do_not_answer_each_other_whoever_is_forged_as_the_sender()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", "expose vm2:5353,vm3:5353 on 5353 udp");
        foreach (var sender in (string[])[Lab.Gw1V6, "2001:db8::55"])
            (await Lab.ExecAsync("client", "python3", "-c", Forge, sender, Lab.Gw1V6, "5353")).Succeeded();
        await Eventually.TrueAsync(async () => (await AskAsync("sessions")).Length > 0);
        Assert.Equal($"[2001:db8::55]:5353 [{Lab.Gw1V6}]:5353", (await AskAsync("sessions")).Trim());

        async Task<string> AskAsync(string question) =>
            (await Lab.ExecAsync("gw1", "sh", "-c", $"echo {question} | nc -U -N -w 2 /run/chatops-udprelay/control.sock")).Text;
    }

    [Fact]
    public async Task The_relay_has_none_of_what_root_has()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:5353 on 53 udp");
        var status = (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-c",
                "grep -E '^(Uid|CapBnd|NoNewPrivs|Seccomp):' /proc/$(systemctl show -P MainPID chatops-udprelay)/status"
            )
        ).Text;
        Assert.DoesNotContain("Uid:\t0", status, StringComparison.Ordinal);
        Assert.Contains("CapBnd:\t0000000000000400", status, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", status, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vm_that_refuses_or_does_not_answer_leaves_the_share_and_comes_back()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", "expose vm2:5353,vm3:5353 on 5353 udp");
        (await Lab.CallAsync("stop", "vm3")).Succeeded();
        await AnsweredAsync(12);
        (await Lab.CallAsync("start", "vm3")).Succeeded();
        await SaidAsync("vm3 listens again", "refuses datagrams", "answers again");

        // Its answers get lost before anybody sees them.
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-c",
                "nft add table ip6 lost; nft 'add chain ip6 lost in { type filter hook prerouting priority -300; }'; nft add rule ip6 lost in ip6 saddr 400::100:0:0:3 udp sport 5353 drop"
            )
        ).Succeeded();
        await SaidAsync("vm3 is silent", "does not answer, and others do");
        await AnsweredAsync(4);
        (await Lab.ExecAsync("gw1", "nft", "delete", "table", "ip6", "lost")).Succeeded();
        await SaidAsync("vm3 answers", "does not answer, and others do", "answers again");
        await AgreedAsync(team);
    }

    // New clients of both families, each of which sends but once.
    private static async Task AnsweredAsync(int count)
    {
        for (var i = 0; i < count; i++)
            Assert.Equal($"hello {i}", await Lab.EchoAsync(i % 2 == 0 ? Lab.Gw1V4 : Lab.Gw1V6, 5353, $"hello {i}", udp: true));
    }

    // Until the relay has said these, the last at last: clients that ask again after a while, as resolvers do.
    private static Task SaidAsync(string what, params string[] words) =>
        Eventually.TrueAsync(
            async () =>
            {
                using var client = OpenConnection.ToUdp(Lab.Gw1V4, 5353);
                await client.EchoAsync(what, TimeSpan.FromSeconds(1));
                await client.EchoAsync(what, TimeSpan.FromSeconds(2));
                var said = (await Lab.ExecAsync("gw1", "journalctl", "-q", "-o", "cat", "-u", "chatops-udprelay")).Text.TrimEnd();
                return words.All(w => said.Contains(w, StringComparison.Ordinal))
                    && said.Split('\n')[^1].Contains(words[^1], StringComparison.Ordinal);
            },
            () => what
        );

    private static async Task<string> SessionsAsync() => (await Lab.ExecAsync("gw1", "sh", "-c", Sessions)).Text.Trim();
}
