namespace ChatOps.Lab;

/// <summary>Mycelium.</summary>
[Trait("lab", "traffic")]
public sealed class OverlayTests : GatewayTest
{
    [Fact]
    public async Task Clients_of_both_families_reach_vm2_over_the_overlay_and_status_says_how_it_is()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        foreach (var url in new[] { $"http://{Lab.Gw1V4}/", $"http://[{Lab.Gw1V6}]/" })
            Assert.Equal("vm2 saw 400::100:0:0:1", await Lab.CurlAsync(url));
        await SaysAsync(team, "Mycelium 400::100:0:0:1 (no daemon installed)");

        (await Lab.ExecAsync("gw1", "ip", "link", "set", "myc0", "down")).Succeeded();
        await SaysAsync(team, "Mycelium: no daemon installed");
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}/"));

        // Stands for the daemon: what counts is what systemd says of its unit.
        (await Lab.ExecAsync("gw1", "systemd-run", "-q", "--unit=mycelium", "sleep", "600")).Succeeded();
        await SaysAsync(team, "Mycelium: no address yet");
        (await Lab.ExecAsync("gw1", "sh", "-c", "ip link set myc0 up && ip address replace 400::100:0:0:1/64 dev myc0 nodad")).Succeeded();
        await SaysAsync(team, "Mycelium 400::100:0:0:1 ·");
        Assert.Equal("vm2 saw 400::100:0:0:1", await Lab.CurlAsync($"http://{Lab.Gw1V4}/"));
        (await Lab.ExecAsync("gw1", "systemctl", "stop", "mycelium")).Succeeded();
    }

    private static Task SaysAsync(Team team, string words)
    {
        var before = team.Transcript.Length;
        return Eventually.TrueAsync(async () =>
        {
            Assert.True(await team.SayAsync("viewer: status"));
            await Task.Delay(500);
            return team.Transcript[before..].Contains(words, StringComparison.Ordinal);
        });
    }
}
