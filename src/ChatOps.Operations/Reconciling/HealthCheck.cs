using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Operations.Reconciling;

/// <param name="Drift">What is not as it was confirmed; null when it could not tell.</param>
internal sealed record HealthReport(DateTimeOffset At, GatewayObservation Observation, ImmutableArray<Drift>? Drift);

/// <summary>What does not look right in what a gateway says of itself, at this moment.</summary>
internal static class HealthCheck
{
    private const int MostDetail = 16_384;

    /// <summary>True for a kind of findings that this look can tell about.</summary>
    public static bool Judges(HealthReport sighting, AlertKind kind) =>
        kind == AlertKind.Clock ? sighting.Observation.Clock is not null
        : kind == AlertKind.Drift ? sighting.Drift is not null
        : kind.Source == AlertSource.HealthCheck;

    public static IEnumerable<Finding> Of(GatewayState state, HealthReport sighting, ReconcileOptions options)
    {
        var seen = sighting.Observation;
        if (GatewayProtocol.Problem(state.Name, seen.Protocol) is { } problem)
            yield return new(AlertKind.Program, "", problem, null, "status");
        if (seen.Confirmed != state.RunningRevision)
            yield return new(
                AlertKind.Revision,
                "",
                $"{state.Name} runs revision {seen.Confirmed}, the log says {state.RunningRevision}",
                null,
                $"repair at {state.Name}"
            );
        if (seen.Highest.CompareTo(state.LastRevision) > 0)
            yield return Ahead.Finding(state, seen.Highest);
        if (seen.IsUnfinished)
            yield return new(
                AlertKind.Unfinished,
                "",
                $"{state.Name} stopped half-way through a boot or a change; what runs may differ from revision {seen.Running}",
                null,
                $"repair at {state.Name}"
            );
        foreach (var (service, how) in seen.Services.Where(s => s.Value == "failed"))
            yield return new(AlertKind.Service, service, $"{service} on {state.Name} has {how}", null, $"repair at {state.Name}");
        if (
            IsFull(
                seen,
                state.Alerts.ContainsKey(AlertKind.Conntrack.Key) ? options.ConntrackPercent.Clear : options.ConntrackPercent.Raise
            )
        )
        {
            yield return new(
                AlertKind.Conntrack,
                "",
                $"{state.Name} tracks {seen.ConntrackCount} of at most {seen.ConntrackMax} connections; when it is full, new ones are dropped",
                null,
                $"stats at {state.Name}"
            );
        }

        if (seen.InTheWay is { IsEmpty: false } standing)
        {
            var first = standing.FirstOrDefault(s => s.Port is not null) ?? standing[0];
            yield return new(
                AlertKind.Others,
                "",
                $"on {state.Name} {first.InWords}{(standing.Length > 1 ? $"; and {standing.Length - 1} more" : "")}",
                string.Join('\n', standing.Select(s => s.InWords)),
                "status"
            );
        }

        foreach (var certificate in seen.Certificates.GroupBy(c => c.Name))
        {
            var troubles = certificate.Select(c => c.Trouble(sighting.At)).OfType<string>().Distinct().ToList();
            if (troubles.Count > 0)
            {
                var hosts = string.Join(", ", certificate.Select(c => c.IsOfWeb ? c.Host : "PostgreSQL").Distinct().Take(5));
                yield return new(
                    AlertKind.Certificate,
                    certificate.Key,
                    $"{string.Join("; ", troubles)} ({hosts} on {state.Name})",
                    string.Join('\n', troubles),
                    "status"
                );
            }
        }

        if (
            seen.Clock is { } clock
            && (clock - sighting.At).Duration() is var off
            && off > options.ClockOff / (state.Alerts.ContainsKey(AlertKind.Clock.Key) ? 2 : 1)
        )
            yield return new(
                AlertKind.Clock,
                "",
                $"the clock of {state.Name} is {off.TotalSeconds:0} s {(clock > sighting.At ? "ahead" : "behind")}",
                null,
                "status"
            );

        // A service that has failed has an alert of its own.
        if (sighting.Drift?.Where(d => seen.Services.GetValueOrDefault(d.What) != "failed").ToList() is { Count: > 0 } drift)
            yield return new(AlertKind.Drift, "", TextOf(state, drift), DetailOf(drift), "drift", $"repair at {state.Name}");
    }

    private static bool IsFull(GatewayObservation seen, int percent) =>
        seen.ConntrackMax > 0 && seen.ConntrackCount * 100L > seen.ConntrackMax * (long)percent;

    private static string TextOf(GatewayState state, List<Drift> drift) =>
        $"{state.Name} is not what the log says: {string.Join(", ", drift.Select(d => d.What))} {(drift.Count == 1 ? "differs" : "differ")}; nothing else is changed on it until it is repaired";

    private static string DetailOf(List<Drift> drift)
    {
        var detail = string.Join("\n", drift.Select(d => $"{d.What}\n{d.Diff.TrimEnd('\n')}"));
        return detail.Length <= MostDetail ? detail : $"{detail[..MostDetail]}\n...";
    }
}
