using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Core.Decisions.Policy;

/// <summary>
/// What a command or an effect comes to, matter by matter: policy holds an effect as strictly as the command that would ask for it by its
/// own name, whichever way it comes about, and one about several ports, VMs or networks as strictly as each of them.
/// </summary>
public static class Matters
{
    /// <summary>What the line itself says of them, before it is known what the command would make so.</summary>
    public static IEnumerable<Matter> Of(Command command) =>
        command switch
        {
            EndpointCommand { Endpoints: { IsEmpty: false } endpoints } => endpoints
                .SelectMany(EffectMatters.PortsOf)
                .Distinct()
                .Select(p => new Matter(command.Spec.Name, p)),
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
}
