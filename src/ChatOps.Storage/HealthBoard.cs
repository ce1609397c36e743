using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChatOps.Core.Gateways;
using ChatOps.Core.Ports;
using ChatOps.Core.Statistics;
using ChatOps.Core.Values;

namespace ChatOps.Storage;

/// <summary>What was last heard of the gateways, in memory.</summary>
public sealed class HealthBoard : IHealthBoard
{
    private const int Kept = 120;

    private readonly ConcurrentDictionary<Name<Gateway>, GatewayHealth> _board = new();
    private readonly ConcurrentDictionary<Name<Gateway>, string> _missed = new();
    private readonly ConcurrentDictionary<Name<Gateway>, ImmutableArray<StatsSample>> _samples = new();
    private readonly ConcurrentDictionary<(Name<Gateway>, PublicPort), DateTimeOffset> _seen = new();
    private long _heard;

    /// <inheritdoc/>
    public long Heard => Interlocked.Read(ref _heard);

    /// <inheritdoc/>
    public void Put(Name<Gateway> gateway, GatewayHealth health)
    {
        _board[gateway] = health;
        Interlocked.Increment(ref _heard);
    }

    /// <inheritdoc/>
    public GatewayHealth? Get(Name<Gateway> gateway) => _board.GetValueOrDefault(gateway);

    /// <inheritdoc/>
    public void Add(Name<Gateway> gateway, StatsSample sample)
    {
        if (SamplesOf(gateway) is [.., var before])
        {
            foreach (var port in Growth.ByPort(before, sample, p => p.In.Packets + p.Out.Packets).Where(g => g.Value.Amount > 0).Select(g => g.Key))
                _seen[(gateway, port)] = sample.At;
        }

        _samples.AddOrUpdate(gateway, [sample], (_, samples) => [.. samples.Length < Kept ? samples : samples.RemoveAt(0), sample]);
        _missed.TryRemove(gateway, out _);
        Interlocked.Increment(ref _heard);
    }

    /// <inheritdoc/>
    public void Miss(Name<Gateway> gateway, string why)
    {
        _missed[gateway] = why;
        Interlocked.Increment(ref _heard);
    }

    /// <inheritdoc/>
    public string? MissedBecause(Name<Gateway> gateway) => _missed.GetValueOrDefault(gateway);

    /// <inheritdoc/>
    public DateTimeOffset? SeenAt(Name<Gateway> gateway, PublicPort port) => _seen.TryGetValue((gateway, port), out var at) ? at : null;

    /// <inheritdoc/>
    public ImmutableArray<StatsSample> SamplesOf(Name<Gateway> gateway) => _samples.TryGetValue(gateway, out var samples) ? samples : [];
}
