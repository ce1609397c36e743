using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;

namespace ChatOps.Core.Domain.Changes;

/// <summary>The rows of <see cref="EventTypes"/> for effects.</summary>
internal static class EffectTypes
{
    public static ImmutableArray<EventKind> All { get; } =
    [
        new EffectKind<GatewayAdded>("gateway-added.v1")
        {
            Word = "added",
            Words = run => EffectWords.OfAdded(run[0].Gateway),
            Access = (_, _, _) => [new("gateway add")],
            Problem = (_, edge, e) => EffectCheck.GatewayProblem(edge, e),
        },
        new EffectKind<GatewayChanged>("gateway-changed.v1")
        {
            Word = "reconfigured",
            Words = run => EffectWords.OfChanged(run[0].Gateway),
            Access = (_, _, _) => [new("gateway change")],
            Problem = EffectCheck.GatewayChangeProblem,
        },
        new EffectKind<GatewayRemoved>("gateway-removed.v1")
        {
            Word = "removed",
            Words = _ => "remove the gateway",
            Access = (_, _, _) => [new("gateway remove")],
            Problem = (_, _, _) => null,
        },
        new EffectKind<VmAdded>("vm-added.v1")
        {
            Word = "added",
            Words = run => $"add VM {run[0].Vm} at {string.Join(", ", run[0].Addresses)}",
            Access = (e, _, _) => [new("vm add") { Vm = e.Vm }],
            Problem = (_, edge, e) => EffectCheck.VmProblem(edge, e),
            Names = e => [$"{e.Vm}"],
        },
        new EffectKind<VmRemoved>("vm-removed.v1")
        {
            Word = "removed",
            Words = run => $"remove VM {run[0].Vm}",
            Access = (e, _, _) => [new("vm remove") { Vm = e.Vm }],
            Problem = EffectCheck.VmRemovalProblem,
            Names = e => [$"{e.Vm}"],
        },
        new EffectKind<VmRenamed>("vm-renamed.v1")
        {
            Word = "renamed",
            Words = run => $"rename VM {run[0].Vm} to {run[0].To}",
            Access = (e, _, _) => [new("vm rename") { Vm = e.Vm }, new("vm rename") { Vm = e.To }],
            Problem = EffectCheck.VmNameProblem,
            Names = e => [$"{e.Vm}", $"{e.To}"],
        },
        new EffectKind<PeerAdded>("peer-added.v1")
        {
            Word = "added",
            Words = run => EffectWords.OfLetIn(run[0]),
            Access = (_, _, _) => [new("peer add")],
            Problem = (_, edge, e) => EffectCheck.PeerProblem(edge, e),
            Names = e => [$"{e.Peer}"],
        },
        new EffectKind<PeerRemoved>("peer-removed.v1")
        {
            Word = "removed",
            Words = run => $"remove peer {run[0].Peer}",
            Access = (_, _, _) => [new("peer remove")],
            Problem = EffectCheck.PeerRemovalProblem,
            Names = e => [$"{e.Peer}"],
        },
        new EffectKind<PeerRekeyed>("peer-rekeyed.v1")
        {
            Word = "rekeyed",
            Words = run => $"new key for peer {run[0].Peer}{EffectWords.OfPreshared(run[0].Preshared)}",
            Access = (_, _, _) => [new("peer rotate")],
            Problem = EffectCheck.PeerKeyProblem,
            Names = e => [$"{e.Peer}"],
        },
        new EffectKind<PeerRenamed>("peer-renamed.v1")
        {
            Word = "renamed",
            Words = run => $"rename peer {run[0].Peer} to {run[0].To}",
            Access = (_, _, _) => [new("peer rename")],
            Problem = EffectCheck.PeerNameProblem,
            Names = e => [$"{e.Peer}", $"{e.To}"],
        },
        new EffectKind<ExposureOpened>("exposure-opened.v1")
        {
            Word = "opened",
            Words = EffectWords.OfOpened,
            Access = (e, _, at) =>
                EffectMatters.Opened("expose", e.Endpoint, e.Targets, e.Options?.From, e.Options?.For ?? e.Options?.Until - at),
            Problem = ExposureCheck.Problem,
            Endpoint = e => e.Endpoint,
            Names = e => e.Targets.Select(t => $"{t.Vm}"),
        },
        new EffectKind<ExposureClosed>("exposure-closed.v1")
        {
            Word = "closed",
            Words = run => $"close {Lists.Spoken(run.Select(e => e.Endpoint))}",
            Access = (e, state, _) => EffectMatters.OfOpen("unexpose", state, e.Endpoint, null),
            Problem = (state, edge, e) => ExposureCheck.ClosedProblem(state, edge, e.Endpoint),
            Endpoint = e => e.Endpoint,
        },
        new EffectKind<ExposureExtended>("exposure-extended.v1")
        {
            Word = "extended",
            Words = run => $"keep {Lists.Spoken(run.Select(e => e.Endpoint))} open {EffectWords.EndOf(run[0].Until, run[0].For)}",

            // Keeping it open is opening it once more, for all the time since it was opened.
            Access = (e, state, _) =>
                [
                    .. EffectMatters.OfOpen("extend", state, e.Endpoint, e.Until),
                    .. EffectMatters.OfOpen("expose", state, e.Endpoint, e.Until),
                ],
            Problem = (state, edge, e) => ExposureCheck.ClosedProblem(state, edge, e.Endpoint),
            Endpoint = e => e.Endpoint,
        },
        new EffectKind<RuleAdded>("rule-added.v1")
        {
            Word = "added",
            Words = run => $"{run[0].Rule}",
            Access = (e, _, _) => [new(e.Rule.Key[..e.Rule.Key.IndexOf(' ')], e.Rule.OnPort) { Vm = e.Rule.About }],
            Problem = (state, edge, e) => RuleCheck.Problem(state, edge, e.Rule),
            Endpoint = e => e.Rule.OnPort is { } port ? port : null,
            Names = e => e.Rule.About is { } vm ? [$"{vm}"] : [],
        },
        new EffectKind<RuleRemoved>("rule-removed.v1")
        {
            Word = "removed",
            Words = run => $"no more: {run[0].Rule}",
            Access = (e, _, _) => [new("remove", e.Rule.OnPort) { Vm = e.Rule.About }],
            Problem = (state, edge, e) => RuleCheck.RemovalProblem(state, edge, e.Rule),
            Endpoint = e => e.Rule.OnPort is { } port ? port : null,
            Names = e => e.Rule.About is { } vm ? [$"{vm}"] : [],
        },
        new EffectKind<EdgeRepaired>("edge-repaired.v1")
        {
            Word = "repaired",
            Words = _ => "repair",
            Access = (_, _, _) => [new("repair")],
            Problem = (_, _, _) => null,
        },
    ];
}
