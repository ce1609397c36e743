using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Operations.Reconciling;

/// <summary>
/// Turns what each look finds into alerts that are raised once and cleared once. What comes and goes must be seen, or be gone, several
/// times in a row. The counts are in memory: losing them delays an alert by a few looks and never loses one.
/// </summary>
internal sealed class AlertDebouncer
{
    private readonly ConcurrentDictionary<(Name<Gateway> Gateway, string Key), (int Seen, int Missed)> _counts = new();

    /// <param name="isJudged">For which kinds the look could tell; alerts of other kinds stay as they are.</param>
    public ImmutableArray<GatewayEvent> Judge(GatewayState state, IReadOnlyCollection<Finding> findings, Func<AlertKind, bool> isJudged)
    {
        var found = findings.Where(f => isJudged(f.Kind)).DistinctBy(f => f.Key).ToDictionary(f => f.Key);
        var known = state
            .Alerts.Keys.Concat(_counts.Keys.Where(c => c.Gateway == state.Name).Select(c => c.Key))
            .Where(k => AlertKind.Of(k) is { } kind && isJudged(kind));
        var events = ImmutableArray.CreateBuilder<GatewayEvent>();
        foreach (var key in found.Keys.Concat(known).Distinct().Order(StringComparer.Ordinal).ToList())
        {
            var (seen, missed) = Count(state.Name, key, found.ContainsKey(key));
            var kind = AlertKind.Of(key)!;
            var open = state.Alerts.GetValueOrDefault(key);
            if (found.TryGetValue(key, out var finding))
            {
                // The same alert with something else to look at, such as a diff that has grown, is told again in its place.
                if (open is null ? seen >= kind.Raise : open.Detail != finding.Detail)
                    events.Add(new AlertRaised(key, finding.Text, finding.Detail, finding.Next));
            }
            else if (open is null)
            {
                _counts.TryRemove((state.Name, key), out _);
            }
            else if (missed >= kind.Clear)
            {
                events.Add(new AlertCleared(key, kind.Over(state, key)));
            }
        }

        return events.ToImmutable();
    }

    private (int Seen, int Missed) Count(Name<Gateway> gateway, string key, bool isThere) =>
        _counts.AddOrUpdate(
            (gateway, key),
            _ => isThere ? (1, 0) : (0, 1),
            (_, count) => isThere ? (count.Seen + 1, 0) : (0, count.Missed + 1)
        );
}
