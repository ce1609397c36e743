using System.Collections.Concurrent;
using System.Collections.Immutable;
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
using ChatOps.Operations.Hosting;
using ChatOps.Operations.Running;
using ChatOps.Rendering;
using ChatOps.Specs.Chat;
using ChatOps.Storage;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Specs.Applying;

/// <summary>Several gateways at once.</summary>
public sealed class SideBySideSpecs
{
    private static readonly ImmutableArray<Name<Gateway>> Ten =
    [
        .. Enumerable.Range(1, 10).Select(n => Text.Parse<Name<Gateway>>($"gw{n}")),
    ];

    [Fact]
    public async Task Ten_gateways_are_changed_at_once_and_none_waits_for_another()
    {
        using var folder = new TempFolder();
        await using var log = await SqliteEventLog.OpenAsync(folder.In("log.db"));
        var queue = new InProcessNudgeQueue();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IEventLog>(log)
            .AddSingleton<INudgeQueue>(queue)
            .AddSingleton<IHealthBoard>(new HealthBoard())
            .AddSingleton<IApplyProgress>(new NobodyWaits())
            .AddSingleton<IConfigRenderer>(new ConfigRenderer(new Templates(Path.Combine(AppContext.BaseDirectory, "templates"))))
            .AddSingleton<IGatewayClient>(new Meeting(Ten.Length))
            .AddSingleton(new ChangePolicy([]))
            .AddOperations()
            .BuildServiceProvider();
        var ledger = services.GetRequiredService<Ledger>();
        foreach (var name in Ten)
        {
            await AcceptAsync(ledger, name);
            await queue.SendAsync(new Nudge(name, new Revision(1)), default);
        }

        using var stop = new CancellationTokenSource();
        var receiving = services.GetRequiredService<NudgeReceiver>().RunAsync(stop.Token);
        await Eventually.TrueAsync(async () =>
            (await ledger.LoadAllAsync(default)).Values.All(s => s.Changes[1].Status is ChangeStatus.Applied)
        );
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
    }

    private static async Task AcceptAsync(Ledger ledger, Name<Gateway> name)
    {
        GatewayEvent[] there =
        [
            new GatewayAdded(0, Given.Gateway() with { Name = name }),
            new VmAdded(0, Given.Vm("vm2"), [Text.Parse<Address>("400::2")]),
            new HostKeyPinned(Given.Gateway().HostKey!.Value),
        ];
        await ledger.DecideAsync(
            name,
            new Origin($"{name} is there", Actor.Configuration),
            _ => new Decision.Accepted([.. there]),
            default
        );
        var command = (ChangeCommand)Assert.IsType<ParseResult.Understood>(Parser.Parse("expose vm2:8080 on 80")).Command;
        var allowed = new ChangePolicy([
            new PolicyRule([command.Spec.Name], null, null, null, Role.Operator, new Approvals(0, "approver")),
        ]);
        var outcome = await ledger.DecideAsync(
            name,
            new Origin($"{name} opens", Given.Operator.Actor),
            s => Decider.Decide(s, command, Given.Operator, allowed, Given.Start),
            default
        );
        Assert.IsType<Outcome.Decided>(outcome);
    }

    /// <summary>Gateways each of which goes on with its change when all have begun theirs.</summary>
    private sealed class Meeting(int all) : IGatewayClient
    {
        private readonly ConcurrentDictionary<Name<Gateway>, ScriptedGateway> _gateways = new();
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _there;

        public async Task<GatewayAnswer> ApplyAsync(
            Gateway gateway,
            Revision revision,
            TimeSpan revertAfter,
            IReadOnlyDictionary<string, string> files,
            bool full,
            Action<string> onStep,
            CancellationToken cancel
        )
        {
            if (Interlocked.Increment(ref _there) == all)
                _complete.SetResult();
            await _complete.Task.PatientlyAsync();
            return await Of(gateway).ApplyAsync(gateway, revision, revertAfter, files, full, onStep, cancel);
        }

        public Task<HostKey> ReadHostKeyAsync(Gateway gateway, CancellationToken cancel) => Of(gateway).ReadHostKeyAsync(gateway, cancel);

        public Task ProveNewConnectionAsync(Gateway gateway, CancellationToken cancel) =>
            Of(gateway).ProveNewConnectionAsync(gateway, cancel);

        public Task<GatewayAnswer> ConfirmAsync(Gateway gateway, Revision revision, CancellationToken cancel) =>
            Of(gateway).ConfirmAsync(gateway, revision, cancel);

        public Task<GatewayAnswer> RevertAsync(Gateway gateway, CancellationToken cancel) => Of(gateway).RevertAsync(gateway, cancel);

        public Task<GatewayObservation> ObserveAsync(Gateway gateway, CancellationToken cancel) =>
            Of(gateway).ObserveAsync(gateway, cancel);

        public Task<ImmutableArray<Drift>> DriftAsync(Gateway gateway, CancellationToken cancel) => Of(gateway).DriftAsync(gateway, cancel);

        public Task<GatewayStats> StatsAsync(Gateway gateway, CancellationToken cancel) => Of(gateway).StatsAsync(gateway, cancel);

        private ScriptedGateway Of(Gateway gateway) => _gateways.GetOrAdd(gateway.Name, _ => new ScriptedGateway());
    }

    private sealed class NobodyWaits : IApplyProgress
    {
        public void Report(Name<Gateway> gateway, int change, ApplyStep step) { }
    }
}
