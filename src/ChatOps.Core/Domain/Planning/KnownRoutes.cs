using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Planning;

/// <summary>
/// The routes of exposures, remembered for as long as the exposures are: the next edge shares all but a few of its 10,000 with this one.
/// The same routes are then the same objects. Safe for threads.
/// </summary>
public sealed class KnownRoutes
{
    private readonly ConditionalWeakTable<Exposure, Known> _known = [];

    /// <summary>The routes of all exposures, by endpoint and family.</summary>
    public ImmutableArray<Route> Of(Edge edge)
    {
        ImmutableArray<Family> families = [.. edge.Gateway!.Families];
        var routes = ImmutableArray.CreateBuilder<Route>(edge.Exposures.Count * families.Length);
        foreach (var (_, exposure) in edge.Exposures)
        {
            if (!_known.TryGetValue(exposure, out var known) || !known.IsOf(edge, families))
            {
                known = new([.. EngineChoice.RoutesOf(exposure, edge, families).Select(c => c.Route)], edge.Vms, families);
                _known.AddOrUpdate(exposure, known);
            }

            routes.AddRange(known.Routes);
        }

        return routes.DrainToImmutable();
    }

    // A route hangs on the exposure, the addresses of its VMs, and the families of the gateway.
    private sealed record Known(ImmutableArray<Route> Routes, ImmutableSortedDictionary<Name<Vm>, Vm> Vms, ImmutableArray<Family> Families)
    {
        public bool IsOf(Edge edge, ImmutableArray<Family> families) =>
            ReferenceEquals(Vms, edge.Vms) && Families.AsSpan().SequenceEqual(families.AsSpan());
    }
}
