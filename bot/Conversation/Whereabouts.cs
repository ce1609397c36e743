using System.Collections.Immutable;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Core.Language.Words;

namespace ChatOps.Bot.Conversation;

/// <summary>On which gateway something is that a line is about.</summary>
internal static class Whereabouts
{
    /// <summary>
    /// The gateway that a command changes: the named one, the only one, or the only one that has what the command is about. A mirror is
    /// never meant: it follows.
    /// </summary>
    public static Refusal? GatewayOf(
        ImmutableSortedDictionary<Name<Gateway>, GatewayState> states,
        ChangeCommand command,
        string line,
        out Name<Gateway> name
    ) =>
        command is ChangeOfChange { Change: var change } ? GatewayOf(states, change, line, out name)
        : command is Unexpose { At: null, Endpoints: var closed } && states.Count > 1 && !IsOpenAnywhere(states.Values, closed)
            ? Nowhere(closed, out name)
        : GatewayOf(states, command is AddGateway add ? add.Gateway : command.At, line, s => Has(s.Desired, command), out name);

    /// <summary>The gateway that a line without a subject is about.</summary>
    public static Refusal? GatewayOf(
        ImmutableSortedDictionary<Name<Gateway>, GatewayState> states,
        Name<Gateway>? at,
        string line,
        out Name<Gateway> name
    ) => GatewayOf(states, at, line, _ => false, out name);

    /// <summary>
    /// The gateway that a change's number belongs to: open changes win over finished ones, and what people did over what a mirror followed.
    /// </summary>
    public static Refusal? GatewayOf(
        ImmutableSortedDictionary<Name<Gateway>, GatewayState> states,
        ChangeRef change,
        string line,
        out Name<Gateway> name
    )
    {
        name = change.Gateway ?? default;
        if (change.Gateway is not null)
            return null;
        var having = states.Values.Where(s => s.Changes.ContainsKey(change.Number)).ToList();
        var open = having.Where(s => s.Changes[change.Number].IsOpen).ToList();
        var candidates = open.Count > 0 ? open : having;
        if (
            candidates.Count > 1
            && candidates.FindAll(s => !s.Changes[change.Number].By.IsSameAs(Actor.Reconcile)) is { Count: > 0 } byPeople
        )
            candidates = byPeople;
        if (candidates.Count == 1)
        {
            name = candidates[0].Name;
            return null;
        }

        return candidates.Count == 0
            ? new($"no change #{change.Number}.", "pending", "audit")
            : new($"#{change.Number} is on several gateways.", [.. candidates.Select(c => Parser.On(line, c.Name))]);
    }

    /// <summary>A refusal whose next lines name the gateway, where there are several and they would be asked for it.</summary>
    public static Refusal On(ImmutableSortedDictionary<Name<Gateway>, GatewayState> states, Name<Gateway> gateway, Refusal refusal) =>
        states.Count > 1 ? refusal with { Next = [.. refusal.Next.Select(n => Parser.On(n, gateway))] } : refusal;

    private static Refusal? GatewayOf(
        ImmutableSortedDictionary<Name<Gateway>, GatewayState> states,
        Name<Gateway>? at,
        string line,
        Func<GatewayState, bool> has,
        out Name<Gateway> name
    )
    {
        name = at ?? default;
        if (at is not null)
            return null;
        var known = states.Values.Where(s => s.Running.Gateway is { Mirrors: null }).ToList();
        if (known.Count > 1 && known.FindAll(s => has(s)) is [var only])
            known = [only];
        if (known.Count == 1)
        {
            name = known[0].Name;
            return null;
        }

        return known.Count == 0
            ? new("there is no gateway yet.", "help gateway add")
            : new(
                $"say on which gateway: {string.Join(", ", known.Select(k => k.Name))}.",
                [.. known.Take(3).Select(k => Parser.On(line, k.Name))]
            );
    }

    private static bool IsOpenAnywhere(IEnumerable<GatewayState> states, IEnumerable<PublicEndpoint> endpoints) =>
        states.Any(s => endpoints.Any(s.Desired.Exposures.ContainsKey));

    // To be asked for the gateway would be no help.
    private static Refusal Nowhere(IReadOnlyList<PublicEndpoint> endpoints, out Name<Gateway> name)
    {
        name = default;
        return new($"{string.Join(", ", endpoints.Select(e => e.Spoken))}: not open on any gateway.", "list");
    }

    // What is to be closed or changed must be there already; what is to be opened leads to a VM that is.
    private static bool Has(Edge edge, ChangeCommand command) =>
        command switch
        {
            Expose c => c.Targets.All(t => edge.Vms.ContainsKey(t.Vm)),
            ExposeService c => edge.Vms.ContainsKey(c.Vm),
            Unexpose c => c.Endpoints.All(edge.Exposures.ContainsKey),
            RemoveVm c => edge.Vms.ContainsKey(c.Vm),
            ChangeVm c => edge.Vms.ContainsKey(c.Vm),
            RenameVm c => edge.Vms.ContainsKey(c.Vm),
            RotatePeer c => edge.Peers.ContainsKey(c.Peer),
            RenamePeer c => edge.Peers.ContainsKey(c.Peer),
            RemovePeer c => edge.Peers.ContainsKey(c.Peer),
            AddRule { Rule.About: { } vm } => edge.Vms.ContainsKey(vm),
            RemoveRule c => edge.Rules.Values.Any(r => r.Key == c.Rule || r.ToString() == c.Rule),
            _ => false,
        };
}
