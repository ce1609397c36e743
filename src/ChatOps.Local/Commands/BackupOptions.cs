using System.CommandLine;
using ChatOps.Bot.Hosting;
using ChatOps.Local.Backups;
using ChatOps.Local.Serving;

namespace ChatOps.Local.Commands;

/// <summary>What the commands about backups have in common.</summary>
internal static class BackupOptions
{
    private const string UsualPolicy = "/etc/chatops-server/policy.json";

    public static Option<string> Data() =>
        new("--data")
        {
            Description = $"where the log lies; when not given, {ServeSettings.UsualData} if there is a service's log, else .run/data",
            DefaultValueFactory = _ => File.Exists(DataFolder.LogIn(ServeSettings.UsualData)) ? ServeSettings.UsualData : ".run/data",
        };

    public static Option<string> Policy() =>
        new("--policy")
        {
            Description = "who is who and who may what",
            DefaultValueFactory = _ => File.Exists(UsualPolicy) ? UsualPolicy : Path.Combine(AppContext.BaseDirectory, "policy.json"),
        };

    public static Option<string?> Checkpoints() =>
        new("--checkpoints") { Description = "the file for signed checkpoints; beside the log when not given" };

    /// <summary>Runs until it is done or Ctrl-C. 0: done; 1: it cannot be done, and a sentence says why; 2: wrong configuration.</summary>
    public static Task<int> RunAsync(Func<CancellationToken, Task<int>> run) =>
        ChatProgram.RunAsync(async cancel =>
        {
            try
            {
                return await run(cancel);
            }
            catch (Exception e) when (e is BackupException or IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 1;
            }
        });
}
