using System.Collections.Immutable;
using System.Text;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Planning;

/// <summary>A route that a change adds or takes away.</summary>
/// <param name="Opens">True when it is added.</param>
/// <param name="Why">Why this engine, or empty.</param>
public sealed record PlannedRoute(bool Opens, Route Route, string Why);

/// <summary>
/// The difference that a change makes: what approvers consent to. Its hash covers the effects and the resolved routes, and nothing that an
/// unrelated change could move, so that two independent proposals do not void each other's approvals.
/// </summary>
/// <param name="Before">The edge without the change.</param>
/// <param name="After">The edge with it.</param>
/// <param name="IsFirst">True when the gateway has no files of ours yet: then all of them come with this change.</param>
/// <param name="Effects">What will be so.</param>
/// <param name="Routes">The routes that come and go, in the order of ports.</param>
/// <param name="Warnings">What people should know before they consent.</param>
/// <param name="Hash">SHA-256, lower-case hex.</param>
public sealed record Plan(
    Edge Before,
    Edge After,
    bool IsFirst,
    ImmutableArray<Effect> Effects,
    ImmutableArray<PlannedRoute> Routes,
    ImmutableArray<string> Warnings,
    string Hash
)
{
    /// <summary>Plans effects on what will run by then; they must fit (see <see cref="EffectCheck"/>).</summary>
    public static Plan Of(GatewayState state, ImmutableArray<Effect> effects)
    {
        var before = state.Desired;
        var after = before.With(effects);
        var routes = RoutesTouched(before, after, effects).ToImmutableArray();
        var isFirst = before.Gateway is null || (state.RunningRevision.Number == 0 && state.Queue.IsEmpty);
        var hashed = new StringBuilder();
        foreach (var effect in effects)
            hashed.Append(EventTypes.NameOf(effect)).Append(' ').Append(CanonicalJson.Write(EventTypes.ToJson(effect))).Append('\n');
        foreach (var planned in routes)
            hashed.Append(planned.Opens ? '+' : '-').Append(planned.Route).Append('\n');
        return new(
            before,
            after,
            isFirst,
            effects,
            routes,
            [.. Unsettled(state, effects), .. effects.SelectMany(e => e is GatewayRemoved ? Left(before) : Warn(after, e))],
            RecordFormat.HashOf(hashed.ToString())
        );
    }

    // Only the endpoints that the effects name are resolved: a plan among 10,000 exposures costs as much as one among ten.
    private static IEnumerable<PlannedRoute> RoutesTouched(Edge before, Edge after, ImmutableArray<Effect> effects)
    {
        foreach (var endpoint in effects.Select(EndpointOf).OfType<PublicEndpoint>().Distinct().Order())
        {
            var old = RoutesOf(before, endpoint);
            var @new = RoutesOf(after, endpoint);
            foreach (var gone in old.Where(o => @new.All(n => n.Route.ToString() != o.Route.ToString())))
                yield return new(false, gone.Route, "");
            foreach (var come in @new.Where(n => old.All(o => o.Route.ToString() != n.Route.ToString())))
                yield return new(true, come.Route, come.Why);
        }
    }

    private static ImmutableArray<ChosenRoute> RoutesOf(Edge edge, PublicEndpoint endpoint) =>
        edge.Exposures.TryGetValue(endpoint, out var exposure) ? [.. EngineChoice.RoutesOf(exposure, edge)] : [];

    private static PublicEndpoint? EndpointOf(Effect effect) =>
        effect switch
        {
            ExposureOpened e => e.Endpoint,
            ExposureClosed e => e.Endpoint,
            _ => null,
        };

    private static IEnumerable<string> Left(Edge before)
    {
        if (!before.Exposures.IsEmpty)
            yield return $"{before.Exposures.Count} open {(before.Exposures.Count == 1 ? "endpoint leads through it, and stays" : "endpoints lead through it, and stay")} open on the machine: {Lists.Spoken(before.Exposures.Keys.Take(20))}{(before.Exposures.Count > 20 ? ", ..." : "")}";
        yield return "nothing is done on the machine: all that runs there stays, and our key still gets in. To take it away: ssh root@ADDRESS sh -s <infra/gateway/uninstall";
    }

    private static IEnumerable<string> Unsettled(GatewayState state, ImmutableArray<Effect> effects)
    {
        if (Drifting.Blocks(state, effects) is not null)
            yield return $"{state.Name} has drifted from the log: this can be approved once it is repaired (drift, repair at {state.Name})";
        if (state.Alerts.TryGetValue(AlertKind.Others.Key, out var others) && effects.Any(e => e is ExposureOpened or RuleAdded))
            yield return others.Text;
        foreach (var warning in effects.OfType<ExposureOpened>().Select(e => WarnOfCertificate(state, e)).OfType<string>().Distinct())
            yield return warning;
        foreach (var other in state.Proposed.Where(c => !c.Effects.SequenceEqual(effects)))
        {
            var both = other
                .Effects.OfType<ExposureOpened>()
                .Select(e => e.Endpoint)
                .Intersect(effects.OfType<ExposureOpened>().Select(e => e.Endpoint))
                .ToList();
            if (both.Count > 0)
                yield return $"#{other.Number} by {other.By.Name} wants {Lists.Spoken(both)} too: whichever is approved first gets {(both.Count == 1 ? "it" : "them")}";
        }
    }

    // A gateway whose program does not list what lies there still says what ails those that are used.
    private static string? WarnOfCertificate(GatewayState state, ExposureOpened opened)
    {
        if (opened.Options?.Certificate is not { } name)
            return null;
        if (state.Certificates is not { Held: var held })
            return state.Alerts.GetValueOrDefault(AlertKind.Certificate.About($"{name}"))?.Text;
        return held.FirstOrDefault(c => c.Name == name) is { } certificate
            ? certificate.Warning(opened.Endpoint.Web?.Host)
            : $"there is no certificate {name} on {state.Name} that can be read: fullchain.pem and privkey.pem belong into /etc/chatops/tls/{name} before this is applied";
    }

    private static IEnumerable<string> WarnOfPostgres(ExposureOpened pooled)
    {
        yield return pooled.Options!.Certificate is { } certificate
            ? $"clients speak TLS with certificate {certificate}; who does not is refused"
            : "without TLS: clients that want it (sslmode=require) are refused, and those that only prefer it send all but the password in the clear. With TLS: tls CERTIFICATE";
        yield return FormattableString.Invariant(
            $"each user has at most {PostgresPool.Sessions} connections to {pooled.Targets[0].Vm} for a database, one for each client; who waits {PostgresPool.Patience.TotalSeconds:0} s for one is refused, and so is who comes after {PostgresPool.Clients:N0} others"
        );
        yield return pooled.Options!.Ignoring is { } ignored
            ? $"what clients say of {string.Join(", ", ignored.All)} when they connect has no effect; what else pgbouncer does not know ends the login"
            : "clients that say options or search_path when they connect are refused; ignoring options,search_path lets them in, without an effect of what they say";
    }

    private static IEnumerable<string> Warn(Edge after, Effect effect)
    {
        if (effect is GatewayAdded { Gateway.Mirrors: { } source })
            yield return $"it follows the VMs, peers, exposures and rules of {source}; 1:1 NAT and SNAT pools stay with {source}, whose addresses they are about";
        if (effect is RuleAdded { Rule: { } rule })
        {
            foreach (var warning in Warn(after, rule))
                yield return warning;
        }

        if (effect is ExposureOpened { Options.As: Service.Postgres } pooled)
        {
            foreach (var warning in WarnOfPostgres(pooled))
                yield return warning;
        }

        if (effect is ExposureOpened { Endpoint.Web: { } web, Options.Passthrough: true } passed)
        {
            var vms = string.Join(" and ", passed.Targets.Select(t => t.Vm).Distinct());
            yield return $"TLS of {web} ends on {vms}, with a certificate there: the gateway asks for none, sees no request, and is the client that {vms} sees";
            yield return $"http://{web} is not answered for it; clients say the name in TLS (SNI), or do not get there";
        }

        if (effect is ExposureOpened { Options.H2c: true } h2c)
            yield return $"{h2c.Endpoint} is HTTP/2 between the gateway and {string.Join(" and ", h2c.Targets.Select(t => t.Vm).Distinct())}, whatever clients speak: WebSockets do not get through, and an answer to HEAD says a length of 0";

        if (effect is VmAdded added)
        {
            foreach (var address in added.Addresses)
            {
                var gateway = after.Gateway!;
                if (after.Peers.Values.Any(p => p.Carries(address, gateway)))
                    continue;
                if ((gateway.WireGuard.Contains(address) ? address : gateway.FourOf(address)) is { } place)
                    yield return $"no WireGuard peer has {address} yet, so {added.Vm} cannot be reached before: peer add {added.Vm} PUBLICKEY {place}";
                else if (!address.IsMycelium)
                {
                    var networks = $"{gateway.WireGuard}{(gateway.WireGuard6 is { } six ? $" or {six}" : "")}";
                    yield return $"{address} is neither in the WireGuard network {networks} nor a Mycelium address; the gateway needs a route to it";
                }
            }
        }
    }

    private static IEnumerable<string> Warn(Edge after, Rule rule)
    {
        yield return rule.InWords;
        if (rule is Rule.Admission admission && ExposureCheck.Reserved(after.Gateway!, admission.To) is "the SSH port")
            yield return "this machine must be in such a network too: the change is kept only if a new SSH connection gets through";
        if (rule is Rule.SourceNat { Vm: var vm } && !after.Rules.ContainsKey(new Rule.Egress(vm).Key))
            yield return $"{vm} may not go out yet: allow {vm} out";
        if (
            rule.OnPort is { } port
            && rule is Rule.RateLimit
            && after.Exposures.Values.All(x => !x.Ports.Contains(port))
            && ExposureCheck.Reserved(after.Gateway!, port) is null
        )
            yield return $"{port.Spoken} is not open";
    }
}
