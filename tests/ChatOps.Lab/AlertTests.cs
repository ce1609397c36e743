using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Lab;

/// <summary>Alerts and regular audits: each raised once in the chat, and cleared.</summary>
[Trait("lab", "clocks")]
public sealed class AlertTests : ReconcileTest
{
    [Fact]
    public async Task A_gateway_that_is_off_is_one_alert_and_is_cleared_when_it_is_back()
    {
        await using var team = await WatchingAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        (await Lab.CallAsync("off", "gw1")).Succeeded();
        await AlertedAsync(team, "unreachable");
        (await Lab.CallAsync("on", "gw1")).Succeeded();
        await ClearedAsync(team, "unreachable");
        Assert.Equal(
            ["alert-raised.v1 unreachable", "alert-cleared.v1 unreachable"],
            (await AlertsAsync()).Where(a => a.EndsWith("unreachable", StringComparison.Ordinal))
        );
        await Eventually.TrueAsync(() => Times(team, "over · gw1 answers again") == 1);
    }

    [Fact]
    public async Task A_backend_that_is_down_is_told_once_and_cleared()
    {
        await using var team = await WatchingAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", "expose vm2:7000,vm3:7000 on 7000 balanced");
        (await Lab.CallAsync("stop", "vm3")).Succeeded();
        await AlertedAsync(team, "backend 7000 vm3:7000");
        Assert.True(await team.SayAsync("viewer: status"));
        await team.SaidAsync("! vm3:7000 does not answer the checks of tcp 7000 on gw1; it is left out");
        (await Lab.CallAsync("start", "vm3")).Succeeded();
        await ClearedAsync(team, "backend 7000 vm3:7000");
        Assert.Equal(["alert-raised.v1 backend 7000 vm3:7000", "alert-cleared.v1 backend 7000 vm3:7000"], await AlertsAsync());
    }

    [Fact]
    public async Task An_unusual_rate_of_connections_is_told_and_cleared_when_it_is_over()
    {
        // Little enough for the slowest machine: what is usual never grows beyond it.
        await using var team = await WatchingAsync(Often with { LooksUntilUsual = 1, UnusualFrom = 1, UnusualTimes = 1 });
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}/"));

        // A few samples make it usual that little happens.
        await Eventually.TrueAsync(() => team.Core.Board.SamplesOf(Gw1).Length >= 3);
        using (
            var flood = Lab.StartIn(
                "client",
                "sh",
                "-c",
                $"while curl -s -o /dev/null 'http://{Lab.Gw1V4}/?[1-40]' -H 'Connection: close'; do sleep 0.2; done"
            )
        )
        {
            await AlertedAsync(team, "rate 80");
            flood.Kill(entireProcessTree: true);
        }

        await ClearedAsync(team, "rate 80");
        Assert.Equal(
            ["alert-raised.v1 rate 80", "alert-cleared.v1 rate 80"],
            (await AlertsAsync()).Where(a => a.Contains(" rate ", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_peer_that_falls_silent_while_somebody_wants_it_is_told_and_cleared()
    {
        var key = (await Lab.CallAsync("pubkey", "vm1")).Succeeded().Text.Trim();
        await using var team = await WatchingAsync(Often with { PeerSilence = TimeSpan.FromSeconds(4) });
        await team.AppliedAsync($"peer add vm1 {key} 10.1.0.2", "vm add vm1 10.1.0.2", "expose vm1:8080 on 80");
        await Eventually.TrueAsync(async () => await Lab.GlanceAsync($"http://{Lab.Gw1V4}/") is not null);
        var underlay = (await Lab.ExecAsync("vm1", "sh", "-c", "ip -o -4 addr | awk '$4 ~ /^192[.]168[.]50[.]/ { print $2 }'"))
            .Succeeded()
            .Text.Trim();
        (await Lab.ExecAsync("vm1", "ip", "link", "set", underlay, "down")).Succeeded();
        await Eventually.TrueAsync(async () =>
        {
            await Lab.GlanceAsync($"http://{Lab.Gw1V4}/");
            return (await team.StateAsync()).Alerts.ContainsKey("peer vm1");
        });
        (await Lab.ExecAsync("vm1", "ip", "link", "set", underlay, "up")).Succeeded();
        await Eventually.TrueAsync(async () => await Lab.GlanceAsync($"http://{Lab.Gw1V4}/") is not null);
    }

    private async Task<string[]> AlertsAsync()
    {
        await using var log = await SqliteEventLog.OpenAsync(Log);
        var alerts = new List<string>();
        await foreach (var recorded in log.ReadStreamAsync(Gateway.StreamOf(Gw1), 0, default))
        {
            if (((recorded.Event as AlertRaised)?.Key ?? (recorded.Event as AlertCleared)?.Key) is { } key)
                alerts.Add($"{EventTypes.NameOf(recorded.Event)} {key}");
        }

        return [.. alerts];
    }
}
