using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Storage;

/// <summary>
/// What was last heard of the gateways, in memory; when packets last passed their ports beyond it, where there are notes.
/// </summary>
/// <param name="notes">Keeps that over a restart, and is disposed of with the board; null to forget it.</param>
public sealed class HealthBoard(ITrafficNotes? notes = null) : IHealthBoard, IDisposable
{
    private const int Kept = 120;

    // Whatever passes after the last note is noticed again by the first sample after a restart.
    private static readonly TimeSpan NotedEvery = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Name<Gateway>, GatewayHealth> _board = new();
    private readonly ConcurrentDictionary<Name<Gateway>, string> _missed = new();
    private readonly ConcurrentDictionary<Name<Gateway>, ImmutableArray<StatsSample>> _samples = new();
    private readonly ConcurrentDictionary<Name<Gateway>, LastTraffic> _traffic = new();
    private readonly ConcurrentDictionary<Name<Gateway>, DateTimeOffset> _noted = new();
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
        var traffic = _traffic[gateway] = LastTraffic.With(TrafficOf(gateway) ?? notes?.Find(gateway), sample);
        if (!_noted.TryGetValue(gateway, out var noted) || sample.At - noted >= NotedEvery)
            Note(gateway, traffic);
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
    public LastTraffic? TrafficOf(Name<Gateway> gateway) => _traffic.GetValueOrDefault(gateway);

    /// <inheritdoc/>
    public ImmutableArray<StatsSample> SamplesOf(Name<Gateway> gateway) => _samples.TryGetValue(gateway, out var samples) ? samples : [];

    /// <summary>Notes what is not noted yet.</summary>
    public void Dispose()
    {
        foreach (var (gateway, traffic) in _traffic)
            Note(gateway, traffic);
        notes?.Dispose();
    }

    private void Note(Name<Gateway> gateway, LastTraffic traffic)
    {
        notes?.Put(gateway, traffic);
        _noted[gateway] = traffic.Last.At;
    }
}
