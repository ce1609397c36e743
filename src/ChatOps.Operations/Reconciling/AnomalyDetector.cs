using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Operations.Reconciling;

/// <summary>
/// What does not look right when a look is compared with those before it: rates and peers. An unusual rate is several times its own
/// average, over the looks of the last quarter of an hour or so. All of it is in memory and begins anew with the process.
/// </summary>
internal sealed class AnomalyDetector(ReconcileOptions options)
{
    // A look weighs this much in the average: about the last sixty looks count.
    private const double Weight = 1.0 / 30;

    // The named counters of our table, each at a rule that drops.
    private static readonly ImmutableHashSet<string> Drops = ["blocked", "restricted", "limited", "dropped"];

    private readonly ConcurrentDictionary<Name<Gateway>, Memory> _memories = new();

    /// <summary>True for a kind of findings that this can tell about.</summary>
    public static bool Judges(AlertKind kind) => kind.Source == AlertSource.Trend;

    /// <summary>False when this was looked at already.</summary>
    public bool IsNew(Name<Gateway> gateway, StatsSample sample) =>
        !_memories.TryGetValue(gateway, out var memory) || sample.At > memory.At;

    public IEnumerable<Finding> Of(GatewayState state, StatsSample sample)
    {
        var (at, stats) = (sample.At, sample.Stats);
        var memory = _memories.GetOrAdd(state.Name, _ => new Memory());
        var findings = BackendsOf(state, stats)
            .Concat(memory.Stats is { } last ? PeersOf(state, at, last, stats) : [])
            .Concat(RatesOf(state, at, memory, stats))
            .ToList();
        (memory.Stats, memory.At) = (stats, at);
        return findings;
    }

    private static IEnumerable<Finding> BackendsOf(GatewayState state, GatewayStats stats)
    {
        foreach (var down in stats.Backends.Where(b => !b.IsUp))
        {
            if (down.Of(state.Running) is not var (exposure, target, _))
                continue;
            yield return new(
                AlertKind.Backend,
                $"{exposure.Endpoint} {target}",
                $"{target} does not answer the checks of {exposure.Endpoint.Spoken} on {state.Name}{(exposure.Targets.Length > 1 ? "; it is left out" : "")}",
                null,
                $"stats {exposure.Endpoint} at {state.Name}"
            );
        }
    }

    // WireGuard shakes hands every two minutes while anything is sent. So when something was sent to a peer, nothing came back, and the
    // last handshake is older than three, it is gone. A peer that nobody sends to may sleep.
    private IEnumerable<Finding> PeersOf(GatewayState state, DateTimeOffset at, GatewayStats last, GatewayStats stats)
    {
        foreach (var peer in state.Running.Peers.Values)
        {
            if (
                stats.Peers.FirstOrDefault(p => p.Key == peer.Key) is not { Handshake: { } handshake } now
                || at - handshake < options.PeerSilence
            )
                continue;
            var before = last.Peers.FirstOrDefault(p => p.Key == peer.Key);
            var isMissed = before is not null && now.Sent > before.Sent && now.Received <= before.Received;
            if (isMissed || state.Alerts.ContainsKey(AlertKind.Peer.About($"{peer.Name}")))
                yield return new(
                    AlertKind.Peer,
                    $"{peer.Name}",
                    $"peer {peer.Name} of {state.Name} is silent: something is sent to it, and the last handshake was {Lifetimes.Moment(handshake)}",
                    null,
                    $"peers at {state.Name}"
                );
        }
    }

    private IEnumerable<Finding> RatesOf(GatewayState state, DateTimeOffset at, Memory memory, GatewayStats stats)
    {
        var seconds = (at - memory.At).TotalSeconds;
        var isFirst = memory.Stats is null || memory.Stats.BootId != stats.BootId || seconds <= 0;
        var counts = stats
            .Ports.GroupBy(p => p.Port)
            .Select(g =>
                (Kind: AlertKind.Rate, Subject: $"{g.Key}", Count: g.Sum(p => p.Opened), What: $"new connections to {g.Key.Spoken}")
            );
        counts = counts.Concat(
            stats
                .Counters.Where(c => Drops.Contains(c.Key))
                .Select(c => (Kind: AlertKind.Drops, Subject: c.Key, Count: c.Value.Packets, What: $"dropped packets ({c.Key})"))
        );
        foreach (var (kind, subject, count, what) in counts.ToList())
        {
            var key = kind.About(subject);
            var known = memory.Counts.GetValueOrDefault(key);
            memory.Counts[key] = known with { Last = count };

            // Counters that begin anew say nothing. One that is new on a gateway that is not has counted since the last look.
            if (isFirst || count < known.Last)
                continue;
            var rate = (count - known.Last) / seconds;
            var isOpen = state.Alerts.ContainsKey(key);
            var bar = Math.Max(options.UnusualFrom, known.Average * options.UnusualTimes) / (isOpen ? 2 : 1);
            if (rate > bar && known.Looks >= options.LooksUntilUsual)
                yield return new(
                    kind,
                    subject,
                    $"unusual on {state.Name}: {what} at {rate:0} a second, where {known.Average:0} are usual",
                    null,
                    $"stats at {state.Name}"
                );
            var weight = Math.Max(Weight, 1.0 / (known.Looks + 1));

            // One flood does not become what is usual; what stays does, step by step.
            var usual = known.Looks >= options.LooksUntilUsual ? Math.Min(rate, bar) : rate;
            memory.Counts[key] = new(count, known.Looks + 1, known.Average + ((usual - known.Average) * weight));
        }
    }

    private readonly record struct Counted(long Last, int Looks, double Average);

    private sealed class Memory
    {
        public GatewayStats? Stats { get; set; }

        public DateTimeOffset At { get; set; }

        public Dictionary<string, Counted> Counts { get; } = new(StringComparer.Ordinal);
    }
}
