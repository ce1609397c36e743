using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Application.Telemetry;
using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Operations.Reconciling;

/// <summary>
/// What a timer does. First what the log asks for by itself (<see cref="ExpiryService"/>, <see cref="Follower"/>), then a look at every gateway,
/// side by side, and alerts for what does not look right. Every step starts from what is, so it makes no difference how long nobody has
/// looked.
/// </summary>
public sealed class Reconcile : IDisposable
{
    private readonly Ledger _ledger;
    private readonly IGatewayClient _shell;
    private readonly IHealthBoard _board;
    private readonly TimeProvider _clock;
    private readonly ReconcileOptions _options;
    private readonly ExpiryService _expiry;
    private readonly Follower _follower;
    private readonly AlertDebouncer _damper;
    private readonly AnomalyDetector _trends;

    /// <summary>Works with these.</summary>
    public Reconcile(
        Ledger ledger,
        INudgeQueue queue,
        IGatewayClient shell,
        IHealthBoard board,
        ChangePolicy policy,
        TimeProvider clock,
        ReconcileOptions options
    )
    {
        (_ledger, _shell, _board, _clock, _options) = (ledger, shell, board, clock, options);
        _expiry = new ExpiryService(ledger, queue, policy, clock, options);
        _follower = new Follower(ledger, queue, clock);
        _damper = new AlertDebouncer();
        _trends = new AnomalyDetector(options);
    }

    /// <summary>Goes over all gateways once.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var began = _clock.GetTimestamp();
        foreach (var state in (await _ledger.LoadAllAsync(cancel)).Values)
            await _expiry.RunAsync(state, cancel);
        await _follower.RunAsync(null, cancel);
        var states = await _ledger.LoadAllAsync(cancel);
        foreach (var state in states.Values)
            await AlertAsync(state, [.. FindingsOf(state, states)], k => k.Source == AlertSource.Log, cancel);
        await Task.WhenAll(states.Values.Select(s => LookAsync(s, cancel)));
        Figures.Looked(_clock.GetElapsedTime(began));
    }

    /// <summary>Makes mirrors follow at once, instead of at the next look.</summary>
    public Task FollowAsync(Name<Gateway> moved, CancellationToken cancel) => _follower.RunAsync(moved, cancel);

    /// <inheritdoc/>
    public void Dispose() => _follower.Dispose();

    private IEnumerable<Finding> FindingsOf(GatewayState state, ImmutableSortedDictionary<Name<Gateway>, GatewayState> states)
    {
        var now = _clock.GetUtcNow();
        return state.Running.Gateway switch
        {
            null => [],
            { Mirrors: { } source } => Mirroring.Findings(state, states[source], now),
            _ => Leases.Findings(state, now, _options.ReminderAtMost),
        };
    }

    private async Task LookAsync(GatewayState before, CancellationToken cancel)
    {
        if (before.Reachable([]) is not { HostKey: not null } gateway)
            return;
        var (health, trouble) = await AskAsync(gateway, cancel);
        _board.Put(before.Name, health);
        var state = await _ledger.LoadAsync(before.Name, cancel);
        await AlertAsync(state, trouble, k => k.Source == AlertSource.Reaching, cancel);
        if (health.Observation is { } heard && Told(state, heard, health.At).Length > 0)
            await _ledger.DecideAsync(
                before.Name,
                new Origin($"told:{before.Name}:{Guid.CreateVersion7():N}", Actor.Reconcile),
                s =>
                    Told(s, heard, health.At) is { Length: > 0 } news
                        ? new Decision.Accepted(news)
                        : new Decision.Refused(new Refusal("nothing new")),
                cancel
            );

        // What was seen while a change comes about says nothing about either side of it, and the change is not to wait for us.
        if (health.Observation is null || !IsSettled(before, state))
            return;
        var sighting = new HealthReport(health.At, health.Observation, await DriftAsync(gateway, cancel));
        if (sighting.Drift is { } drift)
            Figures.Drifted(before.Name, drift.Length);
        state = await _ledger.LoadAsync(before.Name, cancel);
        await AlertAsync(state, [.. HealthCheck.Of(state, sighting, _options)], k => HealthCheck.Judges(sighting, k), cancel, before);
        state = await _ledger.LoadAsync(before.Name, cancel);
        if (_board.SamplesOf(before.Name) is [.., var sample] && _trends.IsNew(before.Name, sample))
            await AlertAsync(state, [.. _trends.Of(state, sample)], AnomalyDetector.Judges, cancel, before);
        await _expiry.RepairAsync(await _ledger.LoadAsync(before.Name, cancel), cancel);
    }

    // It has answered a moment ago: when it does not answer this, a change is under way, or its program is older than this one.
    private async Task<ImmutableArray<Drift>?> DriftAsync(Gateway gateway, CancellationToken cancel)
    {
        try
        {
            return await _shell.DriftAsync(gateway, cancel);
        }
        catch (Exception e) when (e is GatewayUnreachableException or HostKeyMismatchException)
        {
            return null;
        }
    }

    private static bool IsSettled(GatewayState before, GatewayState now) =>
        before.Queue.IsEmpty
        && now.Queue.IsEmpty
        && before.LastRevision == now.LastRevision
        && before.RunningRevision == now.RunningRevision;

    // What the gateway says of itself that the log does not say yet. A program that lists no certificates says nothing about them.
    private static ImmutableArray<GatewayEvent> Told(GatewayState state, GatewayObservation seen, DateTimeOffset now)
    {
        if (state.Running.Gateway is not { } gateway)
            return [];
        GatewayEvent? overlay = gateway.Overlay != seen.Overlay ? new OverlaySeen(seen.Overlay) : null;
        var held = seen.Held is { } list ? new CertificatesSeen([.. list.Select(c => c.At(now))]) : null;
        var isNew = held is not null && state.Certificates?.SaysTheSame(held) != true;
        return [.. new[] { overlay, isNew ? held : null }.OfType<GatewayEvent>()];
    }

    private async Task<(GatewayHealth Health, ImmutableArray<Finding> Trouble)> AskAsync(Gateway gateway, CancellationToken cancel)
    {
        try
        {
            return (new(_clock.GetUtcNow(), await _shell.ObserveAsync(gateway, cancel), null), []);
        }
        catch (GatewayUnreachableException e)
        {
            return (
                new(_clock.GetUtcNow(), null, e.Message),
                [new(AlertKind.Unreachable, "", $"{gateway.Name} does not answer: {e.Message}", null, "status")]
            );
        }
        catch (HostKeyMismatchException e)
        {
            return (
                new(_clock.GetUtcNow(), null, e.Message),
                [new(AlertKind.Identity, "", $"another machine answers for {gateway.Name}: {e.Message}", null, "gateways")]
            );
        }
    }

    private async Task AlertAsync(
        GatewayState state,
        ImmutableArray<Finding> findings,
        Func<AlertKind, bool> isJudged,
        CancellationToken cancel,
        GatewayState? seenAt = null
    )
    {
        if (_damper.Judge(state, findings, isJudged) is not { IsEmpty: false } events)
            return;
        var origin = new Origin(FormattableString.Invariant($"alerts:{state.Name}:{state.Version}"), Actor.Reconcile);
        await _ledger.DecideAsync(
            state.Name,
            origin,
            s =>
                seenAt is null || IsSettled(seenAt, s)
                    ? StillTrue(s, events) is { IsEmpty: false } news
                        ? new Decision.Accepted(news)
                        : new Decision.Refused(new("somebody has said so already."))
                    : new Decision.Refused(new("a change came meanwhile; the next look will tell.")),
            cancel
        );
    }

    // Raised once and cleared once, whoever else has looked.
    private static ImmutableArray<GatewayEvent> StillTrue(GatewayState state, ImmutableArray<GatewayEvent> events) =>
        [
            .. events.Where(e =>
                e switch
                {
                    AlertRaised r => !state.Alerts.TryGetValue(r.Key, out var open) || open.Detail != r.Detail,
                    AlertCleared c => state.Alerts.ContainsKey(c.Key),
                    _ => false,
                }
            ),
        ];
}
