using System.Collections.Immutable;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Planning;
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
    /// <summary>True when this rule is for a command under this name, on this port.</summary>
    public bool IsFor(string name, PublicPort? port) =>
        Commands.Contains(name)
        && (Protocol is null || port?.Protocol == Protocol)
        && (From is null || port?.Port.Number >= From.Value.Number)
        && (To is null || port?.Port.Number <= To.Value.Number);
}

/// <summary>Who may do what, and with whose consent. What no rule and no entry of the catalogue allows is denied.</summary>
/// <param name="Rules">Exceptions from the catalogue, first match first.</param>
public sealed record ChangePolicy(ImmutableArray<PolicyRule> Rules)
{
    /// <summary>The catalogue as it stands.</summary>
    public static ChangePolicy Default { get; } = new([]);

    /// <summary>A refusal when the speaker may not give this command, or null.</summary>
    public Refusal? Refuses(Speaker speaker, Command command)
    {
        if (RulesFor(command).Select(r => r.Who).Where(w => !speaker.Has(w)).Select(w => (Role?)w).FirstOrDefault() is not { } needed)
            return null;
        var has = speaker.Roles.IsEmpty ? "no role here" : $"the role {string.Join(", ", speaker.Roles.Select(r => r.Name()))}";
        return new($"{command.Spec.Name} needs the role {needed.Name()}; {speaker.Actor.Name} has {has}.", "help");
    }

    /// <summary>The approvals that a change needs: the most that any of its ports asks for.</summary>
    public Approvals Needs(Command command)
    {
        var rule = RulesFor(command).MaxBy(r => (r.Approvals, r.Approver))!;
        return new(rule.Approvals, rule.Approver.Name());
    }

    // A command for several ports is as strictly held as each of them would be.
    private IEnumerable<PolicyRule> RulesFor(Command command) =>
        command switch
        {
            EndpointCommand { Endpoints: { IsEmpty: false } endpoints } => endpoints.SelectMany(PortsOf).Distinct().Select(p => RuleFor(command, p)),
            AddRule { Rule.OnPort: { } port } => [RuleFor(command, port)],
            _ => [RuleFor(command, null)],
        };

    private static IEnumerable<PublicPort> PortsOf(PublicEndpoint endpoint) => endpoint.Port is { } port ? [port] : [WebPorts.Http, WebPorts.Https];

    private PolicyRule RuleFor(Command command, PublicPort? port)
    {
        var access = command.Spec.Access;
        return Rules.FirstOrDefault(r => r.IsFor(command.Spec.Name, port))
            ?? new PolicyRule([command.Spec.Name], null, null, null, access.Who, access.Approvals, Role.Approver);
    }
}

/// <summary>A "no" with a sentence for a person and the lines that would work.</summary>
/// <param name="Sentence">What was expected, and what is.</param>
/// <param name="Next">Lines to type next.</param>
public sealed record Refusal(string Sentence, params ImmutableArray<string> Next);
