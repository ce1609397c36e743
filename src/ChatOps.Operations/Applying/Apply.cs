using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Application.Telemetry;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

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
/// Brings accepted changes onto a gateway in their order, those together that have come meanwhile, and writes what came of each into the
/// log. Where some fail together, half of them are tried, and so on until the one that fails is alone. It reads all that it needs from the
/// log, so it can be killed at any point and run again: the gateway recognises a revision that it has already, and refuses other files
/// under its number.
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
            await using var lease =
                tools.Lease is { } others && Next(await ledger.LoadAsync(name, cancel)) is not null
                    ? await others.TakeAsync(name, cancel)
                    : null;
            using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancel, lease?.Lost ?? default);
            cancel = lost.Token;
            await WorkAsync(name, cancel);
            return ApplyResult.Settled;
        }
        catch (GatewayUnreachableException e)
        {
            if (Next(await ledger.LoadAsync(name, cancel)) is { Status: ChangeStatus.Accepted { Delay: null } } waits)
                await AppendAsync(name, [(waits, [new ChangeDelayed(waits.Number, e.Message)])], cancel);
            return ApplyResult.Delayed;
        }
        finally
        {
            turn.Release();
        }
    }

    private static Change? Next(GatewayState state) => state.Stuck is null ? state.Head : null;

    // Until nothing is left to do. `suspects`: so many from the head do not go together. `above`: what the gateway has been offered and
    // does not run.
    private async Task WorkAsync(Name<Gateway> name, CancellationToken cancel)
    {
        var (suspects, above) = (0, default(Revision));
        while (true)
        {
            var state = await ledger.LoadAsync(name, cancel);
            if (Next(state) is not { } head)
                return;
            await PinAsync(state, head, cancel);
            state = await ledger.LoadAsync(name, cancel);
            var (batch, first, step, error) = Batch.From(
                state,
                suspects == 0 ? int.MaxValue : Math.Max(1, suspects / 2),
                above,
                tools.Clock.GetUtcNow()
            );
            if (batch is null)
            {
                await EndAsync(
                    state,
                    [(first.Change, [new ChangeFailed(first.Change.Number, first.Revision, step, error, state.RunningRevision)])],
                    cancel
                );
                continue;
            }

            if (batch.Renumbered.ToList() is { Count: > 0 } renumbered)
            {
                await AppendAsync(
                    name,
                    [
                        .. renumbered.Select(r =>
                            (r.Change, ImmutableArray.Create<GatewayEvent>(new ChangeRenumbered(r.Change.Number, r.Revision)))
                        ),
                    ],
                    cancel
                );
                continue;
            }

            var (endings, attempt) = await TryAsync(state, batch, cancel);
            var failed = endings[0] as ChangeFailed;
            if (attempt.Offered is { } offered && offered.CompareTo((await ledger.LoadAsync(name, cancel)).LastRevision) <= 0)
            {
                // Another process has taken more of this queue there. Once it has said so, the log knows the numbers that are gone.
                if (!await IsToldAsync(name, batch.Changes[0].Change, cancel))
                    above = offered;
            }
            else if (failed is not null && batch.Changes.Length > 1)
                (suspects, above) = (batch.Changes.Length, attempt.HasNumber ? batch.Revision : above);
            else
            {
                suspects = failed is null ? Math.Max(0, suspects - batch.Changes.Length) : 0;
                await EndAsync(state, [.. batch.Changes.Zip(endings, (c, e) => (c.Change, EventsOf(state, c.Change, e, attempt)))], cancel);
            }
        }
    }

    // Waits until another process has said what came of a change; false when it must have died.
    private async Task<bool> IsToldAsync(Name<Gateway> name, Change change, CancellationToken cancel)
    {
        var began = tools.Clock.GetTimestamp();
        var patience = tools.Options.RevertAfter + tools.Options.RevertGrace;
        while ((await ledger.LoadAsync(name, cancel)).Changes[change.Number].IsOpen)
        {
            if (tools.Clock.GetElapsedTime(began) >= patience)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(100), tools.Clock, cancel);
        }

        return true;
    }

    private async Task<(ImmutableArray<GatewayEvent> Endings, ApplyRun ApplyRun)> TryAsync(
        GatewayState state,
        Batch batch,
        CancellationToken cancel
    )
    {
        var began = tools.Clock.GetTimestamp();
        using var span = Spans.Apply(state.Name, batch.Changes[0].Change, batch.Revision);
        foreach (var (change, _) in batch.Changes)
        {
            if (change.Status is ChangeStatus.Accepted { Delay: null, At: var at })
                Figures.Waited(state.Name, tools.Clock.GetUtcNow() - at);
        }

        var attempt = new ApplyRun(tools, state, batch);
        try
        {
            var endings = await attempt.RunAsync(cancel);
            if (endings[0] is ChangeFailed failed)
                span.Fail(failed.Step);
            Figures.Applied(state.Name, tools.Clock.GetElapsedTime(began), endings[0] is ChangeFailed ? "failed" : "applied");
            return (endings, attempt);
        }
        catch (GatewayUnreachableException)
        {
            span.Fail("connecting");
            Figures.Applied(state.Name, tools.Clock.GetElapsedTime(began), "unreachable");
            throw;
        }
        catch (Exception e) when (batch.Changes.Length > 1 && e is not (OperationCanceledException or LogUnavailableException))
        {
            // Whose fault it is shows when they are tried apart.
            return (
                [new ChangeFailed(batch.Changes[0].Change.Number, batch.Revision, "applying", e.Message, state.RunningRevision)],
                attempt
            );
        }
    }

    // A gateway that was added without a fingerprint: trust the key of the first contact, say so in the log, and never another one.
    private async Task PinAsync(GatewayState state, Change change, CancellationToken cancel)
    {
        if (state.Reachable(change.Effects) is { HostKey: null } gateway)
        {
            var seen = await tools.Shell.ReadHostKeyAsync(gateway, cancel);
            await AppendAsync(state.Name, [(change, [new HostKeyPinned(seen)])], cancel);
        }
    }

    private async Task EndAsync(
        GatewayState state,
        ImmutableArray<(Change Change, ImmutableArray<GatewayEvent> Events)> endings,
        CancellationToken cancel
    )
    {
        await AppendAsync(state.Name, endings, cancel);
        foreach (var (change, _) in endings.Where(e => e.Events.Any(x => x is ChangeApplied)))
            tools.Progress.Report(state.Name, change.Number, ApplyStep.Confirmed);
    }

    private static ImmutableArray<GatewayEvent> EventsOf(GatewayState state, Change change, GatewayEvent ending, ApplyRun attempt) =>
        ending is ChangeApplied
            ? [.. Lifetimes.Begun(change.Effects, attempt.Opened), ending, .. Mended(state, change)]
            : [ending, .. Behind(state, change, attempt.Offered)];

    // A gateway that is not ours yet is not looked at, so nobody else would say it.
    private static IEnumerable<GatewayEvent> Behind(GatewayState state, Change change, Revision? ahead) =>
        ahead is { } highest
        && Ahead.Finding(state, highest, state.Running.Gateway is null ? change.Line : null) is var finding
        && !state.Alerts.ContainsKey(finding.Key)
            ? [new AlertRaised(finding.Key, finding.Text, finding.Detail, finding.Next)]
            : [];

    // Whatever comes next in the queue must not wait for the next look to hear that the drift is gone.
    private static IEnumerable<GatewayEvent> Mended(GatewayState state, Change change) =>
        state.Alerts.ContainsKey(AlertKind.Drift.Key) && change.Effects.Any(e => e is EdgeRepaired)
            ? [new AlertCleared(AlertKind.Drift.Key, $"{AlertKind.Drift.Over(state, AlertKind.Drift.Key)}, by #{change.Number}")]
            : [];

    // When another controller has brought the change to its end meanwhile, there is nothing left to say: the gateway confirms a revision
    // for whoever comes, so both saw the same. Each attempt has ids of its own, because its timings are.
    private Task AppendAsync(
        Name<Gateway> name,
        ImmutableArray<(Change Change, ImmutableArray<GatewayEvent> Events)> said,
        CancellationToken cancel
    )
    {
        var attempt = Guid.CreateVersion7();
        return ledger.AppendAsync(
            name,
            s =>
                said.All(e => s.Changes[e.Change.Number].Status is ChangeStatus.Accepted)
                && !(s.HostKey is not null && said is [{ Events: [HostKeyPinned] }])
                    ?
                    [
                        .. said.Select(e =>
                            (
                                new Origin($"apply:{name}#{e.Change.Number}:{attempt:N}", Actor.Apply, e.Change.Message),
                                (IReadOnlyList<GatewayEvent>)e.Events
                            )
                        ),
                    ]
                    : [],
            cancel
        );
    }
}
