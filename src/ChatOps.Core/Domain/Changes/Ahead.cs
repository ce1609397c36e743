using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>
/// A gateway that was offered a later revision than this log has given out: somebody else has worked on it, or this log is an older copy.
/// It takes nothing older, so nothing is changed on it until somebody decides to go on from there, by a repair.
/// </summary>
public static class Ahead
{
    /// <summary>How far the gateway is, when that is further than the log.</summary>
    public static Revision? Of(GatewayState state) =>
        state
            .Alerts.Keys.Where(k => AlertKind.Of(k) == AlertKind.Behind)
            .Select(k =>
                int.TryParse(AlertKind.SubjectOf(k), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? new Revision(number)
                    : default
            )
            .Where(r => r.CompareTo(state.LastRevision) > 0)
            .Select(r => (Revision?)r)
            .Max();

    /// <summary>The number of the next revision: of one that takes the gateway over, the first that it will take.</summary>
    public static Revision Next(GatewayState state, ImmutableArray<Effect> effects) =>
        Of(state) is { } ahead && TakesOver(effects) ? ahead.Next : state.LastRevision.Next;

    /// <summary>True for a change that makes the gateway what the log says, whatever it is now.</summary>
    public static bool TakesOver(IEnumerable<Effect> effects) => effects.Any(e => e is EdgeRepaired or GatewayAdded);

    /// <summary>What is said of it.</summary>
    /// <param name="highest">What it was offered.</param>
    /// <param name="next">The line that takes it over; null for the usual one.</param>
    public static Finding Finding(GatewayState state, Revision highest, string? next = null) =>
        new(
            AlertKind.Behind,
            $"{highest}",
            $"{state.Name} was offered revision {highest}, and this log has come to {state.LastRevision} only: another ChatOps works on it, or this log is an older copy; nothing is changed on it until somebody takes it over",
            null,
            "status",
            next ?? $"repair at {state.Name}"
        );
}
