using System.Globalization;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Requests;
using ChatOps.Hosting;
using ChatOps.Local.Backups;
using ChatOps.Operations.Applying;
using ChatOps.Proof.Keeping;

namespace ChatOps.Local;

/// <summary>The process: reads the configuration, starts the edition, and talks.</summary>
internal static class LocalHost
{
    /// <summary>Runs until the input ends or Ctrl-C, and returns the exit code.</summary>
    public static Task<int> RunAsync(LocalOptions options) => ChatProgram.RunAsync(cancel => RunAsync(options, cancel));

    private static async Task<int> RunAsync(LocalOptions options, CancellationToken cancel)
    {
        var configuration = PolicyFile.Load(options.Policy);
        using var folder = DataFolder.Open(options.Data);
        var (log, notes) = (folder.Log, DataFolder.NotesIn(options.Data));
        var (gateways, shell, firstSteps) = options.Way.Open(options.Data, Environment.CurrentDirectory);
        var surfaces = ConsoleFrontend.Of(
            configuration,
            options.Policy,
            options.Port,
            options.Settle,
            firstSteps,
            DataFolder.TypedIn(options.Data)
        );
        using var logs = surfaces.OpenLog();
        if (options.Fresh)
        {
            SetAside(log);
            SetAside(notes);

            // Made again from the log, or by hand, and full of its names.
            foreach (var ending in new[] { "", "-wal", "-shm" })
                File.Delete(LocalServices.PastOf(log) + ending);
            File.Delete(Path.ChangeExtension(log, "start"));
            File.Delete(DataFolder.TypedIn(options.Data));
        }

        try
        {
            await using var edition = await LocalEdition.StartAsync(
                log,
                gateways,
                shell,
                configuration.Policy,
                LocalServices.Templates,
                ApplyOptions.Default,
                TimeProvider.System,
                logs,
                cancel,
                checkpoints: options.Checkpoints,
                more: builder =>
                {
                    builder.Configuration.AddEnvironmentVariables();
                    builder.Services.AddPolicyWatch(configuration).AddDiscord(notes);
                }
            );
            await using var socket = Console.IsInputRedirected
                ? null
                : await LineSocket.OpenLikeTerminalAsync(
                    SocketFile.In(options.Data),
                    configuration.Users,
                    surfaces.Otherwise,
                    edition.Core,
                    cancel
                );
            var code = await edition
                .Services.GetRequiredService<LoopEnd>()
                .WhileRunningAsync(over => surfaces.RunAsync(edition.Core, over), cancel);
            return await edition.Services.GetRequiredService<DiscordService>().IsWelcomeAsync() ? code : Math.Max(code, 1);
        }
        finally
        {
            await GatewayWay.CloseAsync(shell);
        }
    }

    private static void SetAside(string log)
    {
        var stamp = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        foreach (var ending in new[] { "", "-wal", "-shm" })
        {
            if (File.Exists(log + ending))
                File.Move(log + ending, Path.ChangeExtension(log, $"{stamp}.db{ending}"), overwrite: true);
        }

        foreach (var file in new ProofFiles(log).All.Where(File.Exists))
            File.Move(file, Path.ChangeExtension(file, $"{stamp}{Path.GetExtension(file)}"), overwrite: true);
    }
}
