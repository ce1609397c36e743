using System.Collections.Immutable;
using ChatOps.Core.Changes;
using ChatOps.Core.Ports;

namespace ChatOps.Functions.Reconcile;

/// <summary>What does not look right in what a gateway says of itself.</summary>
internal static class Sight
{
    /// <summary>The kinds of findings that a look can tell about.</summary>
    public static ImmutableHashSet<string> Kinds { get; } = ["revision", "service", "conntrack"];

    /// <summary>The findings.</summary>
    public static IEnumerable<Finding> Of(GatewayState state, GatewayObservation seen, ReconcileOptions options)
    {
        if (seen.Confirmed != state.RunningRevision)
            yield return new("revision", $"{state.Name} runs revision {seen.Confirmed}, the log says {state.RunningRevision}", null, $"repair at {state.Name}");
        foreach (var (service, how) in seen.Services.Where(s => s.Value == "failed"))
            yield return new($"service {service}", $"{service} on {state.Name} has {how}", null, $"repair at {state.Name}");
        if (IsFull(seen, state.Alerts.ContainsKey("conntrack") ? options.ConntrackPercent.Clear : options.ConntrackPercent.Raise))
        {
            yield return new(
                "conntrack",
                $"{state.Name} tracks {seen.ConntrackCount} of at most {seen.ConntrackMax} connections; when it is full, new ones are dropped",
                null,
                $"stats at {state.Name}"
            );
        }
    }

    private static bool IsFull(GatewayObservation seen, int percent) => seen.ConntrackMax > 0 && seen.ConntrackCount * 100L > seen.ConntrackMax * (long)percent;
}
