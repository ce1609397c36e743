using System.Collections.Immutable;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Statistics;

/// <summary>
/// When packets were last seen to pass the public ports of a gateway. It is told by what the counters have grown from one sample to the
/// next, so what passed while nobody sampled counts for the moment of the next sample: a port may be called used later than it was, never
/// earlier.
/// </summary>
/// <param name="Since">Since when every packet would have been noticed.</param>
/// <param name="Last">The last sample, with its ports only.</param>
/// <param name="Seen">By port, when packets were last seen; a port that is not there had none since <paramref name="Since"/>.</param>
public sealed record LastTraffic(DateTimeOffset Since, StatsSample Last, ImmutableDictionary<PublicPort, DateTimeOffset> Seen)
{
    // A gateway that boots, or loads its whole firewall, between two usual samples hides what passed within that minute and no more.
    private static readonly TimeSpan LongestGap = TimeSpan.FromHours(1);

    /// <summary>
    /// What is known with one more sample. Where counters began anew after nobody had sampled for long, what passed meanwhile is not known:
    /// counting begins anew too.
    /// </summary>
    /// <param name="before">What was known; null with the first sample.</param>
    public static LastTraffic With(LastTraffic? before, StatsSample sample)
    {
        var last = sample with
        {
            Stats = sample.Stats with { Counters = ImmutableSortedDictionary<string, Volume>.Empty, Peers = [], Backends = [] },
        };
        if (before is null)
            return new(sample.At, last, ImmutableDictionary<PublicPort, DateTimeOffset>.Empty);
        var passed = Growth.ByPort(before.Last, sample, p => p.In.Packets + p.Out.Packets).Where(g => g.Value.Amount > 0);
        var isGap = sample.At - before.Last.At > LongestGap && Growth.BeganAnew(before.Last, sample);
        return new(isGap ? sample.At : before.Since, last, before.Seen.SetItems(passed.Select(g => KeyValuePair.Create(g.Key, sample.At))));
    }

    /// <summary>
    /// When packets last passed a port as what it is now; null when none were seen since it was opened, or since counting began.
    /// </summary>
    /// <param name="opened">When it was opened; null when that is not known.</param>
    public DateTimeOffset? SeenAt(PublicPort port, DateTimeOffset? opened) =>
        Seen.TryGetValue(port, out var at) && (opened is null || at >= opened) ? at : null;

    /// <summary>Since when no packet has passed a port, for certain.</summary>
    /// <param name="opened">When it was opened; null when that is not known.</param>
    public DateTimeOffset QuietSince(PublicPort port, DateTimeOffset? opened) =>
        new[] { Since, opened ?? Since, SeenAt(port, opened) ?? Since }.Max();
}
