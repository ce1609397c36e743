using System.CommandLine;

namespace ChatOps.Local.Commands;

/// <summary>The commands about backups, and about what was lost without one.</summary>
internal static class BackupCommands
{
    public static IEnumerable<Command> All() =>
        [BackupCommand.Create(), RestoreCommand.Create(), ForgetInBackupCommand.Create(), AcceptLossCommand.Create()];
}
