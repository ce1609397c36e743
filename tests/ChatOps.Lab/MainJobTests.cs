namespace ChatOps.Lab;

/// <summary>What the tool is for, with packets: each engine, each family, opening and closing.</summary>
public sealed class MainJobTests : GatewayTest
{
    [Fact]
    public async Task A_line_opens_a_port_for_both_families_and_unexpose_closes_it_and_cuts_what_runs()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80", "expose vm2:7000 on 7000");
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}/"), StringComparison.Ordinal);
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://[{Lab.Gw1V6}]/"), StringComparison.Ordinal);
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}:81/"));

        using var throughRelay = OpenConnection.To(Lab.Gw1V4, 7000);
        using var throughDnat = OpenConnection.To(Lab.Gw1V6, 7000);
        Assert.Equal("one", await throughRelay.EchoAsync("one"));
        Assert.Equal("one", await throughDnat.EchoAsync("one"));

        await team.AppliedAsync("unexpose 80");
        Assert.Equal(7, (await Lab.ExecAsync("client", "curl", "-s", "-m", "60", $"http://{Lab.Gw1V4}/")).Code);
        Assert.Equal(7, (await Lab.ExecAsync("client", "curl", "-s", "-g", "-m", "60", $"http://[{Lab.Gw1V6}]/")).Code);
        Assert.Equal("two", await throughRelay.EchoAsync("two"));
        Assert.Equal("two", await throughDnat.EchoAsync("two"));

        await team.AppliedAsync("unexpose 7000");
        Assert.Null(await throughRelay.EchoAsync("three"));
        Assert.Null(await throughDnat.EchoAsync("three"));
        await AgreedAsync(team);
    }

    [Fact]
    public async Task A_vm_behind_wireguard_is_reached_by_both_families()
    {
        var key = (await Lab.CallAsync("pubkey", "vm1")).Succeeded().Text.Trim();
        await using var team = await TeamAsync();
        await team.AppliedAsync(
            $"peer add vm1 {key} 10.1.0.2",
            "vm add vm1 10.1.0.2",
            "expose vm1:7000 on 7000",
            "expose vm1:8080 on 8080"
        );
        Assert.Equal("hello", await Lab.EchoAsync(Lab.Gw1V4, 7000, "hello"));
        Assert.Equal("hello", await Lab.EchoAsync(Lab.Gw1V6, 7000, "hello"));
        Assert.Equal("vm1 saw 10.1.0.1", await Lab.CurlAsync($"http://{Lab.Gw1V4}:8080/"));
        foreach (var address in (string[])[Lab.Gw1V4, Lab.Gw1V6])
        {
            // Who has said all that it has to say closes its half and waits.
            var answer = await Lab.ExecAsync("client", "sh", "-c", $"printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -N -w 30 {address} 8080");
            Assert.EndsWith("vm1 saw 10.1.0.1", answer.Text.TrimEnd(), StringComparison.Ordinal);
        }

        using var running = OpenConnection.To(Lab.Gw1V4, 7000);
        Assert.Equal("before", await running.EchoAsync("before"));
        await team.AppliedAsync("peer add laptop 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.9");
        Assert.Equal("after", await running.EchoAsync("after"));
        Assert.Contains(key, (await ObserveAsync()).Handshakes.Keys);
    }

    [Fact]
    public async Task Udp_passes_for_both_families_until_it_is_closed()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:5353 on 53 udp");
        Assert.Equal("ping", await Lab.EchoAsync(Lab.Gw1V4, 53, "ping", udp: true));
        Assert.Equal("ping", await Lab.EchoAsync(Lab.Gw1V6, 53, "ping", udp: true));
        await team.AppliedAsync("unexpose 53/udp");
        Assert.Equal("", await Lab.EchoAsync(Lab.Gw1V4, 53, "ping", udp: true, Lab.Moment));
        Assert.Equal("", await Lab.EchoAsync(Lab.Gw1V6, 53, "ping", udp: true, Lab.Moment));
    }

    [Fact]
    public async Task Several_targets_share_the_load()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", "expose vm2:8080,vm3:8080 on 80");
        foreach (var url in new[] { $"http://{Lab.Gw1V4}/", $"http://[{Lab.Gw1V6}]/" })
        {
            var answers = new HashSet<string>();
            for (var i = 0; i < 10; i++)
                answers.Add((await Lab.CurlAsync(url))?.Split(' ')[0] ?? "nothing");
            Assert.Equal(["vm2", "vm3"], answers.Order());
        }
    }

    [Fact]
    public async Task A_reboot_comes_back_with_what_was_confirmed()
    {
        await using var team = await TeamAsync();
        await Probe.AddVm1Async(team);
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            "vm add vm3 400::100:0:0:3",
            "expose vm2:8080 on 8080",
            "expose vm1:7000 on 7300",
            "expose vm2:7000,vm3:7000 on 7100 balanced",
            "expose vm2:8080 on app.example.com",
            "expose vm2:5353 on 6001 udp",
            "map 203.0.113.11 to vm1"
        );
        (await Lab.CallAsync("reboot", "gw1")).Succeeded();
        await Eventually.TrueAsync(async () => await Lab.GlanceAsync($"http://{Lab.Gw1V4}:8080/") is not null);
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://[{Lab.Gw1V6}]:8080/"), StringComparison.Ordinal);
        foreach (var address in (string[])[Lab.Gw1V4, Lab.Gw1V6])
        {
            Assert.Equal("hello", await Lab.EchoAsync(address, 7300, "hello"));
            Assert.Equal("hello", await Lab.EchoAsync(address, 7100, "hello"));
            Assert.Equal("hello", await Lab.EchoAsync(address, 6001, "hello", udp: true));
        }

        var web = await Lab.ExecAsync("client", "curl", "-s", "-m", "60", "-H", "Host: app.example.com", $"http://{Lab.Gw1V4}/");
        Assert.StartsWith("vm2 saw ", web.Text, StringComparison.Ordinal);
        Assert.Equal("vm1 saw 10.1.0.1", await Lab.CurlAsync("http://203.0.113.11:8080/"));
        Assert.Empty(await DriftAsync());
        await team.AppliedAsync("expose vm2:8080 on 81");
        await AgreedAsync(team);
    }
}
