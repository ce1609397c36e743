using System.Collections.Immutable;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Core.Decisions;

/// <summary>
/// A mirror is a second gateway that is to do what the first one does, with addresses of its own. It follows what is <em>desired</em> of
/// the first, so that it serves also while the first one is off.
/// </summary>
public static class Mirroring
{
    /// <summary>Why a gateway cannot mirror another, or null.</summary>
    public static Refusal? Problem(ImmutableSortedDictionary<Name<Gateway>, GatewayState> states, AddGateway command)
    {
        if (command.Mirrors is not { } source)
            return null;
        if (source == command.Gateway)
            return new($"{source} cannot mirror itself.", "gateways");
        if (!states.TryGetValue(source, out var state) || state.Running.Gateway is not { } gateway)
        {
            var near = DidYouMean.Closest(
                source.ToString(),
                states.Values.Where(s => s.Running.Gateway is not null).Select(s => s.Name.ToString())
            );
            return new($"no gateway {source} to mirror.{(near is null ? "" : $" Did you mean {near}?")}", "gateways");
        }

        return gateway.Mirrors is { } first
            ? new(
                $"{source} mirrors {first} itself; mirror {first}.",
                $"gateway add {command.Gateway} {string.Join(',', command.Addresses)} mirrors {first}"
            )
            : null;
    }

    /// <summary>
    /// The command with the WireGuard networks of the gateway that is mirrored: the last address, and the port. What is said stays.
    /// </summary>
    public static AddGateway Completed(ImmutableSortedDictionary<Name<Gateway>, GatewayState> states, AddGateway command)
    {
        if (command is not { Mirrors: { } source } || states.GetValueOrDefault(source)?.Running.Gateway is not { } gateway)
            return command;
        if (command.Settings.WireGuard6 is null && gateway.WireGuard6 is { } six)
            command = command with { Settings = command.Settings with { WireGuard6 = six } };
        if (command.Settings.WireGuard is not null)
            return command;
        var last = new InterfaceAddress(gateway.WireGuard.At(-2), gateway.WireGuard.Length);
        var usual = Gateway.WithDefaults(command.Gateway, command.Addresses, null, source);
        return usual.WireGuard == last && usual.WireGuardPort == gateway.WireGuardPort
            ? command
            : command with
            {
                Settings = command.Settings with { WireGuard = new WireGuardPlace(last, gateway.WireGuardPort) },
            };
    }

    /// <summary>Why a gateway cannot be given up, or null: another one follows it.</summary>
    public static Refusal? Problem(ImmutableSortedDictionary<Name<Gateway>, GatewayState> states, RemoveGateway command) =>
        states.Values.FirstOrDefault(s => s.Running.Gateway?.Mirrors == command.Gateway) is { } mirror
            ? new($"{mirror.Name} mirrors {command.Gateway}.", $"gateway remove {mirror.Name}")
            : null;

    /// <summary>Why a command is not for a mirror, or null.</summary>
    public static Refusal? Refuses(GatewayState state, ChangeCommand command) =>
        state.Running.Gateway?.Mirrors is { } source && command is not (Repair or AddGateway or ChangeGateway or RemoveGateway)
            ? new(
                $"{state.Name} mirrors {source}; change {source}, and {state.Name} follows.",
                command is ChangeOfChange ? $"audit at {source}" : $"{command.Line} at {source}"
            )
            : null;

    /// <summary>
    /// What a mirror is to do: all of the other's VMs, peers, exposures and rules. What is about further public addresses stays where these
    /// addresses are, and what should be closed by now is not opened again.
    /// </summary>
    /// <param name="source">What is desired of the other.</param>
    /// <param name="mirror">What is desired of the mirror.</param>
    public static Edge ImageOf(Edge source, Edge mirror, DateTimeOffset now)
    {
        var image = source.Within(now);
        return image with
        {
            Gateway = mirror.Gateway,
            Exposures = image.Exposures.SetItems(
                image
                    .Exposures.Values.Where(x =>
                        x.Options.Ends && mirror.Exposures.TryGetValue(x.Endpoint, out var there) && EndsWith(there, x)
                    )
                    .Select(x => KeyValuePair.Create(x.Endpoint, mirror.Exposures[x.Endpoint]))
            ),
            Rules = source.Rules.RemoveRange(source.Rules.Values.Where(r => r is Rule.Mapping or Rule.SourceNat).Select(r => r.Key)),
        };
    }

    /// <summary>The change that makes a mirror follow; a refusal when there is nothing to do, or when it must wait for somebody.</summary>
    public static Decision Follow(GatewayState mirror, GatewayState source, DateTimeOffset now)
    {
        var desired = mirror.Desired;
        var effects = EdgeDifference.Between(desired, ImageOf(source.Desired, desired, now), mirror.NextNumber);
        if (effects.IsEmpty)
            return new Decision.Refused(Same);
        if (Failed(mirror, effects) is { } failed)
            return new Decision.Refused(
                new($"the same has failed as #{failed.Number}", $"show {mirror.Name}#{failed.Number}", $"repair at {mirror.Name}")
            );
        return Drifting.Blocks(mirror, effects) is { } blocked
            ? new Decision.Refused(blocked)
            : Decider.DecideByItself(mirror, $"mirror {source.Name}", ReasonOf(source), effects);
    }

    /// <summary>That a mirror does not follow, and why; nothing when it does.</summary>
    public static IEnumerable<Finding> Findings(GatewayState mirror, GatewayState source, DateTimeOffset now)
    {
        if (Follow(mirror, source, now) is Decision.Refused { Refusal: var why } && why != Same)
            yield return new(AlertKind.Mirror, "", $"{mirror.Name} does not follow {source.Name}: {why.Sentence}", null, why.Next);
    }

    // A length of time begins on each of them when it is confirmed there, which takes a moment longer here or there.
    private static bool EndsWith(Exposure mirrored, Exposure source) =>
        mirrored.IsLikeButForTheEnd(source)
        && (
            source.Options.For is not null && mirrored.Options.Ends
            || mirrored.Options.Until is { } here
                && source.Options.Until is { } there
                && (here - there).Duration() < TimeSpan.FromMinutes(1)
        );

    private static Refusal Same { get; } = new("both are the same.");

    private static string ReasonOf(GatewayState source) =>
        source.Changes.NewestFirst().FirstOrDefault(c => c.Status is ChangeStatus.Accepted or ChangeStatus.Applied) is { } last
            ? $"{source.Name}#{last.Number}: {last.Line}"
            : $"it mirrors {source.Name}";

    // The last thing that came to an end on the mirror was a try of just this. Anything that succeeds after it, such as a repair, frees it.
    private static Change? Failed(GatewayState mirror, ImmutableArray<Effect> effects)
    {
        var last = mirror.Changes.NewestFirst().FirstOrDefault(c => c.Status is ChangeStatus.Applied or ChangeStatus.Failed);
        return
            last is { Status: ChangeStatus.Failed }
            && last.By.IsSameAs(Actor.Reconcile)
            && Told(last.Effects, last.Number) == Told(effects, mirror.NextNumber)
            ? last
            : null;
    }

    // Without the number of the change, which each try has its own of.
    private static string Told(ImmutableArray<Effect> effects, int number) =>
        string.Join(
            '\n',
            effects.Select(e =>
                $"{EventTypes.NameOf(e)} {CanonicalJson.Write(EventTypes.ToJson(e))}".Replace(
                    $"\"change\":{number}",
                    "",
                    StringComparison.Ordinal
                )
            )
        );
}
