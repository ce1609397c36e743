using System.Collections.Immutable;
using ChatOps.Core.Gateways;
using ChatOps.Core.Planning;
using ChatOps.Rendering;

namespace ChatOps.Bot.Replies;

/// <summary>A plan as templates want it.</summary>
/// <param name="Headline">In a few words.</param>
/// <param name="Routes">A line a route.</param>
/// <param name="Touches">What is touched, and how gently.</param>
/// <param name="Warnings">What to know first.</param>
/// <param name="Diff">The summary of the file diffs, or empty.</param>
public sealed record PlanWords(
    string Headline,
    ImmutableArray<string> Routes,
    ImmutableArray<string> Touches,
    ImmutableArray<string> Warnings,
    string Diff
)
{
    /// <summary>Puts a plan into words.</summary>
    public static PlanWords Of(Plan plan, IReadOnlyList<FileDiff> diffs) =>
        new(
            Plan.Headline(plan.Effects),
            [.. plan.Routes.Select(InWords)],
            [.. TouchesOf(plan)],
            plan.Warnings,
            diffs.Count == 0
                ? ""
                : $"{Count(diffs.Count, "file")}, +{diffs.Sum(d => d.Added)} -{diffs.Sum(d => d.Removed)}: {string.Join(", ", diffs.Select(d => d.Name))}"
        );

    /// <summary>All hunks, file after file; null when there is none.</summary>
    public static string? Text(IReadOnlyList<FileDiff> diffs) => diffs.Count == 0 ? null : string.Join("", diffs.Select(d => d.Text)).TrimEnd('\n');

    private static string InWords(PlannedRoute planned)
    {
        var (route, targets) = (planned.Route, string.Join(", ", planned.Route.Targets));
        var how = route.Engine switch
        {
            Engine.Nftables => $"nftables DNAT to {targets}",
            Engine.Nginx => $"nginx stream to {targets}",
            _ => $"HAProxy to {targets}",
        };
        var why = planned.Why.StartsWith("because", StringComparison.Ordinal) ? $", {planned.Why}" : planned.Why.Length > 0 ? $" {planned.Why}" : "";
        return $"{route.Clients} clients: {(planned.Opens ? "" : "no more ")}{how}{why}";
    }

    private static IEnumerable<string> TouchesOf(Plan plan)
    {
        if (plan.Before.Gateway is null)
            yield return "sets up our nftables table and sysctl";
        var elements = plan.Routes.Length;
        if (elements > 0)
            yield return $"nftables ({Count(elements, "element")})";
        foreach (var (engine, name) in new[] { (Engine.Nginx, "nginx stream"), (Engine.Haproxy, "HAProxy") })
        {
            var servers = plan.Routes.Count(r => r.Route.Engine == engine);
            if (servers > 0)
                yield return $"{name} ({Count(servers, "server")}; reload keeps connections)";
        }

        var peers = plan.Effects.Count(e => e is PeerAdded or PeerRemoved);
        if (peers > 0)
            yield return $"WireGuard ({Count(peers, "peer")}; running sessions are kept)";
        if (plan.Effects.Any(e => e is ExposureClosed))
            yield return "cuts the connections through the port";
        if (plan.Effects.All(e => e is VmAdded or VmRemoved))
            yield return "nothing on the gateway but the revision";
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
