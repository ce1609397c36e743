using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ChatOps.Core.Domain.Values;
using ChatOps.Local.Backups;

namespace ChatOps.Local.Commands;

/// <summary><c>chatops restore FILE</c>: proves a backup and puts it in the place of what is in the data folder.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "the backup; - for the standard input" };
        var (data, checkpoints) = (BackupOptions.Data(), BackupOptions.Checkpoints());
        var check = new Option<bool>("--check") { Description = "prove the backup and change nothing" };
        var command = new Command(
            "restore",
            "Proves a backup and puts it in the place of what is in the data folder, which is kept aside. The service must not run."
        )
        {
            file,
            data,
            checkpoints,
            check,
        };
        command.SetAction(parsed =>
            BackupOptions.RunAsync(cancel =>
                RunAsync(parsed.GetValue(file)!, parsed.GetValue(data)!, parsed.GetValue(checkpoints), parsed.GetValue(check), cancel)
            )
        );
        return command;
    }

    private static async Task<int> RunAsync(string file, string data, string? checkpoints, bool check, CancellationToken cancel)
    {
        await using var from = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        if (check)
        {
            // A folder of its own: to prove a backup nobody has to stop the service.
            var scratch = Directory.CreateTempSubdirectory("chatops-restore-").FullName;
            try
            {
                using var folder = DataFolder.Open(scratch);
                Say(await RunAsync(folder, replaces: false), file, null);
                return 0;
            }
            finally
            {
                Directory.Delete(scratch, recursive: true);
            }
        }

        using (var folder = DataFolder.Open(data))
            Say(await RunAsync(folder, replaces: true), file, data);
        return 0;

        async Task<Restored> RunAsync(DataFolder folder, bool replaces)
        {
            // What root restores belongs to whom the folder belongs to.
            Action<string> step = step =>
            {
                if (step == "proved")
                    GiveToOwner(folder.Path);
            };
            return await new Restore(folder, checkpoints is null ? [] : StagedData.NotesIn(checkpoints), TimeProvider.System).RunAsync(
                from,
                file,
                replaces,
                step,
                cancel
            );
        }
    }

    private static void Say(Restored restored, string file, string? data)
    {
        var (manifest, proved) = (restored.Manifest, restored.Proved);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{file} · {(data is null ? "proved, nothing was changed" : $"restored to {data}")} · made {manifest.Made.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC by {manifest.Program} · {Counts.Of(proved.Records, "record")}, {proved.Covered} of them under checkpoints, the names of {proved.People} people"
            )
        );
        foreach (var part in manifest.Parts)
            Console.WriteLine($"  {part.Name, -16} {BackupFile.SizeOf(part.Bytes), 9}  {part.What}");
        if (proved.Later > 0)
            Console.WriteLine(
                $"the log went on for {Counts.Of(proved.Later, "record")} after this backup, says a checkpoint from elsewhere: {(proved.Later == 1 ? "it is" : "they are")} not in it, and nothing is signed that contradicts it. Next: a newer backup, or chatops accept-loss"
            );
        foreach (var person in restored.Forgotten)
            Console.WriteLine(
                $"{person.Platform}:{person.Id} was forgotten after this backup was made{(data is null ? "" : ", and is so again")}"
            );
        if (data is null)
            return;
        if (restored.Former.Records > proved.Records)
            Console.WriteLine(
                $"the log that was here had {Counts.Of(restored.Former.Records, "record")}: the last {restored.Former.Records - proved.Records} are not in this backup"
            );
        if (restored.Former.Unread is { } unread)
            Console.WriteLine(
                $"the log that was here cannot be read ({unread}): whoever was forgotten in it after the backup was made is not known. Next: forget them again"
            );
        if (restored.Before is { } before)
            Console.WriteLine($"what was here is in {before}, with its keys. Next: delete it when it is not needed any more");
        if (manifest.Parts.Any(p => p.Name == PartNames.Policy))
            Console.WriteLine(
                $"the policy file of the backup is {Path.Combine(data, PartNames.RestoredPolicy)}; the one in force was not touched"
            );
        Console.WriteLine("Next: start the service, then status, and repair for each gateway that is not what the log says");
    }

    private static void GiveToOwner(string folder)
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        using var chown = Process.Start("chown", ["-R", $"--reference={folder}", folder]);
        chown.WaitForExit();
        if (chown.ExitCode != 0)
            throw new BackupException($"chown of {folder}: it ended with {chown.ExitCode}. Nothing was changed");
    }
}
