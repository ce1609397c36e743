using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

internal static class RuleCheck
{
    /// <summary>The reason why it does not, or null.</summary>
    public static Refusal? Problem(GatewayState state, Edge edge, Rule rule)
    {
        if (edge.Rules.TryGetValue(rule.Key, out var there))
            return there == rule ? new($"{rule} holds already.", "rules") : new($"{there} holds; there can be one.", $"remove {there.Key}");
        if (rule.About is { } vm && !edge.Vms.ContainsKey(vm))
            return EffectCheck.UnknownVm(state, edge, vm, near => rule.For(near).ToString());
        return rule switch
        {
            Rule.Egress e when edge.Vms[e.Vm].Addresses is [{ IsMycelium: true } only] && edge.Gateway!.InsideFor(only) is null =>
                NoOverlay(state),
            Rule.Mapping e => MappingProblem(edge, e),
            Rule.SourceNat e => SourceProblem(edge, e),
            Rule.Block e when edge.Vms.Values.FirstOrDefault(v => v.Addresses.Any(e.From.Contains)) is { } inside => new(
                $"{e.From} includes {inside.Name}; a block is for the public side.",
                "rules"
            ),
            Rule.Block e when edge.Gateway!.Addresses.Any(e.From.Contains) => new($"{e.From} includes the gateway's own address.", "rules"),
            _ => null,
        };
    }

    public static Refusal? RemovalProblem(GatewayState state, Edge edge, Rule rule) =>
        edge.Rules.ContainsKey(rule.Key) ? null : new($"{rule} is no rule of {state.Name}.", "rules");

    private static Refusal? MappingProblem(Edge edge, Rule.Mapping e)
    {
        var family = e.Public.Family;
        if (edge.Vms[e.Vm].In(family) is null)
            return new($"{e.Vm} has no {family} address, and 1:1 NAT stays within a family.", "help expose");
        if (edge.Gateway!.Addresses.Contains(e.Public))
            return new($"{e.Public} is the gateway's own address; its ports are exposed one by one.", "help expose");
        if (edge.Rules.Values.OfType<Rule.Mapping>().FirstOrDefault(m => m.Vm == e.Vm && m.Public.Family == family) is { } other)
            return new($"{e.Vm} is {other.Public} already.", $"remove {other.Key}");
        return EffectCheck.NobodysProblem(e.Public, "rules") ?? Holder(edge, e.Public);
    }

    private static Refusal? SourceProblem(Edge edge, Rule.SourceNat e)
    {
        var addresses = e.From.Addresses.All;
        if (edge.Vms[e.Vm].In(addresses[0].Family) is null)
            return new($"{e.Vm} has no {addresses[0].Family} address.", "vms");
        if (addresses.Select(a => EffectCheck.NobodysProblem(a, "rules")).FirstOrDefault(p => p is not null) is { } nobodys)
            return nobodys;
        return
            addresses
                .Select(a => edge.Rules.Values.OfType<Rule.Mapping>().FirstOrDefault(m => m.Public == a))
                .OfType<Rule.Mapping>()
                .FirstOrDefault()
                is { } mapped
            ? new($"{mapped.Public} belongs to {mapped.Vm}: {mapped}.", $"remove {mapped.Key}")
            : null;
    }

    /// <summary>The answer to what needs the gateway's own address on the overlay, before it is known.</summary>
    public static Refusal NoOverlay(GatewayState state) =>
        new($"{state.Name} has not said by which address it is on Mycelium; is the daemon installed and running there?", "status");

    private static Refusal? Holder(Edge edge, Address address)
    {
        if (edge.Rules.Values.OfType<Rule.SourceNat>().FirstOrDefault(s => s.From.Addresses.All.Contains(address)) is { } pool)
            return new($"{address} is in a pool: {pool}.", $"remove {pool.Key}");
        return edge.Vms.Values.FirstOrDefault(v => v.Addresses.Contains(address)) is { } inside
            ? new($"{address} belongs to {inside.Name}.", "vms")
            : null;
    }
}
