using System.Collections.Immutable;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Decisions;

/// <summary>What a change command would make so on a gateway as it is now. Whether that fits is another question.</summary>
internal static class CommandEffects
{
    private const int MostEndpoints = 1000;

    /// <param name="now">Now, in the speaker's time zone.</param>
    public static (ImmutableArray<Effect> Effects, Refusal? Refusal) Of(
        GatewayState state,
        ChangeCommand command,
        int number,
        DateTimeOffset now
    ) =>
        command switch
        {
            Expose c => Opened(state, c, number, now),
            ExposeService c => Opened(state, c, number, now),
            Unexpose c => So([.. c.Endpoints.Select(e => new ExposureClosed(number, e))]),
            Extend c => Extended(state, c, number, now),
            Undo c => Undone(state, c, number, now),
            Rollback c => RolledBack(state, c, number, now),
            Repair => So(new EdgeRepaired(number)),
            AddRule c => So(new RuleAdded(number, c.Rule)),
            RemoveRule c => RuleGone(state, c, number),
            AddVm c => So(new VmAdded(number, c.Vm, c.Addresses)),
            RemoveVm c => So(new VmRemoved(number, c.Vm)),
            RenameVm c => So(new VmRenamed(number, c.Vm, c.To)),
            AddPeer c => PeerLetIn(state, c, number),
            RotatePeer { Key: { } key } c => Unsealed(c.Psk, c.Preshared, c.Line) ?? So(new PeerRekeyed(number, c.Peer, key, c.Preshared)),
            RotatePeer c => No($"peer rotate {c.Peer}: no key was made.", "help peer rotate"),
            RenamePeer c => So(new PeerRenamed(number, c.Peer, c.To)),
            RemovePeer c => So(new PeerRemoved(number, c.Peer)),
            AddGateway c => So(
                new GatewayAdded(number, Gateway.WithDefaults(c.Gateway, c.Addresses, c.HostKey, c.Mirrors).With(c.Settings))
            ),
            ChangeGateway c => So(new GatewayChanged(number, Changed(state, c))),
            RemoveGateway => So(new GatewayRemoved(number)),
            ChangeVm c => VmMoved(state, c, number),
            _ => throw new InvalidOperationException($"no effects for {command.GetType().Name}"),
        };

    private static (ImmutableArray<Effect>, Refusal?) Opened(GatewayState state, Expose c, int number, DateTimeOffset now)
    {
        if (c.Targets.Select(t => (Name<Vm>?)t.Vm).FirstOrDefault(v => !state.Desired.Vms.ContainsKey(v!.Value)) is { } stranger)
        {
            ImmutableArray<VmEndpoint> At(Name<Vm> near) => [.. c.Targets.Select(t => t.Vm == stranger ? t with { Vm = near } : t)];
            return (default, EffectCheck.UnknownVm(state, state.Desired, stranger, near => (c with { Targets = At(near) }).Line));
        }

        if (c.Endpoints.Length > MostEndpoints)
            return No($"{Counts.Of(c.Endpoints.Length, "port")} at once; at most {MostEndpoints}.", "help expose");
        if (Ended(c.Stays, now) is { } ended)
            return (default, ended);
        var options = OptionsOf(c.Options, c.Stays, now);
        if (c.Endpoints.Length == 1)
            return So(new ExposureOpened(number, c.Endpoints[0], c.Targets, options));

        // Several endpoints: the first leads to the first port of each VM, the second to the second.
        var byVm = c.Targets.GroupBy(t => t.Vm).Select(g => g.ToImmutableArray()).ToList();
        if (byVm.Find(g => g.Length != c.Endpoints.Length) is { IsDefault: false } odd)
            return No($"{Counts.Of(c.Endpoints.Length, "public port")} and {odd.Length} of {odd[0].Vm}: expected as many.", "help expose");
        return So([.. c.Endpoints.Select((e, i) => new ExposureOpened(number, e, [.. byVm.Select(g => g[i])], options))]);
    }

    private static (ImmutableArray<Effect>, Refusal?) Opened(GatewayState state, ExposeService c, int number, DateTimeOffset now)
    {
        if (!state.Desired.Vms.ContainsKey(c.Vm))
            return (default, EffectCheck.UnknownVm(state, state.Desired, c.Vm, near => (c with { Vm = near }).Line));
        if (Ended(c.Stays, now) is { } ended)
            return (default, ended);
        var target = new VmEndpoint(c.Vm, c.Port ?? ServicePorts.Inside(c.Options.As!.Value));
        var options = OptionsOf(c.Options, c.Stays, now);
        return So([.. c.Endpoints.Select(e => new ExposureOpened(number, e, [target], options))]);
    }

    private static ExposureOptions? OptionsOf(ExposureOptions options, Lifetime? stays, DateTimeOffset now)
    {
        var all = stays is Lifetime.For length ? options with { For = length.Length } : options with { Until = stays?.End(now) };
        return all == ExposureOptions.None ? null : all;
    }

    private static Refusal? Ended(Lifetime? stays, DateTimeOffset now) =>
        stays is not null && stays.End(now) <= now ? new($"{stays} is over already.", "help expose") : null;

    private static (ImmutableArray<Effect>, Refusal?) Extended(GatewayState state, Extend c, int number, DateTimeOffset now)
    {
        if (Ended(c.Stays, now) is { } ended)
            return (default, ended);
        var open = state.Desired.Exposures.Values.Where(x => x.Change == c.Change.Number).ToList();
        if (open.Count == 0)
            return No($"nothing that #{c.Change.Number} has opened is open.", $"show {c.Change.Number}");

        return So([.. open.Select(x => Longer(x, c.Stays, number, now))]);
    }

    // From its end on, when there is one: "for 1h" adds an hour. Without one, the hour begins when this is confirmed.
    private static ExposureExtended Longer(Exposure open, Lifetime stays, int number, DateTimeOffset now)
    {
        if (stays is not Lifetime.For more)
            return new(number, open.Endpoint, stays.End(now));
        if (open.Options.For is null && open.Options.Until is { } until && until > now)
            return new(number, open.Endpoint, more.End(until));
        var all = (open.Options.For ?? TimeSpan.Zero) + more.Length;
        return new(number, open.Endpoint, now + all, all);
    }

    private static (ImmutableArray<Effect>, Refusal?) Undone(GatewayState state, Undo c, int number, DateTimeOffset now)
    {
        if (!state.Changes.TryGetValue(c.Change.Number, out var change))
            return No($"no change #{c.Change.Number} on {state.Name}.", "audit");
        if (change.Status is not ChangeStatus.Applied { Result: var result })
            return No(
                $"#{change.Number} is {Decider.StatusWord(change.Status)}; only what was applied can be undone.",
                $"show {change.Number}"
            );
        if (change.Effects.Any(e => e is GatewayAdded))
            return No($"#{change.Number} added the gateway itself; that is not undone.", "gateways");
        if (change.Effects.Any(e => e is GatewayRemoved))
            return No($"#{change.Number} removed the gateway; it is added anew.", "help gateway add");
        var before = state.Revisions.Before(result.Revision.Number);
        if (change.Effects.Any(e => e is GatewayChanged) && before.Gateway is { } was)
            return So(new GatewayChanged(number, was with { Overlay = null }));

        // What has another name since then is undone under that one.
        var renames = RenamedSince(state, result.Revision);
        var effects = EdgeDifference.Between(
            state.Revisions[result.Revision.Number].With(renames),
            before.Within(now).With(renames),
            number
        );
        return effects.IsEmpty ? No($"#{change.Number} has changed nothing that could be undone.", $"show {change.Number}") : So(effects);
    }

    private static List<Effect> RenamedSince(GatewayState state, Revision revision) =>
        [
            .. state
                .Changes.Values.Where(c =>
                    c.Status is ChangeStatus.Applied { Result.Revision: var other } && other.Number > revision.Number
                )
                .OrderBy(c => ((ChangeStatus.Applied)c.Status).Result.Revision.Number)
                .Concat(state.Queue.Select(n => state.Changes[n]))
                .SelectMany(c => c.Effects)
                .Where(e => e is VmRenamed or PeerRenamed),
        ];

    private static (ImmutableArray<Effect>, Refusal?) RolledBack(GatewayState state, Rollback c, int number, DateTimeOffset now)
    {
        if (!state.Revisions.TryGetValue(c.To.Number, out var then) || then.Gateway is null)
            return No(
                $"{state.Name} never ran revision {c.To}; it has run {state.Revisions.First} to {state.Revisions.Last}.",
                $"rollback to {state.Revisions.Last}"
            );

        var effects = EdgeDifference.Between(state.Desired, then.Within(now), number);
        return effects.IsEmpty ? No($"nothing has changed since revision {c.To}.", "status") : So(effects);
    }

    private static Gateway Changed(GatewayState state, ChangeGateway c)
    {
        var gateway = state.Desired.Gateway!.With(c.Settings);
        return gateway with { Addresses = c.Addresses ?? gateway.Addresses, HostKey = c.HostKey ?? gateway.HostKey, Overlay = null };
    }

    // What leads to it is closed and opened anew: its flows lead to a machine that is not there any more.
    private static (ImmutableArray<Effect>, Refusal?) VmMoved(GatewayState state, ChangeVm c, int number)
    {
        var edge = state.Desired;
        if (!edge.Vms.TryGetValue(c.Vm, out var vm))
            return (default, EffectCheck.UnknownVm(state, edge, c.Vm, near => $"vm change {near} {string.Join(',', c.Addresses)}"));
        var effects = EdgeDifference.Between(edge, edge with { Vms = edge.Vms.SetItem(c.Vm, vm with { Addresses = c.Addresses }) }, number);
        return effects.IsEmpty ? No($"{c.Vm} is at {string.Join(", ", c.Addresses)} already.", "vms") : So(effects);
    }

    private static (ImmutableArray<Effect>, Refusal?) RuleGone(GatewayState state, RemoveRule c, int number)
    {
        var rules = state.Desired.Rules;
        var text = Rule.TryParse(c.Rule, out var typed) ? typed.Key : c.Rule;
        if (rules.TryGetValue(text, out var rule))
            return So(new RuleRemoved(number, rule));
        var near = DidYouMean.Closest(c.Rule, rules.Keys);
        return No(
            $"{c.Rule} is no rule of {state.Name}.{(near is null ? "" : $" Did you mean {near}?")}",
            near is null ? "rules" : $"remove {near}"
        );
    }

    private static (ImmutableArray<Effect>, Refusal?) PeerLetIn(GatewayState state, AddPeer c, int number)
    {
        if (c.Key is not { } key)
            return No($"peer add {c.Peer}: no key was made.", "help peer add");
        if (Unsealed(c.Psk, c.Preshared, c.Line) is { } unsealed)
            return unsealed;
        var edge = state.Desired;
        if (c.Address is { } address)
            return So(new PeerAdded(number, c.Peer, key, address, c.Routes, c.Preshared));

        // An address that a waiting proposal has is as good as taken: who proposed it may have set up their end already.
        return edge.With(state.Proposed.SelectMany(p => p.Effects.OfType<PeerAdded>())).FreePeerAddress() is { } free
            ? So(new PeerAdded(number, c.Peer, key, free, c.Routes, c.Preshared))
            : No($"the WireGuard network {edge.Gateway!.WireGuard} is full.", "peers");
    }

    // Without the key the peer would be let in with less than was asked for.
    private static (ImmutableArray<Effect>, Refusal?)? Unsealed(bool isAsked, SealedKeys? preshared, string line) =>
        isAsked && preshared is null ? No("no preshared key was made.", line[..^" psk".Length]) : null;

    private static (ImmutableArray<Effect>, Refusal?) So(params ImmutableArray<Effect> effects) => (effects, null);

    private static (ImmutableArray<Effect>, Refusal?) No(string sentence, string next) => (default, new Refusal(sentence, next));
}
