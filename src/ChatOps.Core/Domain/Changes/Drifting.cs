using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>
/// A gateway that is known not to be what the log says, or ahead of it. Until it is repaired, nothing else is changed on it.
/// </summary>
public static class Drifting
{
    /// <summary>Why these effects have to wait, or null. A change on top of a drift would overwrite it unseen, or keep it unseen.</summary>
    /// <param name="effects">What a change is to do; a repair may always.</param>
    public static Refusal? Blocks(GatewayState state, IEnumerable<Effect> effects) =>
        Ahead.Of(state) is { } ahead && !IsRepaired(state) && !Ahead.TakesOver(effects)
            ? new(
                $"{state.Name} was offered revision {ahead} already, by another ChatOps or another log; it takes nothing older until it is repaired.",
                "status",
                $"repair at {state.Name}"
            )
        : !state.Alerts.ContainsKey(AlertKind.Drift.Key) || IsRepaired(state) || effects.Any(e => e is EdgeRepaired) ? null
        : new(
            $"{state.Name} has drifted from the log; it is repaired first, so that nothing is overwritten unseen.",
            "drift",
            $"repair at {state.Name}"
        );

    // By a change that is accepted already and applied before any other that is proposed now.
    private static bool IsRepaired(GatewayState state) => state.Queue.Any(n => state.Changes[n].Effects.Any(e => e is EdgeRepaired));
}
