using System.Collections.Concurrent;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Lab;

/// <summary>Gateways that are off, and controllers that die: nothing that was accepted is lost, and nothing is left half done.</summary>
[Trait("lab", "clocks")]
public sealed class OutageTests : GatewayTest
{
    [Fact]
    public async Task A_change_waits_for_a_gateway_that_is_off()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2");
        (await Lab.CallAsync("off", "gw1")).Succeeded();
        var number = await team.AcceptAsync("expose vm2:8080 on 80");
        await Eventually.TrueAsync(async () =>
            (await team.StateAsync()).Changes[number].Status is ChangeStatus.Accepted { Delay: not null }
        );
        await team.SaidAsync("#2 is saved and will be applied when gw1 is back.");
        (await Lab.CallAsync("on", "gw1")).Succeeded();
        await team.SettledAsync();
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}/"), StringComparison.Ordinal);
        await AgreedAsync(team);
    }

    [Fact]
    public async Task Another_machine_under_the_gateways_address_gets_nothing()
    {
        var impostor = Lab.File.Gateways[0] with { HostKey = Text.Parse<HostKey>("SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDgq0mPWhuYQyQ6sBE") };
        await using var team = await TeamAsync(gateways: impostor);
        var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync("vm add vm2 400::100:0:0:2"));
        Assert.Equal("connecting", failed.Result.Step);
        Assert.Contains("SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDgq0mPWhuYQyQ6sBE", failed.Result.Error, StringComparison.Ordinal);
        Assert.Equal(new Revision(0), (await ObserveAsync()).Running);
    }

    [Fact]
    public async Task A_controller_that_is_killed_in_the_middle_of_an_apply_goes_on_at_the_next_start()
    {
        await using (var team = await TeamAsync())
            await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        using var poller = Poller.Start($"http://{Lab.Gw1V4}/");
        for (var kill = 0; kill < 8; kill++)
        {
            using var process = Controller.Start(Log);
            var said = new ConcurrentQueue<string>();
            process.OutputDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
            process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            var before = await Team.StateOfAsync(Log);
            await process.StandardInput.WriteLineAsync($"operator: expose vm2:8080 on {8100 + kill}");
            await process.StandardInput.WriteLineAsync($"approver: approve {before.NextNumber}");
            await process.StandardInput.FlushAsync();
            await Eventually.TrueAsync(
                async () =>
                {
                    Assert.False(process.HasExited, $"kill {kill}: ended by itself\n{string.Join('\n', said)}");
                    return (await Team.StateOfAsync(Log)).LastRevision.CompareTo(before.LastRevision) > 0;
                },
                () => $"kill {kill}\n{string.Join('\n', said)}"
            );
            await Task.Delay(kill * 20);
            process.Kill();
            await process.WaitForExitAsync();

            await using var next = await TeamAsync();
            await next.SettledAsync();
            await AgreedAsync(next);
            Assert.IsType<ChangeStatus.Applied>((await next.StateAsync()).Changes[before.NextNumber].Status);
            Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}:{8100 + kill}/"));
        }

        Assert.Empty(await poller.StopAsync());
    }

    [Fact]
    public async Task A_gateway_whose_power_fails_in_the_middle_of_an_apply_ends_with_what_the_log_says()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        for (var cut = 0; cut < 3; cut++)
        {
            var number = await team.AcceptAsync($"expose vm2:8080 on {8200 + cut}");
            await Task.Delay(20 + (cut * 40));
            (await Lab.CallAsync("off", "gw1")).Succeeded();
            (await Lab.CallAsync("on", "gw1")).Succeeded();
            await team.SettledAsync();

            // Cut off while it was verified it may have failed; but then the port is closed, and the gateway says the same.
            var isOpen = (await team.StateAsync()).Changes[number].Status is ChangeStatus.Applied;
            await Eventually.TrueAsync(async () => await Lab.GlanceAsync($"http://{Lab.Gw1V4}/") is not null);
            await Eventually.TrueAsync(async () => await Lab.GlanceAsync($"http://{Lab.Gw1V4}:{8200 + cut}/") is not null == isOpen);
            await AgreedAsync(team);
        }
    }
}
