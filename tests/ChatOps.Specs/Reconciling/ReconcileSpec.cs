using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Operations.Applying;
using ChatOps.Operations.Reconciling;
using ChatOps.Rendering;
using ChatOps.Specs.Chat;
using ChatOps.Storage;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Specs.Reconciling;

/// <summary>What happens by itself: over the real log, with a clock that is turned by hand.</summary>
public abstract class ReconcileSpec : IAsyncLifetime
{
    private protected static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");
    private protected static readonly Name<Gateway> Gw2 = Text.Parse<Name<Gateway>>("gw2");

    private readonly TempFolder _folder = new();
    private protected readonly ScriptedGateway _gateway = new();
    private protected readonly FakeTimeProvider _clock = new(Given.Start);
    private protected readonly Nudges _nudges = new();
    private protected readonly HealthBoard _board = new();
    private protected SqliteEventLog _log = null!;
    private protected Ledger _ledger = null!;
    private protected Apply _apply = null!;
    private protected Reconcile _reconcile = null!;

    public async Task InitializeAsync()
    {
        _log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        _ledger = new Ledger(_log, _clock);
        var renderer = new ConfigRenderer(new Templates(Path.Combine(AppContext.BaseDirectory, "templates")));
        _apply = new Apply(_ledger, new ApplyTools(renderer, _gateway, new NobodyWaits(), _clock, ApplyOptions.Default));
        _reconcile = NewReconcile(ChangePolicy.Default);
        await HappenAsync(
            Gw1,
            "gateway",
            new GatewayAdded(0, Given.Gateway()),
            new VmAdded(0, Given.Vm("vm2"), [Text.Parse<Address>("400::2")])
        );
    }

    public async Task DisposeAsync()
    {
        _reconcile.Dispose();
        _ledger.Dispose();
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    private protected Reconcile NewReconcile(ChangePolicy policy) =>
        new(_ledger, _nudges, _gateway, _board, policy, _clock, ReconcileOptions.Default);

    private protected void Sample(Func<GatewayStats, GatewayStats> counted) =>
        _board.Add(Gw1, new StatsSample(_clock.GetUtcNow(), _gateway.Stats = counted(_gateway.Stats)));

    private protected async Task LookAsync(int times)
    {
        for (var look = 0; look < times; look++)
        {
            await _reconcile.RunAsync(default);
            _clock.Advance(ReconcileOptions.Default.Every);
        }
    }

    private protected Task<GatewayState> StateAsync() => _ledger.LoadAsync(Gw1, default);

    private protected async Task<string[]> AlertsAsync()
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

    private protected async Task ApplyAsync(string line)
    {
        var number = await AcceptAsync(line);
        await _apply.RunAsync(Gw1, default);
        Assert.IsType<ChangeStatus.Applied>((await StateAsync()).Changes[number].Status);
    }

    private protected async Task<int> AcceptAsync(string line)
    {
        var number = (await StateAsync()).NextNumber;
        var command = (ChangeCommand)Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command;
        var allowed = new ChangePolicy([
            new PolicyRule(["expose", "unexpose", "extend", "repair"], null, null, null, Role.Operator, new Approvals(0, "approver")),
        ]);
        var origin = new Origin($"{line}{number}", Given.Operator.Actor);
        Assert.IsType<Outcome.Decided>(
            await _ledger.DecideAsync(Gw1, origin, s => Decider.Decide(s, command, Given.Operator, allowed, _clock.GetUtcNow()), default)
        );
        return number;
    }

    private protected Task AddMirrorAsync() =>
        HappenAsync(
            Gw2,
            "mirror",
            new GatewayAdded(0, Gateway.WithDefaults(Gw2, [Text.Parse<Address>("203.0.113.20")], Given.Gateway().HostKey, Gw1)),
            new VmAdded(0, Given.Vm("vm2"), [Text.Parse<Address>("400::2")])
        );

    private protected Task HappenAsync(Name<Gateway> gateway, string id, params GatewayEvent[] events) =>
        _ledger.DecideAsync(gateway, new Origin(id, Actor.Configuration), _ => new Decision.Accepted([.. events]), default);

    private sealed class NobodyWaits : IApplyProgress
    {
        public void Report(Name<Gateway> gateway, int change, ApplyStep step) { }
    }

    internal sealed class Nudges : INudgeQueue
    {
        public List<Nudge> Sent { get; } = [];

        public Task SendAsync(Nudge nudge, CancellationToken cancel)
        {
            Sent.Add(nudge);
            return Task.CompletedTask;
        }

        public IAsyncEnumerable<TakenNudge> ReceiveAsync(CancellationToken cancel) => throw new NotSupportedException("nobody listens");
    }
}
