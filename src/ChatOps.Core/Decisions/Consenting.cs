using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Core.Decisions;

/// <summary>What consent a change that waits needs, and who besides those with the role may give or refuse it.</summary>
internal static class Consenting
{
    /// <summary>
    /// The stricter of what policy asked for when it was proposed and what it asks for now; the very object of then when that is strict
    /// enough.
    /// </summary>
    public static Approvals NeedsOf(GatewayState state, Change change, ChangePolicy policy)
    {
        var command = (Parser.Parse(change.Line) as ParseResult.Understood)?.Command as ChangeCommand;
        var now = policy.Needs(Matters.Of(state, command, change.Effects, change.At));
        return change.Needs.Implies(now) ? change.Needs : Quorum.Strictest([change.Needs, now]);
    }

    /// <summary>
    /// True for a decision that its command's usual role is not needed for: a rule names a role of the policy file's own among those that
    /// consent, or it is one's own proposal that is taken back. A rule about the command itself goes before.
    /// </summary>
    public static bool Allows(GatewayState state, Change change, ChangeDecision command, Speaker speaker, ChangePolicy policy) =>
        policy.Rules.All(r => !r.Commands.Contains(command.Spec.Name))
        && command switch
        {
            Approve or Deny => NeedsOf(state, change, policy).Places.Any(p => speaker.Roles.Contains(p) && !Role.BuiltIn.Contains(p)),
            Withdraw => change.By.IsSameAs(speaker.Actor),
            _ => false,
        };
}
