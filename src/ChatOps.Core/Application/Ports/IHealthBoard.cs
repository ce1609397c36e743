using System.Collections.Immutable;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Ports;

/// <summary>What was last heard of a gateway.</summary>
/// <param name="Observation">What it said; null when it did not answer.</param>
/// <param name="Error">Why it did not answer; null when it did.</param>
public sealed record GatewayHealth(DateTimeOffset At, GatewayObservation? Observation, string? Error);

/// <summary>
/// Keeps what was last heard of each gateway, for status. Can be lost: the next Reconcile hears again, and counting begins anew.
/// </summary>
public interface IHealthBoard
{
    /// <summary>Grows with everything that is heard: whoever shows the board looks again when it has.</summary>
    long Heard { get; }

    /// <summary>Replaces what is known of a gateway.</summary>
    void Put(Name<Gateway> gateway, GatewayHealth health);

    /// <summary>What is known of a gateway, or null.</summary>
    GatewayHealth? Get(Name<Gateway> gateway);

    /// <summary>Adds what a gateway has counted; the oldest sample goes when there are many.</summary>
    void Add(Name<Gateway> gateway, StatsSample sample);

    /// <summary>Says that a gateway did not tell what it has counted; forgotten with its next sample.</summary>
    void Miss(Name<Gateway> gateway, string why);

    /// <summary>Why a gateway did not tell when it was last asked what it has counted; null when it did.</summary>
    string? MissedBecause(Name<Gateway> gateway);

    /// <summary>
    /// When packets last passed the public ports of a gateway, and since when that is counted; null before its first sample.
    /// </summary>
    LastTraffic? TrafficOf(Name<Gateway> gateway);

    /// <summary>The last samples of a gateway, oldest first.</summary>
    ImmutableArray<StatsSample> SamplesOf(Name<Gateway> gateway);
}
