using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Operations.Reconciling;

namespace ChatOps.Specs.Reconciling;

/// <summary>What does not look right is told once, and once that it is over.</summary>
public sealed class AlertSpecs : ReconcileSpec
{
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
            [
                "alert-raised.v1 service nginx",
                "alert-raised.v1 unreachable",
                "alert-cleared.v1 unreachable",
                "alert-cleared.v1 service nginx",
            ],
            await AlertsAsync()
        );
    }

    [Fact]
    public async Task A_program_of_another_protocol_is_told_once_with_what_to_do_and_is_over_once_it_is_renewed()
    {
        _gateway.Protocol = 1;
        await LookAsync(3);
        Assert.Contains(
            "Next: set it up again with the line that made it a gateway",
            (await StateAsync()).Alerts["program"].Text,
            StringComparison.Ordinal
        );
        _gateway.Protocol = GatewayProtocol.Spoken + 1;
        await LookAsync(1);
        _gateway.Protocol = GatewayProtocol.Spoken;
        await LookAsync(2);
        Assert.Equal(["alert-raised.v1 program", "alert-cleared.v1 program"], await AlertsAsync());
    }

    [Fact]
    public async Task What_others_have_set_up_is_told_once_with_all_that_it_stops()
    {
        _gateway.InTheWay =
        [
            new(null, Family.IPv4, false, "chain FORWARD"),
            new(Text.Parse<PublicPort>("8200"), Family.IPv4, false, "chain FORWARD"),
        ];
        await LookAsync(3);
        Assert.Equal(
            "on gw1 IPv4 clients of tcp 8200 are stopped, by what others have set up: chain FORWARD; and 1 more",
            (await StateAsync()).Alerts["others"].Text
        );
        _gateway.InTheWay = [];
        await LookAsync(1);
        Assert.Equal(["alert-raised.v1 others", "alert-cleared.v1 others"], await AlertsAsync());
    }

    [Fact]
    public async Task A_certificate_is_told_of_from_thirty_days_before_its_end_on()
    {
        var now = _clock.GetUtcNow();
        foreach (var days in (int[])[31, 29, 1, -1, 60])
        {
            _gateway.Certificates =
            [
                new("example", "app.example.com", now.AddDays(-60), now.AddDays(days), true),
                new("other", "b.example.com", now.AddDays(-60), now.AddDays(60), true),
            ];
            await LookAsync(2);
            var alert = (await StateAsync()).Alerts.GetValueOrDefault("certificate example");
            Assert.Equal(
                days > 30 ? null
                    : days > 0 ? "certificate example ends on"
                    : "certificate example has ended on",
                alert?.Text[..alert.Text.IndexOf(" 20", StringComparison.Ordinal)]
            );
        }

        _gateway.Certificates = [new("example", "app.example.com", now.AddDays(-1), now.AddDays(60), false)];
        await LookAsync(1);
        Assert.StartsWith(
            "certificate example is not for app.example.com",
            (await StateAsync()).Alerts["certificate example"].Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_gateway_that_was_offered_more_than_the_log_knows_of_is_told_with_the_way_out()
    {
        _gateway.Highest = new(57);
        await LookAsync(3);
        Assert.Contains("repair at gw1", (await StateAsync()).Alerts["behind 57"].Next);
        _gateway.Highest = default;
        await LookAsync(1);
        Assert.Equal(["alert-raised.v1 behind 57", "alert-cleared.v1 behind 57"], await AlertsAsync());
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
        foreach (var rate in (int[])[.. Enumerable.Repeat(30, 10), 400, 30, 400, 400, 30, 30, 30])
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
        var key = Text.Parse<WireGuardKey>(Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]));
        await HappenAsync(Gw1, "peer", new PeerAdded(0, Text.Parse<Name<Peer>>("vm1"), key, Text.Parse<Address>("10.1.0.2")));
        var start = _clock.GetUtcNow();
        PeerStats Peer(DateTimeOffset handshake, long received, long sent) => new(key, handshake, received, sent);
        var looks = new[]
        {
            Peer(start, 100, 100),
            Peer(start, 200, 200),
            Peer(start, 200, 200),
            Peer(start, 200, 350),
            Peer(start, 200, 350),
            Peer(start.AddMinutes(19), 300, 400),
        };
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
            Sample(s =>
                s with
                {
                    Backends =
                    [
                        new("tcp-7000-ipv4", "vm1", true, 0, 0),
                        new("tcp-7000-ipv4", "vm2", isUp, 0, 0),
                        new("tcp-7000-ipv6", "vm2", isUp, 0, 0),
                    ],
                }
            );
            await LookAsync(1);
        }

        Assert.Equal(["alert-raised.v1 backend 7000 vm2:7001", "alert-cleared.v1 backend 7000 vm2:7001"], await AlertsAsync());
    }

    [Fact]
    public async Task An_alert_ends_with_the_name_that_it_was_raised_under_and_goes_on_under_the_new_one()
    {
        await ApplyAsync("expose vm2:7000,vm2:7001 on 7000");
        foreach (var look in Enumerable.Range(0, 7))
        {
            if (look == 3)
                await HappenAsync(Gw1, "rename", new VmRenamed(0, Given.Vm("vm2"), Given.Vm("web")));
            Sample(s => s with { Backends = [new("tcp-7000-ipv4", "vm2", false, 0, 0)] });
            await LookAsync(1);
        }

        Assert.Equal(["backend 7000 web:7001"], (await StateAsync()).Alerts.Keys);
        var over = await _log.ReadStreamAsync(Gateway.StreamOf(Gw1), 0, default).Select(r => r.Event).OfType<AlertCleared>().ToListAsync();
        Assert.Equal([new AlertCleared("backend 7000 vm2:7001", "vm2:7001 on gw1 is called web:7001 now")], over);
    }

    [Fact]
    public async Task Another_revision_than_the_logs_is_told()
    {
        await _gateway.ApplyAsync(
            Given.Gateway(),
            new Revision(7),
            TimeSpan.FromSeconds(30),
            ImmutableDictionary<string, string>.Empty,
            false,
            _ => { },
            default
        );
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
}
