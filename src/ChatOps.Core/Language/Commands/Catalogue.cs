using System.Collections.Immutable;

namespace ChatOps.Core.Language.Commands;

/// <summary>Every command that there is. Parser, help, policy and the command reference know a command from here only.</summary>
public static class Catalogue
{
    /// <summary>All declarations, in the order of help.</summary>
    public static ImmutableArray<CommandSpec> All { get; } =
    [
        .. Sayings.Said([
            .. ExposureCommands.All,
            .. ChangeCommands.All,
            .. RuleCommands.All,
            .. MachineCommands.All,
            .. AuditCommands.All,
            .. TimeTravelCommands.All,
            .. QuestionCommands.All,
            .. LogCommands.All,
        ]),
    ];

    /// <summary>The declaration with a name; of several forms the first.</summary>
    public static CommandSpec Named(string name) => All.First(s => s.Name == name);
}
