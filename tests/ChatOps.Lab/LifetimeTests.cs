using ChatOps.Core.Domain.Changes;

namespace ChatOps.Lab;

/// <summary>Lifetimes: <c>for 2h</c>, <c>until 18:00</c>; a reminder before, closed by Reconcile even after an outage.</summary>
[Trait("lab", "clocks")]
public sealed class LifetimeTests : ReconcileTest
{
    [Fact]
    public async Task What_is_open_for_two_hours_is_reminded_of_closed_and_cut()
    {
        await using var team = await WatchingAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:7000 on 7000 for 2h");
        using var connection = OpenConnection.To(Lab.Gw1V6, 7000);
        Assert.Equal("open", await connection.EchoAsync("open"));

        Clock.Jump(TimeSpan.FromMinutes(111));
        await AlertedAsync(team, "expiry 7000");
        await Eventually.TrueAsync(() => Times(team, "Next: extend 2 for 1h") == 1);
        Assert.Equal("still open", await connection.EchoAsync("still open"));

        Clock.Jump(TimeSpan.FromMinutes(10));
        await Eventually.TrueAsync(async () => (await team.StateAsync()).Running.Exposures.IsEmpty);
        Assert.Null(await connection.EchoAsync("closed"));
        Assert.Equal(7, (await Lab.ExecAsync("client", "curl", "-s", "-m", "60", $"http://{Lab.Gw1V4}:7000/")).Code);
        await ClearedAsync(team, "expiry 7000");
        await team.SaidAsync("by itself: its time is up (for 2h, #2)");
        await AgreedAsync(team);
    }

    [Fact]
    public async Task What_is_extended_stays_open()
    {
        await using var team = await WatchingAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80 for 2h");
        Clock.Jump(TimeSpan.FromMinutes(115));
        await AlertedAsync(team, "expiry 80");
        await team.AppliedAsync("extend 2 for 1h");
        await ClearedAsync(team, "expiry 80");
        Clock.Jump(TimeSpan.FromMinutes(30));
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}/"));
        Clock.Jump(TimeSpan.FromMinutes(40));
        await Eventually.TrueAsync(async () => await Lab.GlanceAsync($"http://{Lab.Gw1V4}/") is null);
    }

    [Fact]
    public async Task What_came_due_while_gateway_and_controller_were_off_is_closed_when_they_are_back()
    {
        await using (var team = await WatchingAsync())
            await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80 for 2h", "expose vm2:8080 on 81");
        (await Lab.CallAsync("off", "gw1")).Succeeded();
        Clock.Jump(TimeSpan.FromDays(1));
        await using var next = await WatchingAsync();
        await Eventually.TrueAsync(async () =>
            (await next.StateAsync()).Head is { Line: "unexpose 80", Status: ChangeStatus.Accepted { Delay: not null } }
        );
        (await Lab.CallAsync("on", "gw1")).Succeeded();
        await next.SettledAsync();
        await Eventually.TrueAsync(async () => await Lab.GlanceAsync($"http://{Lab.Gw1V4}:81/") is not null);
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}/"));
        await AgreedAsync(next);
    }
}
