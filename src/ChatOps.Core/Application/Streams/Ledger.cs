using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Streams;

/// <summary>What the log says up to a place in it.</summary>
/// <param name="HasForgotten">True when somebody is to be forgotten.</param>
public sealed record FoldedLog(long Position, ImmutableSortedDictionary<Name<Gateway>, GatewayState> States, bool HasForgotten)
{
    /// <summary>Before the first record.</summary>
    public static FoldedLog Empty { get; } = new(0, ImmutableSortedDictionary<Name<Gateway>, GatewayState>.Empty, false);

    /// <summary>With the next record.</summary>
    public FoldedLog With(Recorded recorded)
    {
        if (Gateway.OfStream(recorded.Stream) is { } name)
            return this with
            {
                Position = recorded.Position,
                States = States.SetItem(
                    name,
                    (States.TryGetValue(name, out var state) ? state : GatewayState.Initial(name)).With(recorded)
                ),
            };
        return recorded.Event is PersonForgotten forgotten
            ? new(recorded.Position, States.ToImmutableSortedDictionary(s => s.Key, s => s.Value.Without(forgotten)), true)
            : this with
            {
                Position = recorded.Position,
            };
    }
}

/// <summary>
/// Loads, decides and appends, again when someone else was faster. Keeps the folded states in memory, as far as it has read the log; they
/// are never anything but a fold of it.
/// </summary>
/// <param name="start">What a part of the log has come to already; null for nothing.</param>
public sealed class Ledger(IEventLog log, TimeProvider clock, FoldedLog? start = null) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);

    // In this process all take turns, so that nobody loses every race; other processes are what the expected version is for.
    private readonly ConcurrentDictionary<Name<Gateway>, SemaphoreSlim> _turns = new();
    private FoldedLog _folded = start ?? FoldedLog.Empty;

    /// <summary>The plans that were made for what is decided here.</summary>
    public Plans Plans { get; } = new();

    /// <summary>All gateways as the log says now.</summary>
    public async Task<ImmutableSortedDictionary<Name<Gateway>, GatewayState>> LoadAllAsync(CancellationToken cancel) =>
        (await FoldAsync(cancel)).States;

    /// <summary>
    /// The same, with the place in the log up to which it is so: whoever goes on from there need not read what is before it.
    /// </summary>
    public async Task<FoldedLog> FoldAsync(CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        try
        {
            await foreach (var recorded in log.ReadAllAsync(_folded.Position, cancel))
                _folded = _folded.With(recorded);
            return _folded;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>One gateway as the log says now; an empty state for a name that the log does not know.</summary>
    public async Task<GatewayState> LoadAsync(Name<Gateway> name, CancellationToken cancel) => StateOf(await LoadAllAsync(cancel), name);

    /// <summary>
    /// Decides on the present state and appends what it comes to. The same origin twice decides once: the second time the events of the
    /// first are the answer.
    /// </summary>
    public Task<Outcome> DecideAsync(Name<Gateway> name, Origin origin, Func<GatewayState, Decision> decide, CancellationToken cancel) =>
        InTurnAsync(name, () => DecideInTurnAsync(name, origin, decide, cancel), cancel);

    /// <summary>Appends what several origins say, all of it or nothing.</summary>
    /// <param name="decide">What is to be appended, from the present state; nothing when that is over. The ids of origins are new
    /// ones.</param>
    /// <param name="cancel">Gives up; what is under way may have been written.</param>
    public Task AppendAsync(
        Name<Gateway> name,
        Func<GatewayState, IReadOnlyList<(Origin Origin, IReadOnlyList<GatewayEvent> Events)>> decide,
        CancellationToken cancel
    )
    {
        return InTurnAsync(name, () => Transact.RunAsync(log, Gateway.StreamOf(name), LoadAndDecideAsync, cancel), cancel);

        async Task<Intent?> LoadAndDecideAsync(long end)
        {
            var state = await LoadAsync(name, cancel);
            var now = clock.GetUtcNow();
            NewRecord[] records = [.. decide(state).SelectMany(d => Records(d.Origin, d.Events, now))];
            return records.Length == 0 ? null : new(state.Version, records);
        }
    }

    /// <summary>True when something from this origin is in the log, whatever it was about.</summary>
    public async Task<bool> KnowsAsync(string originId, CancellationToken cancel) =>
        await log.FindAsync(EventId(originId, 0), cancel) is not null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _reading.Dispose();
        foreach (var turn in _turns.Values)
            turn.Dispose();
    }

    private static GatewayState StateOf(ImmutableSortedDictionary<Name<Gateway>, GatewayState> states, Name<Gateway> name) =>
        states.TryGetValue(name, out var state) ? state : GatewayState.Initial(name);

    private static string EventId(string originId, int index) => $"{originId}.{index.ToString(CultureInfo.InvariantCulture)}";

    private static IEnumerable<NewRecord> Records(Origin origin, IReadOnlyList<GatewayEvent> events, DateTimeOffset now) =>
        events.Select((e, i) => new NewRecord(EventId(origin.Id, i), now, origin.Actor, origin.Message, origin.Causation, e));

    private async Task<T> InTurnAsync<T>(Name<Gateway> name, Func<Task<T>> work, CancellationToken cancel)
    {
        var turn = _turns.GetOrAdd(name, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancel);
        try
        {
            return await work();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Outcome> DecideInTurnAsync(
        Name<Gateway> name,
        Origin origin,
        Func<GatewayState, Decision> decide,
        CancellationToken cancel
    )
    {
        var (state, answer) = (GatewayState.Initial(name), (Outcome?)null);
        var written = await Transact.RunAsync(log, Gateway.StreamOf(name), LoadAndDecideAsync, cancel);
        return answer ?? new Outcome.Decided([.. written!], After(state, written!));

        async Task<Intent?> LoadAndDecideAsync(long end)
        {
            state = await LoadAsync(name, cancel);
            if (await log.FindAsync(EventId(origin.Id, 0), cancel) is { } earlier)
            {
                answer = new Outcome.Decided(await ReadBatchAsync(origin, earlier, cancel), state);
                return null;
            }

            var decision = decide(state);
            if (decision is not Decision.Accepted accepted)
            {
                answer = new Outcome.Refused(((Decision.Refused)decision).Refusal, state);
                return null;
            }

            // Before it is in the log, where whoever shows it sees it at once.
            if (accepted.Plan is { } plan)
                Plans.Remember(state, plan);
            return new(state.Version, [.. Records(origin, accepted.Events, clock.GetUtcNow())]);
        }
    }

    // Not read again: what is saved is saved, also when the log stops answering now.
    private static GatewayState After(GatewayState state, IReadOnlyList<Recorded> appended) =>
        appended.Where(r => r.Version > state.Version).Aggregate(state, (s, r) => s.With(r));

    private async Task<ImmutableArray<Recorded>> ReadBatchAsync(Origin origin, Recorded first, CancellationToken cancel)
    {
        var batch = ImmutableArray.CreateBuilder<Recorded>();
        await foreach (var recorded in log.ReadStreamAsync(first.Stream, first.Version - 1, cancel))
        {
            if (recorded.Id != EventId(origin.Id, batch.Count))
                break;
            batch.Add(recorded);
        }

        return batch.ToImmutable();
    }
}

/// <summary>What a decision came to in the log.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>The state that it was decided on, or the one after it.</summary>
    public abstract GatewayState State { get; init; }

    /// <summary>These records are in the log.</summary>
    public sealed record Decided(ImmutableArray<Recorded> Records, GatewayState State) : Outcome
    {
        /// <summary>The last record that says how a change goes on; where none does, the last one.</summary>
        public GatewayEvent Said => Records.Select(r => r.Event).LastOrDefault(e => e is ChangeEvent) ?? Records[^1].Event;

        /// <summary>The change that it is about; null when it is about none.</summary>
        public Change? Change => Said is ChangeEvent { Number: var number } ? State.Changes[number] : null;
    }

    /// <summary>Nothing was written.</summary>
    public sealed record Refused(Refusal Refusal, GatewayState State) : Outcome;
}
