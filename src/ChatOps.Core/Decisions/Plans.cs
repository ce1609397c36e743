using System.Collections.Immutable;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Decisions;

/// <summary>
/// The plans that this process has made of late, each once: what was decided on is what the card shows and what an approval is compared
/// with. One is made anew when what will run, or what is to be warned of, has changed since.
/// </summary>
public sealed class Plans
{
    private const int CacheSize = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Plan> _plans = [];
    private readonly Queue<Key> _order = new();

    /// <summary>How many were made since the start.</summary>
    public int Made { get; private set; }

    /// <summary>The plan of a change on a gateway as it is; its effects must fit (see <see cref="EffectCheck"/>).</summary>
    public Plan Of(GatewayState state, Change change)
    {
        lock (_lock)
        {
            if (_plans.TryGetValue(KeyOf(state, change.Effects, change.PlanHash), out var made))
                return made;
        }

        var plan = Plan.Of(state, change.Effects);
        Remember(state, plan);
        return plan;
    }

    /// <summary>A plan that was made on a gateway as it is.</summary>
    public void Remember(GatewayState state, Plan plan)
    {
        var key = KeyOf(state, plan.Effects, plan.Hash);
        lock (_lock)
        {
            Made++;
            if (!_plans.TryAdd(key, plan))
                return;
            _order.Enqueue(key);
            if (_order.Count > CacheSize)
                _plans.Remove(_order.Dequeue());
        }
    }

    private static Key KeyOf(GatewayState state, ImmutableArray<Effect> effects, string hash) =>
        new(
            state.Name,
            state.DesiredSince,
            state.Running.Gateway?.Overlay,
            state.Certificates,
            Drifting.Blocks(state, effects) is not null,
            hash
        );

    // All that a plan depends on; the hash is over the effects, and over the routes that they lead to.
    private readonly record struct Key(
        Name<Gateway> Gateway,
        string? DesiredSince,
        Address? Overlay,
        CertificatesSeen? Certificates,
        bool IsBlocked,
        string Hash
    );
}
