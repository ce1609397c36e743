using System.CommandLine;
using ChatOps.Local.Backups;

namespace ChatOps.Local.Commands;

/// <summary><c>chatops accept-loss</c>: goes on without keys that are lost for good.</summary>
internal static class AcceptLossCommand
{
    public static Command Create()
    {
        var (data, checkpoints) = (BackupOptions.Data(), BackupOptions.Checkpoints());
        var command = new Command(
            "accept-loss",
            "Goes on without keys that are lost for good: names stay erased, and a new key signs under a new name. Restore a backup instead if there is one. The service must not run."
        )
        {
            data,
            checkpoints,
        };
        command.SetAction(parsed =>
            BackupOptions.RunAsync(async cancel =>
            {
                using var folder = DataFolder.Open(parsed.GetValue(data)!);
                foreach (var line in await new LossAcceptance(folder, parsed.GetValue(checkpoints), TimeProvider.System).RunAsync(cancel))
                    Console.WriteLine(line);
                return 0;
            })
        );
        return command;
    }
}
