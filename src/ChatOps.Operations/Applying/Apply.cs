using System.Collections.Concurrent;
using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Core.Telemetry;
using ChatOps.Core.Values;

namespace ChatOps.Operations.Applying;

/// <summary>What a run of Apply came to.</summary>
public enum ApplyResult
{
    /// <summary>Nothing is left to do for this gateway.</summary>
    Settled,

    /// <summary>The gateway does not answer, or is busy: nudge again later.</summary>
    Delayed,
}

/// <summary>
/// Brings accepted changes onto a gateway, one at a time and in order, and writes what came of each into the log. It reads all that it needs
/// from the log, so it can be killed at any point and run again: the gateway recognises a revision that it has already.
/// </summary>
public sealed class Apply(Ledger ledger, ApplyTools tools)
{
    private readonly ConcurrentDictionary<Name<Gateway>, SemaphoreSlim> _turns = new();

    /// <summary>Applies all that is accepted for a gateway.</summary>
    public async Task<ApplyResult> RunAsync(Name<Gateway> name, CancellationToken cancel)
    {
        // Most nudges come after the work is done: a look is enough, without waiting for a turn.
        if (Next(await ledger.LoadAsync(name, cancel)) is null)
            return ApplyResult.Settled;
        var turn = _turns.GetOrAdd(name, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancel);
        try
        {
            await using var lease = tools.Lease is { } others && Next(await ledger.LoadAsync(name, cancel)) is not null ? await others.TakeAsync(name, cancel) : null;
            using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancel, lease?.Lost ?? default);
            cancel = lost.Token;
            while (true)
            {
                var state = await ledger.LoadAsync(name, cancel);
                if (Next(state) is not { Status: ChangeStatus.Accepted accepted } change)
                    return ApplyResult.Settled;
                using var span = Spans.Apply(name, change, accepted.Revision);
                var began = tools.Clock.GetTimestamp();
                if (accepted.Delay is null)
                    Figures.Waited(name, tools.Clock.GetUtcNow() - accepted.At);
                try
                {
                    await PinAsync(state, change, cancel);
                    state = await ledger.LoadAsync(name, cancel);
                    var attempt = new Attempt(tools, state, change, accepted.Revision);
                    var ending = await attempt.RunAsync(cancel);
                    await EndAsync(state, change, ending, attempt.Opened, cancel);
                    if (ending is ChangeFailed failed)
                        span.Fail(failed.Step);
                    Figures.Applied(name, tools.Clock.GetElapsedTime(began), ending is ChangeFailed ? "failed" : "applied");
                }
                catch (GatewayUnreachableException e)
                {
                    span.Fail("connecting");
                    Figures.Applied(name, tools.Clock.GetElapsedTime(began), "unreachable");
                    if (accepted.Delay is null)
                        await AppendAsync(name, change, [new ChangeDelayed(change.Number, e.Message)], cancel);
                    return ApplyResult.Delayed;
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private static Change? Next(GatewayState state) => state.Stuck is null ? state.Head : null;

    // A gateway that was added without a fingerprint: trust the key of the first contact, say so in the log, and never another one.
    private async Task PinAsync(GatewayState state, Change change, CancellationToken cancel)
    {
        if (state.Reachable(change.Effects) is { HostKey: null } gateway)
        {
            var seen = await tools.Shell.ReadHostKeyAsync(gateway, cancel);
            await AppendAsync(state.Name, change, [new HostKeyPinned(seen)], cancel);
        }
    }

    private async Task EndAsync(GatewayState state, Change change, GatewayEvent ending, DateTimeOffset opened, CancellationToken cancel)
    {
        var name = state.Name;
        GatewayEvent[] events = ending is ChangeApplied ? [.. Lifetimes.Begun(change.Effects, opened), ending, .. Mended(state, change)] : [ending];
        await AppendAsync(name, change, events, cancel);
        if (ending is ChangeApplied)
            tools.Progress.Report(name, change.Number, ApplyStep.Confirmed);
    }

    // Whatever comes next in the queue must not wait for the next look to hear that the drift is gone.
    private static IEnumerable<GatewayEvent> Mended(GatewayState state, Change change) =>
        state.Alerts.ContainsKey(AlertKind.Drift.Key) && change.Effects.Any(e => e is EdgeRepaired)
            ? [new AlertCleared(AlertKind.Drift.Key, $"{AlertKind.Drift.Over(state, AlertKind.Drift.Key)}, by #{change.Number}")]
            : [];

    // When another controller has brought the change to its end meanwhile, there is nothing left to say: the gateway confirms a revision for
    // whoever comes, so both saw the same. Each attempt has ids of its own, because its timings are.
    private async Task AppendAsync(Name<Gateway> name, Change change, GatewayEvent[] events, CancellationToken cancel) =>
        await ledger.DecideAsync(
            name,
            new Origin($"apply:{name}#{change.Number}:{Guid.CreateVersion7():N}", Actor.Apply, change.Message),
            s =>
                s.Head?.Number == change.Number && !(s.HostKey is not null && events is [HostKeyPinned])
                    ? new Decision.Accepted([.. events])
                    : new Decision.Refused(new Refusal($"#{change.Number} has its end on {name} already")),
            cancel
        );
}
