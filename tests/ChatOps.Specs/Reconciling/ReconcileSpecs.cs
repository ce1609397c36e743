using System.Collections.Immutable;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Gateways;
using ChatOps.Core.Log;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Core.Statistics;
using ChatOps.Core.Values;
using ChatOps.Functions.Apply;
using ChatOps.Functions.Reconcile;
using ChatOps.Local;
using ChatOps.Rendering;
using ChatOps.Specs.Chat;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Specs.Reconciling;

/// <summary>What happens by itself: over the real log, with a clock that is turned by hand.</summary>
public sealed class ReconcileSpecs : IAsyncLifetime
{
    private static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");
    private static readonly Name<Gateway> Gw2 = Text.Parse<Name<Gateway>>("gw2");

    private readonly TempFolder _folder = new();
    private readonly ScriptedGateway _gateway = new();
    private readonly FakeTimeProvider _clock = new(Given.Start);
    private readonly Nudges _nudges = new();
    private readonly HealthBoard _board = new();
    private SqliteEventLog _log = null!;
    private Ledger _ledger = null!;
    private Apply _apply = null!;
    private Reconcile _reconcile = null!;

    public async Task InitializeAsync()
    {
        _log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        _ledger = new Ledger(_log, _clock);
        var renderer = new ConfigRenderer(new Templates(Path.Combine(AppContext.BaseDirectory, "templates")));
        _apply = new Apply(_ledger, new ApplyTools(renderer, _gateway, new NobodyWaits(), _clock, ApplyOptions.Default));
        _reconcile = NewReconcile(ChangePolicy.Default);
        await HappenAsync(Gw1, "gateway", new GatewayAdded(0, Given.Gateway()), new VmAdded(0, Given.Vm("vm2"), [Text.Parse<Address>("400::2")]));
    }

    public async Task DisposeAsync()
    {
        _reconcile.Dispose();
        _ledger.Dispose();
        await _log.DisposeAsync();
        _folder.Dispose();
    }

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
        Assert.Equal(("unexpose 80", "its time is up (for 2h by operator)", "reconcile"), (closing.Line, closing.Reason, closing.By.Id));
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
    public async Task What_was_accepted_for_a_time_that_is_over_by_now_is_not_opened()
    {
        await AcceptAsync("expose vm2:8080 on 80 for 2h");
        _clock.Advance(TimeSpan.FromHours(3));
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
    public async Task A_gateway_that_does_not_answer_is_one_alert_after_several_tries_and_is_cleared_once()
    {
        _gateway.Services["nginx"] = "failed";
        await LookAsync(2);
        _gateway.Unreachable = "no answer";
        await LookAsync(2);
        Assert.Equal(["alert-raised.v1 service nginx"], await AlertsAsync());
        await LookAsync(5);
        _gateway.Unreachable = null;
        _gateway.Services["nginx"] = "active";
        await LookAsync(3);
        Assert.Equal(
            ["alert-raised.v1 service nginx", "alert-raised.v1 unreachable", "alert-cleared.v1 unreachable", "alert-cleared.v1 service nginx"],
            await AlertsAsync()
        );
    }

    [Fact]
    public async Task A_table_of_connections_that_is_nearly_full_is_told_once_and_does_not_flap()
    {
        foreach (var connections in new[] { 50_000, 53_000, 52_000, 53_000, 50_000, 40_000 })
        {
            _gateway.Connections = connections;
            await LookAsync(1);
        }

        Assert.Equal(["alert-raised.v1 conntrack", "alert-cleared.v1 conntrack"], await AlertsAsync());
    }

    [Fact]
    public async Task Drift_is_told_at_the_first_look_with_its_differences_and_again_only_when_they_are_others()
    {
        _gateway.Drift = [new("nftables", "-old\n+new")];
        await LookAsync(3);
        var alert = (await StateAsync()).Alerts["drift"];
        Assert.StartsWith("gw1 is not what the log says: nftables differs", alert.Text, StringComparison.Ordinal);
        Assert.Equal("nftables\n-old\n+new", alert.Detail);
        Assert.Equal(["alert-raised.v1 drift"], await AlertsAsync());
        _gateway.Drift = [new("nftables", "-old\n+newer"), new("sysctl", "-1\n+0")];
        await LookAsync(2);
        Assert.Equal(2, (await AlertsAsync()).Length);
        _gateway.Drift = [];
        await LookAsync(1);
        Assert.Equal(["alert-raised.v1 drift", "alert-raised.v1 drift", "alert-cleared.v1 drift"], await AlertsAsync());
    }

    [Fact]
    public async Task A_service_that_has_failed_is_one_alert_and_no_drift()
    {
        _gateway.Services["nginx"] = "failed";
        _gateway.Drift = [new("nginx", "chatops-nginx should run and is failed")];
        await LookAsync(3);
        Assert.Equal(["alert-raised.v1 service nginx"], await AlertsAsync());
    }

    [Fact]
    public async Task A_clock_that_is_off_is_told_and_at_half_of_it_it_is_over()
    {
        foreach (var off in new[] { 9, 11, 12, 6, 4 })
        {
            _gateway.Clock = _clock.GetUtcNow().AddSeconds(-off);
            await LookAsync(1);
        }

        Assert.Equal(["alert-raised.v1 clock", "alert-cleared.v1 clock"], await AlertsAsync());
    }

    [Fact]
    public async Task A_rate_is_unusual_beside_its_own_average_for_two_looks()
    {
        var opened = 0L;
        foreach (var rate in (int[])[.. Enumerable.Repeat(30, 10), 200, 30, 200, 200, 30, 30, 30])
        {
            opened += rate * 15L;
            Sample(s => s with { Ports = [new(Family.IPv4, Text.Parse<PublicPort>("80"), default, default, opened, 1)] });
            await LookAsync(1);
        }

        Assert.Equal(["alert-raised.v1 rate 80", "alert-cleared.v1 rate 80"], await AlertsAsync());
    }

    [Fact]
    public async Task Counters_that_begin_anew_and_rates_that_are_low_say_nothing()
    {
        foreach (var dropped in (int[])[.. Enumerable.Range(0, 10), 100, 0, 200, 0, 250])
        {
            Sample(s => s with { Counters = s.Counters.SetItem("dropped", new Volume(dropped, 0)) });
            await LookAsync(1);
        }

        Assert.Empty(await AlertsAsync());
    }

    [Fact]
    public async Task A_peer_is_silent_when_something_is_sent_and_nothing_comes()
    {
        var key = Text.Parse<WireGuardKey>(Convert.ToBase64String(new byte[32]));
        await HappenAsync(Gw1, "peer", new PeerAdded(0, Text.Parse<Name<Peer>>("vm1"), key, Text.Parse<Address>("10.1.0.2")));
        var start = _clock.GetUtcNow();
        PeerStats Peer(DateTimeOffset handshake, long received, long sent) => new(key, handshake, received, sent);
        var looks = new[] { Peer(start, 100, 100), Peer(start, 200, 200), Peer(start, 200, 200), Peer(start, 200, 350), Peer(start, 200, 350), Peer(start.AddMinutes(19), 300, 400) };
        foreach (var look in looks)
        {
            Sample(s => s with { Peers = [look] });
            await LookAsync(1);
            _clock.Advance(TimeSpan.FromMinutes(4) - ReconcileOptions.Default.Every);
        }

        Assert.Equal(["alert-raised.v1 peer vm1", "alert-cleared.v1 peer vm1"], await AlertsAsync());
    }

    [Fact]
    public async Task A_backend_is_told_by_the_name_of_its_vm()
    {
        await ApplyAsync("expose vm2:7000,vm2:7001 on 7000");
        foreach (var isUp in new[] { true, false, false, true, true })
        {
            Sample(s => s with { Backends = [new("tcp-7000-ipv4", "vm1", true, 0, 0), new("tcp-7000-ipv4", "vm2", isUp, 0, 0), new("tcp-7000-ipv6", "vm2", isUp, 0, 0)] });
            await LookAsync(1);
        }

        Assert.Equal(["alert-raised.v1 backend 7000 vm2:7001", "alert-cleared.v1 backend 7000 vm2:7001"], await AlertsAsync());
    }

    [Fact]
    public async Task Another_revision_than_the_logs_is_told()
    {
        await _gateway.ApplyAsync(Given.Gateway(), new Revision(7), TimeSpan.FromSeconds(30), ImmutableDictionary<string, string>.Empty, false, _ => { }, default);
        await _gateway.ConfirmAsync(Given.Gateway(), new Revision(7), default);
        await LookAsync(2);
        Assert.Equal("gw1 runs revision 7, the log says 0", (await StateAsync()).Alerts["revision"].Text);
    }

    [Fact]
    public async Task Nothing_is_said_about_a_gateway_on_which_a_change_is_under_way()
    {
        _gateway.Services["nginx"] = "failed";
        await AcceptAsync("expose vm2:8080 on 80");
        await LookAsync(5);
        Assert.Empty((await StateAsync()).Alerts);
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
        await HappenAsync(Gw1, "drift", new AlertRaised("drift", "gw1 has drifted", "-a\n+b", []));
        await reconcile.RunAsync(default);
        await _apply.RunAsync(Gw1, default);
        var repair = (await StateAsync()).Changes[1];
        Assert.Equal(("repair", "reconcile"), (repair.Line, repair.By.Id));
        Assert.IsType<ChangeStatus.Applied>(repair.Status);

        await HappenAsync(Gw1, "again", new AlertRaised("drift", "gw1 has drifted", "-a\n+b", []));
        await reconcile.RunAsync(default);
        Assert.Single((await StateAsync()).Changes);
        _clock.Advance(TimeSpan.FromMinutes(11));
        await HappenAsync(Gw1, "still", new AlertRaised("drift", "gw1 has drifted", "-a\n+b", []));
        await reconcile.RunAsync(default);
        Assert.Equal(2, (await StateAsync()).Changes.Count);
    }

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

    private Reconcile NewReconcile(ChangePolicy policy) => new(_ledger, _nudges, _gateway, _board, policy, _clock, ReconcileOptions.Default);

    private void Sample(Func<GatewayStats, GatewayStats> counted) => _board.Add(Gw1, new StatsSample(_clock.GetUtcNow(), _gateway.Stats = counted(_gateway.Stats)));

    private async Task LookAsync(int times)
    {
        for (var look = 0; look < times; look++)
        {
            await _reconcile.RunAsync(default);
            _clock.Advance(ReconcileOptions.Default.Every);
        }
    }

    private Task<GatewayState> StateAsync() => _ledger.LoadAsync(Gw1, default);

    private async Task<string[]> AlertsAsync()
    {
        var records = await _log.ReadStreamAsync(Gateway.StreamOf(Gw1), 0, default).ToListAsync();
        return
        [
            .. records
                .Select(r => (r.Event, Key: (r.Event as AlertRaised)?.Key ?? (r.Event as AlertCleared)?.Key))
                .Where(e => e.Key is not null)
                .Select(e => $"{EventTypes.NameOf(e.Event)} {e.Key}"),
        ];
    }

    private async Task ApplyAsync(string line)
    {
        var number = await AcceptAsync(line);
        await _apply.RunAsync(Gw1, default);
        Assert.IsType<ChangeStatus.Applied>((await StateAsync()).Changes[number].Status);
    }

    private async Task<int> AcceptAsync(string line)
    {
        var number = (await StateAsync()).NextNumber;
        var command = (ChangeCommand)Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command;
        var allowed = new ChangePolicy([new PolicyRule(["expose", "unexpose", "extend", "repair"], null, null, null, Role.Operator, 0, Role.Approver)]);
        var origin = new Origin($"{line}{number}", Given.Operator.Actor);
        Assert.IsType<Outcome.Decided>(await _ledger.DecideAsync(Gw1, origin, s => Decider.Decide(s, command, Given.Operator, allowed, _clock.GetUtcNow()), default));
        return number;
    }

    private Task AddMirrorAsync() =>
        HappenAsync(
            Gw2,
            "mirror",
            new GatewayAdded(0, Gateway.WithDefaults(Gw2, [Text.Parse<Address>("203.0.113.20")], Given.Gateway().HostKey, Gw1)),
            new VmAdded(0, Given.Vm("vm2"), [Text.Parse<Address>("400::2")])
        );

    private Task HappenAsync(Name<Gateway> gateway, string id, params GatewayEvent[] events) =>
        _ledger.DecideAsync(gateway, new Origin(id, Actor.Configuration), _ => new Decision.Accepted([.. events]), default);

    private sealed class NobodyWaits : IApplyProgress
    {
        public void Report(Name<Gateway> gateway, int change, ApplyStep step) { }
    }

    private sealed class Nudges : INudgeQueue
    {
        public List<Nudge> Sent { get; } = [];

        public Task SendAsync(Nudge nudge, CancellationToken cancel)
        {
            Sent.Add(nudge);
            return Task.CompletedTask;
        }

        public IAsyncEnumerable<Nudge> ReceiveAsync(CancellationToken cancel) => throw new NotSupportedException("nobody listens");
    }
}
