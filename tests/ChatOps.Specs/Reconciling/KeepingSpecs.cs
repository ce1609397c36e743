using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Operations.Applying;

namespace ChatOps.Specs.Reconciling;

/// <summary>What the log asks for by itself: the end of a time, a repair.</summary>
public sealed class KeepingSpecs : ReconcileSpec
{
    [Fact]
    public async Task What_is_open_for_a_time_is_closed_when_it_is_over()
    {
        await ApplyAsync("expose vm2:8080 on 80 for 2h");
        _clock.Advance(TimeSpan.FromMinutes(119));
        await _reconcile.RunAsync(default);
        Assert.Contains("expiry 80", (await StateAsync()).Alerts.Keys);
        Assert.Single((await StateAsync()).Running.Exposures);

        _clock.Advance(TimeSpan.FromMinutes(2));
        await _reconcile.RunAsync(default);
        await _reconcile.RunAsync(default);
        var closing = (await StateAsync()).Changes[2];
        Assert.Equal(("unexpose 80", "its time is up (for 2h, #1)", "reconcile"), (closing.Line, closing.Reason, closing.By.Id));
        Assert.Contains(_nudges.Sent, n => n.Revision == new Revision(2));
        await _apply.RunAsync(Gw1, default);
        Assert.Empty((await StateAsync()).Running.Exposures);
        Assert.Equal(2, (await StateAsync()).Changes.Count);
        await _reconcile.RunAsync(default);
        Assert.Empty((await StateAsync()).Alerts);
    }

    [Fact]
    public async Task What_came_due_while_everybody_was_off_is_closed_at_the_first_look()
    {
        await ApplyAsync("expose vm2:8080 on 80 for 2h");
        _gateway.Unreachable = "no answer";
        _clock.Advance(TimeSpan.FromDays(3));
        using var next = NewReconcile(ChangePolicy.Default);
        await next.RunAsync(default);
        Assert.Equal(ApplyResult.Delayed, await _apply.RunAsync(Gw1, default));
        _gateway.Unreachable = null;
        await next.RunAsync(default);
        Assert.Equal(ApplyResult.Settled, await _apply.RunAsync(Gw1, default));
        Assert.Empty((await StateAsync()).Running.Exposures);
    }

    [Fact]
    public async Task What_was_accepted_until_a_time_that_is_over_by_now_is_not_opened()
    {
        await AcceptAsync("expose vm2:8080 on 80 until 2026-11-21T12:00");
        _clock.Advance(TimeSpan.FromDays(3));
        await _apply.RunAsync(Gw1, default);
        Assert.Equal("planning", Assert.IsType<ChangeStatus.Failed>((await StateAsync()).Changes[1].Status).Result.Step);
        Assert.Empty(_gateway.Applied);
    }

    [Fact]
    public async Task A_reminder_goes_when_the_time_is_extended()
    {
        await ApplyAsync("expose vm2:8080 on 80 for 1h");
        _clock.Advance(TimeSpan.FromMinutes(55));
        await _reconcile.RunAsync(default);
        await _reconcile.RunAsync(default);
        await ApplyAsync("extend 1 for 1h");
        await _reconcile.RunAsync(default);
        Assert.Equal(["alert-raised.v1 expiry 80", "alert-cleared.v1 expiry 80"], await AlertsAsync());
    }

    [Fact]
    public async Task An_ordinary_change_is_not_made_on_top_of_a_drift_and_a_repair_is()
    {
        await AcceptAsync("expose vm2:8080 on 80");
        await HappenAsync(Gw1, "drift", new AlertRaised("drift", "gw1 has drifted", "-a\n+b", []));
        await _apply.RunAsync(Gw1, default);
        Assert.Equal("looking for drift", Assert.IsType<ChangeStatus.Failed>((await StateAsync()).Changes[1].Status).Result.Step);
        Assert.Empty(_gateway.Applied);

        await ApplyAsync("repair");
        Assert.Empty((await StateAsync()).Alerts);
        await ApplyAsync("expose vm2:8080 on 80");
        Assert.Single((await StateAsync()).Running.Exposures);
    }

    [Fact]
    public async Task Policy_can_repair_without_asking_but_not_again_and_again()
    {
        using var reconcile = NewReconcile(ChangePolicy.Default with { RepairsByItself = true });
        _gateway.Drift = [new("nftables", "-a\n+b")];
        await reconcile.RunAsync(default);
        await _apply.RunAsync(Gw1, default);
        var repair = (await StateAsync()).Changes[1];
        Assert.Equal(("repair", "reconcile"), (repair.Line, repair.By.Id));
        Assert.IsType<ChangeStatus.Applied>(repair.Status);

        await reconcile.RunAsync(default);
        Assert.Single((await StateAsync()).Changes);
        _clock.Advance(TimeSpan.FromMinutes(11));
        await reconcile.RunAsync(default);
        Assert.Equal(2, (await StateAsync()).Changes.Count);
    }
}
