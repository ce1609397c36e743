using System.Collections.Immutable;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Gateways;
using ChatOps.Core.Log;
using ChatOps.Core.Values;

namespace ChatOps.Core.Policy;

/// <summary>
/// What a command or an effect comes to, matter by matter: policy holds an effect as strictly as the command that would ask for it by its own name, whichever
/// way it comes about, and one about several ports, VMs or networks as strictly as each of them.
/// </summary>
public static class Matters
{
    /// <summary>What the line itself says of them, before it is known what the command would make so.</summary>
    public static IEnumerable<Matter> Of(Command command) =>
        command switch
        {
            EndpointCommand { Endpoints: { IsEmpty: false } endpoints } => endpoints.SelectMany(PortsOf).Distinct().Select(p => new Matter(command.Spec.Name, p)),
            AddRule { Rule.OnPort: { } port } => [new(command.Spec.Name, port)],

            // A question in another order, about another time or into a file is the same question.
            AuditQuery => [new(command.Spec.Name), new("audit")],
            HistoryQuery => [new(command.Spec.Name), new("history")],
            OpenThen => [new(command.Spec.Name), new("history")],
            AsOf { Of: var then } => [new(command.Spec.Name), .. Of(then)],
            Export { Of: var wanted } => [new(command.Spec.Name), .. Of(wanted)],
            _ => [new(command.Spec.Name)],
        };

    /// <summary>What a change comes to: its effects, and the command where it is none of theirs.</summary>
    /// <param name="command">The command; null when it is not known any more.</param>
    /// <param name="effects">What will be so.</param>
    /// <param name="at">When it was proposed.</param>
    public static ImmutableArray<Matter> Of(GatewayState state, ChangeCommand? command, IEnumerable<Effect> effects, DateTimeOffset at)
    {
        List<Matter> matters = [.. effects.SelectMany(e => EventTypes.Of(e).AccessOf(e, state, at)).Distinct()];
        if (command is not null && matters.All(d => d.Command != command.Spec.Name))
            matters.InsertRange(0, Of(command).Select(d => command is ChangeVm { Vm: var vm } ? d with { Vm = vm } : d));
        return [.. matters.Select(d => d with { Gateway = state.Name })];
    }

    /// <summary>The public ports of an endpoint: its own, or the web's.</summary>
    public static IEnumerable<PublicPort> PortsOf(PublicEndpoint endpoint) => endpoint.Port is { } port ? [port] : [WebPorts.Http, WebPorts.Https];

    /// <summary>What is open at an endpoint, and is to be so until then; null for no new end.</summary>
    internal static IEnumerable<Matter> OfOpen(string command, GatewayState state, PublicEndpoint endpoint, DateTimeOffset? until)
    {
        if (!state.Desired.Exposures.TryGetValue(endpoint, out var open))
            return PortsOf(endpoint).Select(p => new Matter(command, p));
        var opened = (state.Changes.GetValueOrDefault(open.Change)?.Status as ChangeStatus.Applied)?.At;
        return Opened(command, endpoint, open.Targets, open.Options.From, until - opened);
    }

    /// <summary>Each port, VM and network of what is opened.</summary>
    internal static IEnumerable<Matter> Opened(string command, PublicEndpoint endpoint, IEnumerable<VmEndpoint> targets, Networks? only, TimeSpan? stays) =>
        from port in PortsOf(endpoint)
        from vm in targets.Select(t => t.Vm).Distinct()
        from network in only is { } some ? some.All.Select(n => (Network?)n) : [null]
        select new Matter(command, port) { Vm = vm, From = network, Stays = stays };
}
