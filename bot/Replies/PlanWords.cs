using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;
using ChatOps.Rendering;

namespace ChatOps.Bot.Replies;

/// <param name="Diff">The summary of the file diffs, or empty.</param>
internal sealed record PlanWords(
    string Headline,
    ImmutableArray<string> Routes,
    ImmutableArray<string> Touches,
    ImmutableArray<string> Warnings,
    string Diff
)
{
    private const int MostRoutes = 10;

    /// <summary>The routes that are only counted; null when all are told.</summary>
    public FoldedLines? Folded { get; init; }

    /// <param name="line">The command that it is of, in its canonical form.</param>
    /// <param name="isWhole">True for all of it, where somebody has asked for that.</param>
    public static PlanWords Of(Plan plan, string line, IReadOnlyList<FileDiff> diffs, bool isWhole = false)
    {
        var all = RoutesOf(plan);
        var folded = isWhole || all.Length <= MostRoutes ? null : new FoldedLines($"and {all.Length - MostRoutes} more", all[MostRoutes..]);
        return new(
            EffectWords.Of(line, plan.Effects),
            folded is null ? all : [.. all.Take(MostRoutes), folded.Words],
            [.. TouchesOf(plan, diffs)],
            plan.Warnings,
            diffs.Count == 0
                ? ""
                : $"{Counts.Of(diffs.Count, "file")}, +{diffs.Sum(d => d.Added)} -{diffs.Sum(d => d.Removed)}: {string.Join(", ", diffs.Select(d => d.Name))}"
        )
        {
            Folded = folded,
        };
    }

    /// <summary>All hunks, file after file; null when there is none.</summary>
    public static string? Text(IReadOnlyList<FileDiff> diffs) =>
        diffs.Count == 0 ? null : string.Join("", diffs.Select(d => d.Text)).TrimEnd('\n');

    private static ImmutableArray<string> RoutesOf(Plan plan)
    {
        var isOne = plan.Routes.Select(r => r.Route.Endpoint).Distinct().Count() <= 1;
        return [.. plan.Routes.Select(r => (isOne ? "" : $"{r.Route.Endpoint.Spoken}, ") + InWords(r))];
    }

    private static string InWords(PlannedRoute planned)
    {
        var (route, targets) = (planned.Route, string.Join(", ", planned.Route.Targets));
        var how = route.Engine switch
        {
            Engine.Nftables => $"nftables DNAT to {targets}",
            Engine.Relay or Engine.Haproxy => $"HAProxy to {targets}",
            Engine.UdpRelay => $"UDP relay to {targets}",
            Engine.Nginx => $"nginx stream to {targets}",
            Engine.Http when route.Options.Grpc => $"nginx gRPC to {targets} (HTTP/2 without TLS there){OverTls(route)}",
            Engine.Http when route.Options.H2c => $"nginx http to {targets} (HTTP/2 without TLS there){OverTls(route)}",
            Engine.Http => $"nginx http to {targets}{OverTls(route)}",
            Engine.Passthrough => $"nginx by the name in TLS to {targets}, TLS as it is",
            Engine.Dnsmasq => $"dnsmasq forwards to {targets}",
            Engine.Pgbouncer => $"pgbouncer to {targets}",
            Engine.Kamailio => $"kamailio relays to {targets}",
            _ => throw new InvalidOperationException($"no words for {route.Engine}"),
        };
        var why =
            planned.Why.StartsWith("because", StringComparison.Ordinal) ? $", {planned.Why}"
            : planned.Why.Length > 0 ? $" {planned.Why}"
            : "";
        return $"{route.Clients} clients: {(planned.Opens ? "" : "no more ")}{how}{why}";
    }

    private static string OverTls(Route route) => route.Options.Certificate is { } certificate ? $" over TLS ({certificate})" : "";

    private static IEnumerable<string> TouchesOf(Plan plan, IReadOnlyList<FileDiff> diffs)
    {
        if (plan.IsFirst)
            yield return "sets up our nftables table (firewall) and sysctl, for the first time";
        var elements = plan.Routes.Length;
        if (elements > 0)
            yield return $"nftables ({Counts.Of(elements, "element")})";
        foreach (var (engine, name) in EngineNames.Proxies)
        {
            var servers = plan.Routes.Count(r => r.Route.Engine == engine);
            if (servers > 0)
                yield return engine is Engine.Relay or Engine.UdpRelay
                    ? $"{name} ({Counts.Of(servers, "line")}, without a reload)"
                    : $"{name} ({Counts.Of(servers, "server")}; reload keeps connections)";
        }

        var peers = plan.Effects.Count(e => e is PeerAdded or PeerRekeyed or PeerRenamed or PeerRemoved);
        if (peers > 0)
            yield return $"WireGuard ({Counts.Of(peers, "peer")}; running sessions are kept)";
        if (plan.Effects.Any(e => e is ExposureClosed))
            yield return "cuts the connections through it";
        var rules = plan.Effects.Count(e => e is RuleAdded or RuleRemoved);
        if (rules > 0)
            yield return $"nftables ({Counts.Of(rules, "rule")})";
        if (plan.Effects.Any(e => e is EdgeRepaired))
            yield return "loads everything of ours anew; connections are kept";
        if (!plan.IsFirst && plan.Effects.All(e => e is VmAdded or VmRemoved or VmRenamed))
            yield return diffs.Count == 0 ? "nothing on the gateway but the revision" : "no port (what the files say of the VM)";
    }
}
