using ChatOps.Core.Domain.Changes;

namespace ChatOps.Lab;

/// <summary>Redundancy: <c>gateway add gw2 ... mirrors gw1</c>.</summary>
[Trait("lab", "traffic")]
public sealed class MirrorTests : ReconcileTest, IAsyncLifetime
{
    private const string Gw2V4 = "203.0.113.20";
    private const string Gw2V6 = "2001:db8::20";

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        (await Lab.CallAsync("fresh", "gw2")).Succeeded();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        (await Lab.CallAsync("off", "gw2")).Succeeded();
        await DisposeAsync();
    }

    [Fact]
    public async Task Both_serve_one_may_be_off_and_the_one_that_was_off_catches_up()
    {
        await using var team = await WatchingAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        Assert.True(await team.SayAsync($"admin: gateway add gw2 {Gw2V4},{Gw2V6} mirrors gw1"));
        Assert.True(await team.SayAsync("approver: approve gw2#1"));
        await EqualAsync(team);
        await ServeAsync(80, Lab.Gw1V4, $"[{Lab.Gw1V6}]", Gw2V4, $"[{Gw2V6}]");

        // The first is off: its change waits, and the mirror has it already.
        (await Lab.CallAsync("off", "gw1")).Succeeded();
        var number = await team.AcceptAsync("expose vm2:8080 on 81");
        await Eventually.TrueAsync(async () => await Lab.GlanceAsync($"http://{Gw2V4}:81/") is not null);
        await ServeAsync(80, Gw2V4, $"[{Gw2V6}]");
        Assert.IsType<ChangeStatus.Accepted>((await team.StateAsync()).Changes[number].Status);
        (await Lab.CallAsync("on", "gw1")).Succeeded();
        await team.SettledAsync();
        await EqualAsync(team);
        await ServeAsync(81, Lab.Gw1V4, $"[{Lab.Gw1V6}]", Gw2V4, $"[{Gw2V6}]");

        // The other way round.
        (await Lab.CallAsync("off", "gw2")).Succeeded();
        await team.AppliedAsync("expose vm2:8080 on 82", "unexpose 80");
        await ServeAsync(82, Lab.Gw1V4);
        (await Lab.CallAsync("on", "gw2")).Succeeded();
        await EqualAsync(team);
        await ServeAsync(82, Gw2V4, $"[{Gw2V6}]");
        Assert.Null(await Lab.GlanceAsync($"http://{Gw2V4}/"));

        Assert.False(await team.SayAsync("operator: expose vm2:8080 on 83 at gw2"));
        await team.SaidAsync("gw2 mirrors gw1; change gw1, and gw2 follows.");
        await AgreedAsync(team);
    }

    private static async Task ServeAsync(int port, params string[] addresses)
    {
        foreach (var address in addresses)
            await Eventually.TrueAsync(async () =>
                (await Lab.GlanceAsync($"http://{address}:{port}/"))?.StartsWith("vm2 saw ", StringComparison.Ordinal) == true
            );
    }

    private static Task EqualAsync(Team team) =>
        Eventually.TrueAsync(async () =>
        {
            var (one, other) = (await team.StateAsync(), await team.StateAsync("gw2"));
            return other.Running.Gateway is not null
                && one.Queue.IsEmpty
                && other.Queue.IsEmpty
                && one.Running.Exposures.Keys.SequenceEqual(other.Running.Exposures.Keys)
                && one.Running.Vms.Keys.SequenceEqual(other.Running.Vms.Keys);
        });
}
