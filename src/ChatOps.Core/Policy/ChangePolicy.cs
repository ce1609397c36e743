using System.Collections.Immutable;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Gateways;
using ChatOps.Core.Log;
using ChatOps.Core.Values;

namespace ChatOps.Core.Policy;

/// <summary>One exception from what the catalogue declares. The first rule that matches a command decides.</summary>
/// <param name="Commands">The names of the commands it is for.</param>
/// <param name="From">The lowest public port it is for; null for any.</param>
/// <param name="To">The highest public port it is for; null for any.</param>
/// <param name="Protocol">The protocol it is for; null for both.</param>
/// <param name="Who">The role that may give the command.</param>
/// <param name="Approvals">How many approvals it needs.</param>
/// <param name="Approver">The role that approves.</param>
public sealed record PolicyRule(ImmutableArray<string> Commands, Port? From, Port? To, Protocol? Protocol, Role Who, int Approvals, Role Approver)
{
    /// <summary>Where in the policy file it is.</summary>
    public string Place { get; init; } = "a rule";

    /// <summary>True when this rule is for a command under this name, on this port.</summary>
    public bool IsFor(string name, PublicPort? port) =>
        Commands.Contains(name)
        && (Protocol is null || port?.Protocol == Protocol)
        && (From is null || port?.Port.Number >= From.Value.Number)
        && (To is null || port?.Port.Number <= To.Value.Number);

    /// <summary>When it decides, as words; empty for always.</summary>
    public string Conditions
    {
        get
        {
            var ports = From is null ? "" : From == To ? $"port {From}" : $"ports {From}-{To}";
            return string.Join(", ", new[] { ports, Protocol?.ToString().ToLowerInvariant() ?? "" }.Where(w => w.Length > 0));
        }
    }

    /// <summary>True when, under any name that both are for, this rule is for all that the other is for.</summary>
    public bool Covers(PolicyRule other) =>
        (Protocol is null || Protocol == other.Protocol)
        && (From is null || (other.From is { } from && From.Value.Number <= from.Number))
        && (To is null || (other.To is { } to && to.Number <= To.Value.Number));
}

/// <summary>Who may do what, and with whose consent. What no rule and no entry of the catalogue allows is denied.</summary>
/// <param name="Rules">Exceptions from the catalogue, first match first.</param>
/// <param name="RepairsByItself">True when a gateway that has drifted is repaired without being asked.</param>
/// <param name="RecordsQuestions">True when asking the log is itself recorded in it.</param>
public sealed record ChangePolicy(ImmutableArray<PolicyRule> Rules, bool RepairsByItself = false, bool RecordsQuestions = false)
{
    /// <summary>The roles that see the addresses and keys of WireGuard peers.</summary>
    public ImmutableArray<Role> PeersShownTo { get; init; } = [Role.Operator, Role.Approver];

    /// <summary>The catalogue as it stands.</summary>
    public static ChangePolicy Default { get; } = new([]);

    /// <summary>All roles that there are.</summary>
    public ImmutableArray<Role> Roles { get; } = [.. Enum.GetValues<Role>()];

    /// <summary>What decides about a command, in order: the rules that name it, up to one that leaves nothing over, or else what the catalogue declares.</summary>
    public IEnumerable<PolicyRule> DecidersOf(CommandSpec spec)
    {
        foreach (var rule in Rules.Where(r => r.Commands.Contains(spec.Name)))
        {
            yield return rule;
            if (rule.Covers(Declared(spec)))
                yield break;
        }

        yield return Declared(spec);
    }

    /// <summary>A refusal when the speaker may not give this command, or null.</summary>
    public Refusal? Refuses(Speaker speaker, Command command) => Refuses(speaker, RulesFor(command));

    /// <summary>A refusal when the speaker may not bring these effects about, by whichever command; or null.</summary>
    public Refusal? Refuses(Speaker speaker, IEnumerable<Effect> effects) => Refuses(speaker, RulesFor(effects));

    /// <summary>
    /// The approvals that a change needs: the most that the command, or any of its effects by the command of its own, asks for. So
    /// <c>undo</c> and <c>rollback</c> open a port with the same consent as <c>expose</c>.
    /// </summary>
    public Approvals Needs(Command command, IEnumerable<Effect> effects)
    {
        var rules = RulesFor(command).Concat(RulesFor(effects)).ToList();
        var approver = rules.Where(r => r.Approvals > 0).Select(r => r.Approver).DefaultIfEmpty(Role.Approver).Max();
        return new(rules.Max(r => r.Approvals), approver.Name());
    }

    /// <summary>True when someone sees the addresses and keys of WireGuard peers.</summary>
    public bool ShowsPeersTo(Speaker speaker) => speaker.Has(Role.Admin) || PeersShownTo.Any(speaker.Has);

    private static Refusal? Refuses(Speaker speaker, IEnumerable<PolicyRule> rules)
    {
        if (rules.FirstOrDefault(r => !speaker.Has(r.Who)) is not { } rule)
            return null;
        var has = speaker.Roles.IsEmpty ? "no role here" : $"the role {string.Join(", ", speaker.Roles.Select(r => r.Name()))}";
        return new($"{rule.Commands[0]} needs the role {rule.Who.Name()}; {speaker.Actor.Name} has {has}.", "help");
    }

    // A command for several ports is as strictly held as each of them would be.
    private IEnumerable<PolicyRule> RulesFor(Command command) =>
        command switch
        {
            EndpointCommand { Endpoints: { IsEmpty: false } endpoints } => endpoints
                .SelectMany(EffectAccess.PortsOf)
                .Distinct()
                .Select(p => RuleFor(command.Spec, p)),
            AddRule { Rule.OnPort: { } port } => [RuleFor(command.Spec, port)],

            // A question in another order, about another time or into a file is the same question.
            AuditQuery => Both(command, "audit"),
            HistoryQuery => Both(command, "history"),
            OpenThen => Both(command, "history"),
            AsOf { Of: var then } => [RuleFor(command.Spec, null), .. RulesFor(then)],
            Export { Of: var wanted } => [RuleFor(command.Spec, null), .. RulesFor(wanted)],
            _ => [RuleFor(command.Spec, null)],
        };

    private IEnumerable<PolicyRule> Both(Command command, string name) => [RuleFor(command.Spec, null), RuleFor(Catalogue.Named(name), null)];

    private IEnumerable<PolicyRule> RulesFor(IEnumerable<Effect> effects) =>
        effects.SelectMany(e => EventTypes.Of(e).AccessOf(e)).Distinct().Select(a => RuleFor(Catalogue.Named(a.Command), a.Port));

    // Under the name that was asked for, whatever else the rule is for.
    private PolicyRule RuleFor(CommandSpec spec, PublicPort? port) =>
        Rules.FirstOrDefault(r => r.IsFor(spec.Name, port)) is { } rule
            ? rule with { Commands = [spec.Name] }
            : Declared(spec);

    private static PolicyRule Declared(CommandSpec spec) =>
        new([spec.Name], null, null, null, spec.Access.Who, spec.Access.Approvals, Role.Approver) { Place = $"help {spec.Name}" };
}

/// <summary>A "no" with a sentence for a person and the lines that would work.</summary>
/// <param name="Sentence">What was expected, and what is.</param>
/// <param name="Next">Lines to type next.</param>
public sealed record Refusal(string Sentence, params ImmutableArray<string> Next);
