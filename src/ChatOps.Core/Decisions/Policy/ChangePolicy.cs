using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Core.Decisions.Policy;

/// <summary>Who may do what, and with whose consent. What no rule and no entry of the catalogue allows is denied.</summary>
/// <param name="Rules">Exceptions from the catalogue, first match first.</param>
/// <param name="RepairsByItself">True when a gateway that has drifted is repaired without being asked.</param>
/// <param name="RecordsQuestions">True when asking the log is itself recorded in it.</param>
public sealed record ChangePolicy(ImmutableArray<PolicyRule> Rules, bool RepairsByItself = false, bool RecordsQuestions = false)
{
    /// <summary>The roles that see the addresses and keys of WireGuard peers.</summary>
    public ImmutableArray<Role> PeersShownTo { get; init; } = [Role.Operator, Role.Approver];

    /// <summary>The roles that the file names besides those that are always there.</summary>
    public ImmutableArray<Role> OwnRoles { get; init; } = [];

    /// <summary>The catalogue as it stands.</summary>
    public static ChangePolicy Default { get; } = new([]);

    /// <summary>
    /// What decides about a command, in order: the rules that name it, up to one that leaves nothing over, or else what the catalogue
    /// declares.
    /// </summary>
    public IEnumerable<PolicyRule> DecidersOf(CommandSpec spec)
    {
        var declared = PolicyRule.Of(spec);
        foreach (var rule in Rules.Where(r => r.Commands.Contains(spec.Name)))
        {
            yield return rule;
            if (rule.Covers(declared))
                yield break;
        }

        yield return declared;
    }

    /// <summary>A refusal when the speaker may not give this command, whatever it would make so; or null.</summary>
    public Refusal? Refuses(Speaker speaker, Command command)
    {
        foreach (var matter in Matters.Of(command))
        {
            var deciders = DecidersOf(Catalogue.Named(matter.Command)).Where(r => r.MayBeFor(matter)).ToList();
            var last = deciders.FindIndex(r => r.Scope == RuleScope.Any);
            if (deciders.Take(last + 1).All(r => !speaker.Has(r.Who)))
                return Refused(speaker, matter, deciders[last]);
        }

        return null;
    }

    /// <summary>A refusal when the speaker may not do one of these; or null.</summary>
    public Refusal? Refuses(Speaker speaker, IEnumerable<Matter> matters) =>
        matters.Select(d => (Matter: d, Rule: RuleFor(d))).FirstOrDefault(d => !speaker.Has(d.Rule.Who))
            is { Matter: { } matter, Rule: var rule }
            ? Refused(speaker, matter, rule)
            : null;

    /// <summary>
    /// The approvals that a change needs: the most that any of its matters asks for. So <c>undo</c> and <c>rollback</c> open a port with
    /// the same consent as <c>expose</c>.
    /// </summary>
    public Approvals Needs(IEnumerable<Matter> matters) => Quorum.Strictest(matters.Select(d => RuleFor(d).Needs));

    /// <summary>What decides about a matter: the first rule that is for it, or else what the catalogue declares.</summary>
    public PolicyRule RuleFor(Matter matter) =>
        Rules.FirstOrDefault(r => r.IsFor(matter)) ?? PolicyRule.Of(Catalogue.Named(matter.Command));

    /// <summary>True when someone sees the addresses and keys of WireGuard peers.</summary>
    public bool ShowsPeersTo(Speaker speaker) => speaker.Has(Role.Admin) || PeersShownTo.Any(speaker.Has);

    private Refusal Refused(Speaker speaker, Matter matter, PolicyRule rule)
    {
        var has = speaker.Roles.IsEmpty ? "no role here" : $"the role {string.Join(", ", speaker.Roles.Select(r => r.Name()))}";
        var where = Rules
            .Where(r => r.Commands.Contains(matter.Command) && speaker.Has(r.Who))
            .Select(r => $"{r.Conditions} ({r.Place})")
            .ToList();
        var only = where.Count == 0 ? "" : $" With it: {matter.Command} for {string.Join("; ", where)}.";
        return new($"{matter.Command} needs the role {rule.Who.Name()}; {speaker.Actor.Name} has {has}.{only}", "help");
    }
}
