using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;

namespace ChatOps.Specs.Reconciling;

/// <summary>A mirror follows.</summary>
public sealed class FollowingSpecs : ReconcileSpec
{
    [Fact]
    public async Task A_mirror_follows_what_is_accepted_and_the_log_says_why()
    {
        await AddMirrorAsync();
        await AcceptAsync("expose vm2:8080 on 80");
        await _reconcile.FollowAsync(Gw1, default);
        await _reconcile.FollowAsync(Gw1, default);
        var mirror = await _ledger.LoadAsync(Gw2, default);
        Assert.Equal(("mirror gw1", "gw1#1: expose vm2:8080 on 80"), (mirror.Head!.Line, mirror.Head.Reason));
        Assert.Single(mirror.Changes);
        var source = await _log.ReadStreamAsync(Gateway.StreamOf(Gw1), 0, default).ToListAsync();
        var follows = await _log.ReadStreamAsync(Gateway.StreamOf(Gw2), 0, default).LastAsync();
        Assert.IsType<ChangeAccepted>(source.Single(r => r.Id == follows.Causation).Event);
        Assert.Contains(_nudges.Sent, n => n.Gateway == Gw2);
        await _apply.RunAsync(Gw2, default);
        Assert.Equal(["80"], (await _ledger.LoadAsync(Gw2, default)).Running.Exposures.Keys.Select(k => k.ToString()));
    }

    [Fact]
    public async Task What_failed_on_the_first_leaves_the_mirror_too()
    {
        await AddMirrorAsync();
        await AcceptAsync("expose vm2:8080 on 80");
        await _reconcile.FollowAsync(Gw1, default);
        await _apply.RunAsync(Gw2, default);
        _gateway.NextAnswer = new GatewayAnswer.Refused("validating", "", "no", default);
        await _apply.RunAsync(Gw1, default);
        await _reconcile.FollowAsync(Gw1, default);
        await _apply.RunAsync(Gw2, default);
        Assert.Empty((await _ledger.LoadAsync(Gw2, default)).Running.Exposures);
    }

    [Fact]
    public async Task A_mirror_that_cannot_follow_is_an_alert_and_no_loop()
    {
        await AddMirrorAsync();
        await ApplyAsync("expose vm2:8080 on 80");
        await _reconcile.FollowAsync(Gw1, default);
        _gateway.NextAnswer = new GatewayAnswer.Refused("validating", "", "no", default);
        await _apply.RunAsync(Gw2, default);
        for (var look = 0; look < 4; look++)
        {
            await LookAsync(1);
            await _apply.RunAsync(Gw2, default);
        }

        var mirror = await _ledger.LoadAsync(Gw2, default);
        Assert.Single(mirror.Changes);
        Assert.Equal("gw2 does not follow gw1: the same has failed as #1", mirror.Alerts["mirror"].Text);

        await ApplyAsync("unexpose 80");
        await LookAsync(1);
        await _apply.RunAsync(Gw2, default);
        await LookAsync(1);
        Assert.DoesNotContain("mirror", (await _ledger.LoadAsync(Gw2, default)).Alerts.Keys);
    }
}
