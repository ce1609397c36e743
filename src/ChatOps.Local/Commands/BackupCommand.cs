using System.CommandLine;
using ChatOps.Core.Domain.Values;
using ChatOps.Local.Backups;

namespace ChatOps.Local.Commands;

/// <summary><c>chatops backup FILE</c>: everything that may not be lost in one file, also while the service runs.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "the file to be made; - for the standard output" };
        var (data, policy, checkpoints) = (BackupOptions.Data(), BackupOptions.Policy(), BackupOptions.Checkpoints());
        var command = new Command(
            "backup",
            "Writes the log, its keys and all else that may not be lost into one file. The service may run meanwhile. Keep the file secret: it holds keys."
        )
        {
            file,
            data,
            policy,
            checkpoints,
        };
        command.SetAction(parsed =>
        {
            var backup = new Backup(parsed.GetValue(data)!, parsed.GetValue(policy), parsed.GetValue(checkpoints), TimeProvider.System);
            return BackupOptions.RunAsync(cancel => RunAsync(backup, parsed.GetValue(file)!, cancel));
        });
        return command;
    }

    private static async Task<int> RunAsync(Backup backup, string file, CancellationToken cancel)
    {
        var toOutput = file == "-";
        if (toOutput && !Console.IsOutputRedirected)
            throw new BackupException("not to a terminal. Next: chatops backup FILE, or pipe it into what encrypts it");
        if (!toOutput && File.Exists(file))
            throw new BackupException($"{file} is there already. Next: another name, such as one with the date");
        var manifest = await backup.MakeAsync(
            async (made, staged) =>
            {
                if (!toOutput)
                {
                    await BackupFile.WriteAsync(file, made, staged, replaces: false, cancel);
                    return;
                }

                await using var output = Console.OpenStandardOutput();
                await BackupFile.WriteAsync(output, made, staged, cancel);
            },
            cancel
        );
        var say = toOutput ? Console.Error : Console.Out;
        await say.WriteLineAsync(
            $"{(toOutput ? "standard output" : file)} · backup of {backup.Data} · {Counts.Of(manifest.Log.Records, "record")}, the names of {manifest.Log.People} {(manifest.Log.People == 1 ? "person" : "people")} · proved"
        );
        foreach (var part in manifest.Parts)
            await say.WriteLineAsync($"  {part.Name, -16} {BackupFile.SizeOf(part.Bytes), 9}  {part.What}");
        await say.WriteLineAsync(
            "It holds keys: whoever can read it can read all names and sign as this log. Next: put it on another machine, encrypted; chatops restore --check FILE"
        );
        return 0;
    }
}
