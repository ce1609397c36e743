using System.Collections.Immutable;
using System.Text;
using ChatOps.Core.Gateways;
using ChatOps.Core.Log;
using ChatOps.Core.Values;

namespace ChatOps.Core.Planning;

/// <summary>A route that a change adds or takes away.</summary>
/// <param name="Opens">True when it is added.</param>
/// <param name="Route">The route.</param>
/// <param name="Why">Why this engine, or empty.</param>
public sealed record PlannedRoute(bool Opens, Route Route, string Why);

/// <summary>
/// The difference that a change makes: what approvers consent to. Its hash covers the effects and the resolved routes, and nothing that an
/// unrelated change could move, so that two independent proposals do not void each other's approvals.
/// </summary>
/// <param name="Before">The edge without the change.</param>
/// <param name="After">The edge with it.</param>
/// <param name="Effects">What will be so.</param>
/// <param name="Routes">The routes that come and go, in the order of ports.</param>
/// <param name="Warnings">What people should know before they consent.</param>
/// <param name="Hash">SHA-256, lower-case hex.</param>
public sealed record Plan(
    Edge Before,
    Edge After,
    ImmutableArray<Effect> Effects,
    ImmutableArray<PlannedRoute> Routes,
    ImmutableArray<string> Warnings,
    string Hash
)
{
    /// <summary>Plans the effects on an edge that they fit (see <see cref="EffectCheck"/>).</summary>
    public static Plan Of(Edge before, ImmutableArray<Effect> effects)
    {
        var after = before.With(effects);
        var routes = RoutesTouched(before, after, effects).ToImmutableArray();
        var hashed = new StringBuilder();
        foreach (var effect in effects)
            hashed.Append(EventTypes.NameOf(effect)).Append(' ').Append(CanonicalJson.Write(EventTypes.ToJson(effect))).Append('\n');
        foreach (var planned in routes)
            hashed.Append(planned.Opens ? '+' : '-').Append(planned.Route).Append('\n');
        return new(before, after, effects, routes, [.. effects.SelectMany(e => Warn(after, e))], RecordFormat.HashOf(hashed.ToString()));
    }

    /// <summary>The effects in a few words: <c>open tcp 80 -> vm2:8080</c>.</summary>
    public static string Headline(IEnumerable<Effect> effects) => string.Join("; ", effects.Select(InWords));

    private static string InWords(Effect effect) =>
        effect switch
        {
            GatewayAdded e => $"add gateway {e.Gateway.Name} at {string.Join(", ", e.Gateway.Addresses)}",
            VmAdded e => $"add VM {e.Vm} at {string.Join(", ", e.Addresses)}",
            VmRemoved e => $"remove VM {e.Vm}",
            PeerAdded e => $"add peer {e.Peer} at {e.Address}",
            PeerRemoved e => $"remove peer {e.Peer}",
            ExposureOpened e => $"open {e.Port.Spoken} -> {string.Join(',', e.Targets)}",
            ExposureClosed e => $"close {e.Port.Spoken}",
            _ => throw new InvalidOperationException($"no words for {effect.GetType().Name}"),
        };

    // Only the ports that the effects name are resolved: a plan among 10,000 exposures costs as much as one among ten.
    private static IEnumerable<PlannedRoute> RoutesTouched(Edge before, Edge after, ImmutableArray<Effect> effects)
    {
        foreach (var port in effects.Select(PortOf).OfType<PublicPort>().Distinct().Order())
        {
            var old = RoutesOf(before, port);
            var @new = RoutesOf(after, port);
            foreach (var gone in old.Where(o => @new.All(n => n.Route.ToString() != o.Route.ToString())))
                yield return new(false, gone.Route, "");
            foreach (var come in @new.Where(n => old.All(o => o.Route.ToString() != n.Route.ToString())))
                yield return new(true, come.Route, come.Why);
        }
    }

    private static ImmutableArray<ChosenRoute> RoutesOf(Edge edge, PublicPort port) =>
        edge.Exposures.TryGetValue(port, out var exposure) ? [.. EngineChoice.RoutesOf(exposure, edge)] : [];

    private static PublicPort? PortOf(Effect effect) =>
        effect switch
        {
            ExposureOpened e => e.Port,
            ExposureClosed e => e.Port,
            _ => null,
        };

    private static IEnumerable<string> Warn(Edge after, Effect effect)
    {
        if (effect is VmAdded added)
        {
            foreach (var address in added.Addresses)
            {
                var isOurs = after.Gateway!.WireGuard.Contains(address);
                if (isOurs && after.Peers.Values.All(p => p.Address != address))
                    yield return $"no WireGuard peer has {address} yet, so {added.Vm} cannot be reached before: peer add {added.Vm} PUBLICKEY {address}";
                else if (!isOurs && !address.IsMycelium)
                    yield return $"{address} is neither in the WireGuard network {after.Gateway.WireGuard} nor a Mycelium address; the gateway needs a route to it";
            }
        }
    }
}
