using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Operations.Applying;
using ChatOps.Rendering;
using ChatOps.Specs.Chat;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Specs.Applying;

public sealed partial class ApplySpecs : IAsyncLifetime
{
    private static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");

    private readonly TempFolder _folder = new();
    private readonly ScriptedGateway _gateway = new();
    private SqliteEventLog _log = null!;
    private Ledger _ledger = null!;
    private Apply _apply = null!;

    public async Task InitializeAsync()
    {
        _log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        _ledger = new Ledger(_log, TimeProvider.System);
        var renderer = new ConfigRenderer(new Templates(Path.Combine(AppContext.BaseDirectory, "templates")));
        _apply = new Apply(_ledger, new ApplyTools(renderer, _gateway, new NobodyWaits(), TimeProvider.System, ApplyOptions.Default));
        await HappenAsync(
            "gateway",
            new GatewayAdded(0, Given.Gateway()),
            new VmAdded(0, Given.Vm("vm2"), [Text.Parse<Address>("400::2")])
        );
    }

    public async Task DisposeAsync()
    {
        _ledger.Dispose();
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Accepted_changes_are_applied_in_their_order_with_their_effects()
    {
        await AcceptAsync("expose vm2:8080 on 80");
        await AcceptAsync("unexpose 80");
        Assert.Equal(ApplyResult.Settled, await _apply.RunAsync(Gw1, default));
        Assert.Equal([new Revision(1), new Revision(2)], _gateway.Applied);
        var state = await _ledger.LoadAsync(Gw1, default);
        Assert.Empty(state.Running.Exposures);
        Assert.All(state.Changes.Values, c => Assert.IsType<ChangeStatus.Applied>(c.Status));
    }

    [Fact]
    public async Task Changes_that_have_come_meanwhile_are_one_revision_and_each_has_its_own_end()
    {
        foreach (var port in new[] { 80, 81, 82 })
            await AcceptAsync($"expose vm2:8080 on {port}");
        Assert.Equal(ApplyResult.Settled, await _apply.RunAsync(Gw1, default));
        Assert.Equal([new Revision(3)], _gateway.Applied);
        var state = await _ledger.LoadAsync(Gw1, default);
        Assert.Equal(
            [1, 2, 3],
            state.Changes.Values.OrderBy(c => c.Number).Select(c => Assert.IsType<ChangeStatus.Applied>(c.Status).Result.Revision.Number)
        );
        Assert.Equal(new Revision(3), state.RunningRevision);

        // What one of them did can be undone by itself.
        await AcceptAsync("undo 2");
        var effect = Assert.Single((await _ledger.LoadAsync(Gw1, default)).Changes[4].Effects);
        Assert.Equal("81", Assert.IsType<ExposureClosed>(effect).Endpoint.ToString());
    }

    [Theory]
    [InlineData("validating")]
    [InlineData("switching")]
    public async Task The_one_that_fails_takes_none_of_the_others_down(string step)
    {
        _gateway.Judge = files => files.Contains("8013", StringComparison.Ordinal) ? new(step, "", "not this one", default) : null;
        foreach (var port in Enumerable.Range(8001, 20))
            await AcceptAsync($"expose vm2:8080 on {port}");
        Assert.Equal(ApplyResult.Settled, await _apply.RunAsync(Gw1, default));
        var state = await _ledger.LoadAsync(Gw1, default);
        Assert.Equal((step, "not this one"), await FailureAsync(13));
        Assert.All(state.Changes.Values.Where(c => c.Number != 13), c => Assert.IsType<ChangeStatus.Applied>(c.Status));
        Assert.Equal(19, state.Running.Exposures.Count);
        Assert.InRange(_gateway.Applied.Count, 2, 9);

        // Whatever numbers that took, the next change has a higher one, and so has each revision among the others.
        await AcceptAsync("expose vm2:8080 on 9000");
        await _apply.RunAsync(Gw1, default);
        Assert.Equal(_gateway.Applied.Order(), _gateway.Applied);
        Assert.Equal(_gateway.Applied[^1], (await _ledger.LoadAsync(Gw1, default)).RunningRevision);
    }

    [Fact]
    public async Task No_gateway_hears_of_a_revision_that_is_not_in_the_log()
    {
        _gateway.Judge = files => files.Contains("8013", StringComparison.Ordinal) ? new("switching", "", "not this one", default) : null;
        foreach (var port in Enumerable.Range(8001, 20))
            await AcceptAsync($"expose vm2:8080 on {port}");
        var unknown = new List<Revision>();
        _gateway.Offered = revision =>
        {
            if (_ledger.LoadAsync(Gw1, default).Result.LastRevision.CompareTo(revision) < 0)
                unknown.Add(revision);
        };
        await _apply.RunAsync(Gw1, default);
        Assert.Empty(unknown);
        Assert.True(_gateway.Highest.CompareTo(new Revision(20)) > 0, "no change was renumbered");
    }

    [Fact]
    public async Task What_a_killed_attempt_has_brought_there_together_is_taken_up_with_what_came_since()
    {
        await AcceptAsync("expose vm2:8080 on 80");
        await AcceptAsync("expose vm2:8080 on 81");
        var gateway = Given.Gateway();
        await _gateway.ApplyAsync(
            gateway,
            new Revision(2),
            TimeSpan.FromSeconds(30),
            new Dictionary<string, string>(),
            full: false,
            _ => { },
            default
        );
        await _gateway.ConfirmAsync(gateway, new Revision(2), default);
        await AcceptAsync("expose vm2:8080 on 82");
        Assert.Equal(ApplyResult.Settled, await _apply.RunAsync(Gw1, default));
        Assert.Equal([new Revision(2), new Revision(3)], _gateway.Applied);
        Assert.All((await _ledger.LoadAsync(Gw1, default)).Changes.Values, c => Assert.IsType<ChangeStatus.Applied>(c.Status));
    }

    [Fact]
    public async Task What_another_process_takes_there_with_more_of_the_queue_is_left_to_it()
    {
        await AcceptAsync("expose vm2:8080 on 80");
        var gateway = Given.Gateway();
        var others = new TaskCompletionSource();
        _gateway.Judge = files =>
        {
            // The other one has read the log after us, and has come first: it has taken two changes there, and says so in the log a moment
            // later.
            _gateway.Judge = _ => null;
            AcceptAsync("expose vm2:8080 on 81").Wait();
            _gateway
                .ApplyAsync(
                    gateway,
                    new Revision(2),
                    TimeSpan.FromSeconds(30),
                    new Dictionary<string, string>(),
                    full: false,
                    _ => { },
                    default
                )
                .Wait();
            _ = Task.Run(async () =>
            {
                await Task.Delay(300);
                var applied = Enumerable
                    .Range(1, 2)
                    .Select(n => new ChangeApplied(n, new(n), "", ImmutableSortedDictionary<string, int>.Empty, []));
                await HappenAsync("other", [.. applied]);
                others.SetResult();
            });
            return new GatewayAnswer.Refused("fencing", "stale", "revision 1 is older than 2", default) { Highest = new(2) };
        };
        Assert.Equal(ApplyResult.Settled, await _apply.RunAsync(Gw1, default));
        await others.Task;
        Assert.All((await _ledger.LoadAsync(Gw1, default)).Changes.Values, c => Assert.IsType<ChangeStatus.Applied>(c.Status));
        Assert.Equal([new Revision(2)], _gateway.Applied);
    }

    [Fact]
    public async Task A_change_that_leaned_on_one_that_failed_fails_too()
    {
        await AcceptAsync("vm add vm3 400::3");
        await AcceptAsync("expose vm3:8080 on 80");
        _gateway.Judge = _ => new GatewayAnswer.Refused("validating", "", "no", default);
        await _apply.RunAsync(Gw1, default);
        Assert.Equal(("planning", "no VM vm3 behind gw1. Did you mean vm2?"), await FailureAsync(2));
        Assert.Empty(_gateway.Applied);
    }

    [Fact]
    public async Task A_gateway_that_is_further_than_the_log_is_an_alert_at_once_and_a_repair_goes_on_from_there()
    {
        _gateway.Highest = new(57);
        await AcceptAsync("expose vm2:8080 on 80");
        await _apply.RunAsync(Gw1, default);
        Assert.Equal("fencing", (await FailureAsync(1)).Step);
        Assert.Contains(
            "repair at gw1",
            Assert.Single((await _ledger.LoadAsync(Gw1, default)).Alerts, a => a.Key == "behind 57").Value.Next
        );
        await AcceptAsync("repair");
        await AcceptAsync("expose vm2:8080 on 81");
        await _apply.RunAsync(Gw1, default);
        Assert.Equal([new Revision(58), new Revision(59)], _gateway.Applied);
    }

    [Fact]
    public async Task A_change_that_would_now_do_something_else_than_was_approved_fails()
    {
        // Approved for vm2 at its new address; the change that was to move vm2 fails.
        await AcceptAsync("vm remove vm2");
        await AcceptAsync("vm add vm2 400::9");
        await AcceptAsync("expose vm2:8080 on 80");
        var tries = 0;
        _gateway.Judge = _ => ++tries < 3 ? new GatewayAnswer.Refused("validating", "", "no", default) : null;
        await _apply.RunAsync(Gw1, default);
        Assert.Equal(
            ("planning", "what it was approved for is no longer what it would do, because a change before it has failed"),
            await FailureAsync(3)
        );
        Assert.Empty(_gateway.Applied);
    }

    [Fact]
    public async Task A_gateway_out_of_reach_is_noted_once_and_tried_again()
    {
        _gateway.Unreachable = "gw1 does not answer";
        await AcceptAsync("expose vm2:8080 on 80");
        Assert.Equal(ApplyResult.Delayed, await _apply.RunAsync(Gw1, default));
        Assert.Equal(ApplyResult.Delayed, await _apply.RunAsync(Gw1, default));
        var version = (await _ledger.LoadAsync(Gw1, default)).Version;
        _gateway.Unreachable = null;
        Assert.Equal(ApplyResult.Settled, await _apply.RunAsync(Gw1, default));
        Assert.Equal(version + 2, (await _ledger.LoadAsync(Gw1, default)).Version);
    }

    [Fact]
    public async Task A_program_of_another_protocol_on_the_gateway_fails_the_change_and_names_both()
    {
        _gateway.Protocol = 1;
        await AcceptAsync("expose vm2:8080 on 80");
        Assert.Equal(ApplyResult.Settled, await _apply.RunAsync(Gw1, default));
        var (step, error) = await FailureAsync(1);
        Assert.Equal("connecting", step);
        Assert.StartsWith(
            $"the program on gw1 speaks protocol 1, this ChatOps {GatewayProtocol.Spoken}: nothing is changed on gw1 before its program is as new. Next: ",
            error,
            StringComparison.Ordinal
        );
        Assert.Empty(_gateway.Applied);
    }

    [Fact]
    public async Task What_an_earlier_attempt_has_confirmed_is_never_called_failed()
    {
        // The attempt before this one was killed between the gateway's confirm and the log.
        await AcceptAsync("expose vm2:8080 on 80");
        var gateway = Given.Gateway();
        await _gateway.ApplyAsync(
            gateway,
            new Revision(1),
            TimeSpan.FromSeconds(30),
            new Dictionary<string, string>(),
            full: false,
            _ => { },
            default
        );
        await _gateway.ConfirmAsync(gateway, new Revision(1), default);

        _gateway.NewConnectionsFail = "no banner";
        Assert.Equal(ApplyResult.Delayed, await _apply.RunAsync(Gw1, default));
        Assert.IsType<ChangeStatus.Accepted>((await _ledger.LoadAsync(Gw1, default)).Changes[1].Status);

        _gateway.NewConnectionsFail = null;
        Assert.Equal(ApplyResult.Settled, await _apply.RunAsync(Gw1, default));
        Assert.IsType<ChangeStatus.Applied>((await _ledger.LoadAsync(Gw1, default)).Changes[1].Status);
    }
}
