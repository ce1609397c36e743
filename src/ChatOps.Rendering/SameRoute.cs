using ChatOps.Core.Domain.Planning;

namespace ChatOps.Rendering;

/// <summary>Routes are the same when all that they say is, target by target; they are made anew for every rendering.</summary>
internal sealed class SameRoute : IEqualityComparer<Route>
{
    public static SameRoute Instance { get; } = new();

    public bool Equals(Route? x, Route? y) =>
        x is null || y is null
            ? ReferenceEquals(x, y)
            : x.Endpoint == y.Endpoint
                && x.Clients == y.Clients
                && x.Engine == y.Engine
                && x.Targets.AsSpan().SequenceEqual(y.Targets.AsSpan())
                && (ReferenceEquals(x.Options, y.Options) || x.Options == y.Options);

    public int GetHashCode(Route route) => HashCode.Combine(route.Endpoint, route.Clients, route.Engine, route.Targets[0]);
}
