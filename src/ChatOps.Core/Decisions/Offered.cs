using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Decisions;

/// <summary>
/// What is offered in the place of a refused line says all that this line said: whoever pastes it opens nothing for ever that was to be
/// open for a time, and loses neither a reason nor a port.
/// </summary>
internal static class Offered
{
    /// <summary>The refusal with lines that say what the command said besides what they mend.</summary>
    public static Refusal After(ChangeCommand command, Refusal refusal) =>
        refusal with
        {
            Next = [.. refusal.Next.Select(n => Whole(command, n)).Distinct()],
        };

    private static string Whole(ChangeCommand command, string next)
    {
        if (Parser.Parse(next) is not ParseResult.Understood { Command: ChangeCommand offered } || offered.Spec.Name != command.Spec.Name)
            return next;
        if ((offered, command) is (EndpointCommand one, EndpointCommand several) && one.Endpoints.Length != several.Endpoints.Length)
            return "list";
        var whole = offered switch
        {
            Expose o => o with { Stays = o.Stays ?? StaysOf(command) },
            // Ports that were left to the service are left to it again.
            ExposeService o when command is ExposeService c && o.Endpoints.SequenceEqual(c.Endpoints) => c with
            {
                Vm = o.Vm,
                Options = o.Options,
            },
            ExposeService o => o with { Stays = o.Stays ?? StaysOf(command) },
            _ => offered,
        };
        return (whole with { Reason = command.Reason }).LineWithReason;
    }

    private static Lifetime? StaysOf(ChangeCommand command) =>
        command is Expose { Stays: var stays } ? stays : (command as ExposeService)?.Stays;
}
