using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Ssh;
using ChatOps.Operations.Applying;

namespace ChatOps.Lab;

/// <summary>
/// Faults at every step of an apply. After each: what runs is exactly one revision, the log says which, nothing that was accepted is lost,
/// and a client of what was open before has seen nothing, unless the gateway itself was off.
/// </summary>
public sealed class FaultTests : GatewayTest
{
    // Short, so that a gateway that is left alone goes back by itself within a test.
    private static readonly ApplyOptions Short = new(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(1_000)]
    [InlineData(6_000)]
    [InlineData(9_000)]
    public async Task The_connection_is_cut_while_the_bundle_is_on_its_way(int bytes)
    {
        await ServeAsync();
        using var wire = Wire.To(Lab.File.Access.Dial[Gw1]);
        await using var shell = new SshGatewayClient(Over(wire));
        await using var team = await Team.StartAsync(Log, null, null, Lab.File.Gateways, shell);
        using var poller = Poller.Start($"http://{Lab.Gw1V4}/");
        wire.CutAfter(bytes);
        await EndsAsync(team, await team.AcceptAsync("expose vm2:8080 on 81"), mustApply: true);
        Assert.True(wire.Cuts > 0);
        Assert.Empty(await poller.StopAsync());
    }

    [Fact]
    public async Task The_connection_is_cut_at_every_step()
    {
        await ServeAsync();
        using var poller = Poller.Start($"http://{Lab.Gw1V4}/");
        await AtEveryStepAsync(
            async (moment, line) =>
            {
                using var wire = Wire.To(Lab.File.Access.Dial[Gw1]);
                await using var shell = new FaultyShell(new SshGatewayClient(Over(wire)), moment, wire.Cut);
                await using var team = await Team.StartAsync(Log, null, Short, Lab.File.Gateways, shell);
                await EndsAsync(team, await team.AcceptAsync(line), mustApply: false);
                Assert.True(shell.HasHappened);
            }
        );
        Assert.Empty(await poller.StopAsync());
    }

    [Fact]
    public async Task The_gateway_loses_its_power_at_every_step()
    {
        await ServeAsync();
        await AtEveryStepAsync(
            async (moment, line) =>
            {
                Task<Output>? on = null;
                var inner = new SshGatewayClient(Lab.File.Access with { ConnectTimeout = TimeSpan.FromSeconds(3) });
                await using var shell = new FaultyShell(inner, moment, () =>
                {
                    Lab.CallAsync("off", "gw1").GetAwaiter().GetResult().Succeeded();
                    on = Lab.CallAsync("on", "gw1");
                });
                await using var team = await Team.StartAsync(Log, null, Short, Lab.File.Gateways, shell);
                var number = await team.AcceptAsync(line);
                await Eventually.TrueAsync(() => shell.HasHappened);
                await EndsAsync(team, number, mustApply: false);
                (await on!).Succeeded();
            }
        );
    }

    [Fact]
    public async Task The_gateways_disk_is_full()
    {
        await ServeAsync();
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-ec",
                "mkdir /mnt/small; mount -t tmpfs -o size=2m none /mnt/small; cp -a /var/lib/chatops/. /mnt/small; mount --bind /mnt/small /var/lib/chatops"
            )
        ).Succeeded();
        await using var team = await TeamAsync();
        using var poller = Poller.Start($"http://{Lab.Gw1V4}/");
        await team.AppliedAsync("expose vm2:8080 on 82");
        await Lab.ExecAsync("gw1", "sh", "-c", "cat /dev/zero >/var/lib/chatops/filler");
        var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync("expose vm2:8080 on 81"));
        Assert.Contains("No space left on device", failed.Result.Error, StringComparison.Ordinal);
        await AgreedAsync(team);
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}:81/"));
        Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}:82/"));
        (await Lab.ExecAsync("gw1", "rm", "/var/lib/chatops/filler")).Succeeded();
        await team.AppliedAsync("expose vm2:8080 on 81");
        Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}:81/"));
        Assert.Empty(await poller.StopAsync());
    }

    [Fact]
    public async Task Two_controllers_work_on_one_log_at_once()
    {
        await ServeAsync();
        await using var one = await TeamAsync();
        await using var two = await TeamAsync();
        using var poller = Poller.Start($"http://{Lab.Gw1V4}/");
        for (var port = 8100; port < 8110; port++)
            await (port % 2 == 0 ? one : two).AcceptAsync($"expose vm2:8080 on {port}");
        await one.SettledAsync();
        var state = await one.StateAsync();
        Assert.All(state.Changes.Values, c => Assert.IsType<ChangeStatus.Applied>(c.Status));
        await AgreedAsync(two);
        Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}:8100/"));
        Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}:8109/"));
        Assert.Empty(await poller.StopAsync());
        Assert.Equal("", string.Join('\n', one.Complaints.Concat(two.Complaints)));
    }

    [Fact]
    public async Task A_controller_with_an_older_copy_of_the_log_is_fenced_off()
    {
        await ServeAsync();
        var copy = CopyOfLog();
        await using (var team = await TeamAsync())
            await team.AppliedAsync("expose vm2:8080 on 81", "expose vm2:8080 on 82");
        await using var stale = await Team.StartAsync(copy, null, null, Lab.File.Gateways);
        var failed = Assert.IsType<ChangeStatus.Failed>(await stale.DoAsync("expose vm3:8080 on 81"));
        Assert.Equal("fencing", failed.Result.Step);
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}:81/"), StringComparison.Ordinal);

        // It says why, does nothing until somebody decides, and then goes on from the gateway's number: what it runs is this log's from
        // there on.
        Assert.Contains((await stale.StateAsync()).Alerts.Keys, k => k.StartsWith("behind ", StringComparison.Ordinal));
        await using (var again = await TeamAsync())
            await AgreedAsync(again);
        Assert.True(await stale.SayAsync("operator: repair"), stale.Transcript);
        await stale.SettledAsync();
        await AgreedAsync(stale);
        await stale.AppliedAsync("expose vm3:8080 on 81");
        Assert.StartsWith("vm3 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}:81/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task The_controllers_clock_jumps_at_every_step(int days)
    {
        await ServeAsync();
        var clock = new JumpingClock();
        await AtEveryStepAsync(
            async (moment, line) =>
            {
                await using var shell = new FaultyShell(new SshGatewayClient(Lab.File.Access), moment, () =>
                    clock.Jump(TimeSpan.FromDays(days))
                );
                await using var team = await Team.StartAsync(Log, null, null, Lab.File.Gateways, shell, clock);
                await EndsAsync(team, await team.AcceptAsync(line), mustApply: true);
                Assert.True(shell.HasHappened);
            }
        );
    }

    // One after the other on one gateway: what a fault leaves behind must not be in the way of the next change. A port of its own for each.
    private static async Task AtEveryStepAsync(Func<string, string, Task> tryAsync)
    {
        var port = 8300;
        foreach (var moment in FaultyShell.Moments)
        {
            try
            {
                await tryAsync(moment, $"expose vm2:8080 on {port++}");
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"at {moment}: {e.Message}", e);
            }
        }
    }

    // vm2 is served on port 80 by an edition that has gone since.
    private async Task ServeAsync()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", "expose vm2:8080 on 80");
        Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}/"));
    }

    private static GatewayAccess Over(Wire wire) =>
        Lab.File.Access with
        {
            Dial = ImmutableDictionary<Name<Gateway>, DialAddress>.Empty.Add(Gw1, wire.End),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };

    // The change has exactly one end, and the gateway and its ports say the same as the log.
    private static async Task EndsAsync(Team team, int number, bool mustApply)
    {
        await team.SettledAsync();
        await Eventually.TrueAsync(async () => await SettledOnAsync() == (await team.StateAsync()).RunningRevision);
        var change = (await team.StateAsync()).Changes[number];
        var isApplied = change.Status is ChangeStatus.Applied;
        Assert.True(
            isApplied || (!mustApply && change.Status is ChangeStatus.Failed),
            $"{change.Status}\n{team.Transcript}\n{string.Join('\n', team.Complaints)}"
        );
        await AgreedAsync(team);
        var opened = change.Effects.OfType<ExposureOpened>().Single();
        await Eventually.TrueAsync(async () => await Lab.GlanceAsync($"http://{Lab.Gw1V4}/") is not null);
        await Eventually.TrueAsync(async () => await Lab.GlanceAsync($"http://{Lab.Gw1V4}:{opened.Endpoint}/") is not null == isApplied);
        Assert.Equal(1, await EndsOfAsync(team, number));
    }

    // Null while the gateway is off, or on its way back by itself, which it may be after the log has its end.
    private static async Task<Revision?> SettledOnAsync()
    {
        try
        {
            var seen = await ObserveAsync();
            return seen.Running == seen.Confirmed ? seen.Confirmed : null;
        }
        catch (GatewayUnreachableException)
        {
            return null;
        }
    }

    private static async Task<int> EndsOfAsync(Team team, int number)
    {
        var count = 0;
        await foreach (var recorded in team.ReadLogAsync())
            count +=
                recorded.Event is ChangeApplied applied && applied.Number == number
                || recorded.Event is ChangeFailed failed && failed.Number == number
                    ? 1
                    : 0;
        return count;
    }
}
