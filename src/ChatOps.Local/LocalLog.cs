using ChatOps.Bot.Conversation;
using ChatOps.Bot.Exports;
using ChatOps.Bot.Hosting;
using ChatOps.Core.Ports;
using ChatOps.Local.Backups;
using ChatOps.Proof.Keeping;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Local;

/// <summary>The log of the local edition with all that lies beside it, in files of one folder.</summary>
internal sealed partial class LocalLog : IAsyncDisposable
{
    private readonly SqliteEventLog _stored;
    private readonly SqlitePersonKeys _people;
    private readonly KeptLog _kept;

    private LocalLog(SqliteEventLog stored, SqlitePersonKeys people, KeptLog kept) => (_stored, _people, _kept) = (stored, people, kept);

    /// <summary>The log as everybody reads and writes it.</summary>
    public IEventLog Events => _kept.Events;

    /// <summary>What lies beside it.</summary>
    public LogKeeping Keeping => _kept.Keeping;

    /// <summary>Opens the log, and makes what is missing beside it.</summary>
    /// <param name="path">The log's file.</param>
    /// <param name="checkpoints">The file for checkpoints; null for one beside the log.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logs">Where it is logged what goes wrong behind the scenes.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="LogCorruptException">A record cannot be trusted.</exception>
    /// <exception cref="Bot.Configuration.ConfigurationException">What has to lie beside the log is missing or damaged, or the machine does not let it be opened.</exception>
    public static async Task<LocalLog> OpenAsync(string path, string? checkpoints, TimeProvider clock, ILoggerFactory logs, CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return await StartFault.NamedAsync(
            folder,
            async () =>
            {
                if (DataFolder.WiderThanOwner(folder) is { } wider)
                    OpenToOthers(logs.CreateLogger<LocalLog>(), wider);
                return await OpenAllAsync(path, checkpoints, clock, logs, cancel);
            }
        );
    }

    private static async Task<LocalLog> OpenAllAsync(string path, string? checkpoints, TimeProvider clock, ILoggerFactory logs, CancellationToken cancel)
    {
        var files = new ProofFiles(path);
        var stored = await SqliteEventLog.OpenAsync(path, cancel: cancel);
        SqlitePersonKeys? people = null;
        try
        {
            await BesideLog.CheckAsync(stored, files, cancel);
            people = SqlitePersonKeys.Open(files.People);
            var exports = new ExportFolder(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "exports"));
            var sinks = new[] { new FileCheckpointSink(checkpoints ?? files.Checkpoints) };
            return new LocalLog(stored, people, await KeptLog.OpenAsync(stored, people, new KeyFiles(path), files.Tree, exports, sinks, clock, logs, cancel));
        }
        catch
        {
            if (people is not null)
                await people.DisposeAsync();
            await stored.DisposeAsync();
            throw;
        }
    }

    /// <summary>Signs checkpoints until cancelled.</summary>
    public Task RunAsync(CancellationToken cancel) => _kept.RunAsync(cancel);

    /// <summary>Signs what is new, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _kept.DisposeAsync();
        await _people.DisposeAsync();
        await _stored.DisposeAsync();
    }

    [LoggerMessage(1, LogLevel.Warning, "{Problem}")]
    private static partial void OpenToOthers(ILogger log, string problem);
}
