using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Core.Decisions.Policy;

/// <summary>One exception from what the catalogue declares. The first rule that matches a matter decides.</summary>
/// <param name="Commands">The names of the commands it is for.</param>
/// <param name="From">The lowest public port it is for; null for any.</param>
/// <param name="To">The highest public port it is for; null for any.</param>
/// <param name="Protocol">The protocol it is for; null for both.</param>
/// <param name="Who">The role that may give the command.</param>
/// <param name="Needs">The approvals that it needs.</param>
public sealed record PolicyRule(ImmutableArray<string> Commands, Port? From, Port? To, Protocol? Protocol, Role Who, Approvals Needs)
{
    /// <summary>Where in the policy file it is.</summary>
    public string Place { get; init; } = "a rule";

    /// <summary>True for what the catalogue declares.</summary>
    public bool IsDeclared { get; private init; }

    /// <summary>What else a matter must be about.</summary>
    public RuleScope Scope { get; init; } = RuleScope.Any;

    /// <summary>True when this rule decides about a matter.</summary>
    public bool IsFor(Matter matter) => MayBeFor(matter) && Scope.Holds(matter);

    /// <summary>True when it may decide about a matter of which only command and port are known yet.</summary>
    public bool MayBeFor(Matter matter) =>
        Commands.Contains(matter.Command)
        && (Protocol is null || matter.Port?.Protocol == Protocol)
        && (From is null || matter.Port?.Port.Number >= From.Value.Number)
        && (To is null || matter.Port?.Port.Number <= To.Value.Number);

    /// <summary>True when, under any name that both are for, this rule is for all that the other is for.</summary>
    public bool Covers(PolicyRule other) =>
        (Protocol is null || Protocol == other.Protocol)
        && (From is null || (other.From is { } from && From.Value.Number <= from.Number))
        && (To is null || (other.To is { } to && to.Number <= To.Value.Number))
        && Scope.Covers(other.Scope);

    /// <summary>When it decides, as words; empty for always.</summary>
    public string Conditions
    {
        get
        {
            var ports =
                From is null ? ""
                : From == To ? $"port {From}"
                : $"ports {From}-{To}";
            string[] words = [ports, Protocol?.ToString().ToLowerInvariant() ?? "", .. Scope.Words];
            return string.Join(", ", words.Where(w => w.Length > 0));
        }
    }

    /// <summary>What the catalogue declares of a command.</summary>
    public static PolicyRule Of(CommandSpec spec) =>
        new([spec.Name], null, null, null, spec.Access.Who, new(spec.Access.Approvals, Role.Approver.Name()))
        {
            Place = $"help {spec.Name}",
            IsDeclared = true,
        };
}
