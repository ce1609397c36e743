namespace ChatOps.Lab;

/// <summary>UDP from one IP version to the other, and over several VMs.</summary>
[Trait("lab", "third")]
public sealed class UdpTests : GatewayTest
{
    private const string Sessions = "ss -Hnup state connected | grep chatops-gateway | awk '{ print $3, $4 }' | sort";

    [Fact]
    public async Task Sessions_outlive_every_change_but_the_end_of_their_own_port()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm1 10.1.0.2", "vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", "expose vm2:5353 on 5353 udp", "expose vm2:5353,vm3:5353 on 5454 udp");
        using var alone = OpenConnection.ToUdp(Lab.Gw1V4, 5353);
        using var shared = OpenConnection.ToUdp(Lab.Gw1V4, 5454);
        using var shared6 = OpenConnection.ToUdp(Lab.Gw1V6, 5454);
        OpenConnection[] all = [alone, shared, shared6];
        await EchoesAsync("before");
        var sessions = await SessionsAsync();
        Assert.Equal(3, sessions.Split('\n').Length);

        // By nginx, by HAProxy, by the kernel, by the relay itself.
        foreach (var line in (string[])["expose vm1:8080 on 81", "expose vm2:8080 on app.example.com", "expose vm2:8080,vm3:8080 on 82", "expose vm2:8080 on 83", "expose vm3:5353 on 5555 udp", "unexpose 5555/udp", "unexpose 81"])
            await team.AppliedAsync(line);
        await EchoesAsync("after");
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
        (await Lab.ExecAsync("gw1", "sh", "-c", "nft add table ip6 lost; nft 'add chain ip6 lost in { type filter hook prerouting priority -300; }'; nft add rule ip6 lost in ip6 saddr 400::100:0:0:3 udp sport 5353 drop")).Succeeded();
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
                return words.All(w => said.Contains(w, StringComparison.Ordinal)) && said.Split('\n')[^1].Contains(words[^1], StringComparison.Ordinal);
            },
            () => what
        );

    private static async Task<string> SessionsAsync() => (await Lab.ExecAsync("gw1", "sh", "-c", Sessions)).Text.Trim();
}
