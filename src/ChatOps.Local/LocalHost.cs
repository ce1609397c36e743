using System.Globalization;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Core.Gateways;
using ChatOps.Core.Ports;
using ChatOps.Delivery.Folder;
using ChatOps.Delivery.Ssh;
using ChatOps.Functions.Apply;
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
        Directory.CreateDirectory(options.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var (gateways, shell, firstSteps) = WayTo(options);
        var surfaces = Surfaces.Of(configuration, options.Policy, options.Port, options.Settle, firstSteps);
        var log = Path.Combine(options.Data, "log.db");
        var notes = Path.Combine(options.Data, "discord.db");
        if (options.Fresh)
        {
            SetAside(log);
            SetAside(notes);
        }

        try
        {
            await using var edition = await LocalEdition.StartAsync(
                log,
                gateways,
                shell,
                configuration.Policy,
                Path.Combine(AppContext.BaseDirectory, "templates"),
                ApplyOptions.Default,
                TimeProvider.System,
                surfaces.Say,
                cancel,
                checkpoints: options.Checkpoints
            );
            return await DiscordHost.BesideAsync(configuration, Setting, edition.Core, notes, surfaces.Say, over => surfaces.RunAsync(edition.Core, over), cancel);
        }
        finally
        {
            await DisposeAsync(shell);
        }
    }

    private static (IReadOnlyList<Gateway> Gateways, IGatewayShell Shell, string? FirstSteps) WayTo(LocalOptions options)
    {
        if (options.Folder is { } folder)
            return (KnownGateways.OfFolders, new FolderGatewayShell(folder, TimeProvider.System), null);
        if (options.Lab is { } path)
        {
            var lab = LabFile.Load(path);
            return (lab.Gateways, new SshGatewayShell(lab.Access), null);
        }

        var key = KeyOf(options);
        return ([], new SshGatewayShell(new GatewayAccess(key.Identity)), new NewGateway(key, AppContext.BaseDirectory, Environment.CurrentDirectory).Text);
    }

    private static ControllerKey KeyOf(LocalOptions options)
    {
        var folder = Path.Combine(options.Data, "ssh");
        try
        {
            return options.Identity is { } identity
                ? ControllerKey.Named(identity, folder, Environment.GetEnvironmentVariable("SSH_AUTH_SOCK"))
                : ControllerKey.MakeOrLoad(folder);
        }
        catch (InvalidOperationException e)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }

    private static string? Setting(string name) => Environment.GetEnvironmentVariable(name.Replace(":", "__", StringComparison.Ordinal));

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

    private static async ValueTask DisposeAsync(IGatewayShell shell)
    {
        if (shell is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (shell as IDisposable)?.Dispose();
    }
}
