using ChatOps.Bot.Conversation;
using ChatOps.Bot.Exports;
using ChatOps.Core.Erasure;
using ChatOps.Core.Ports;
using ChatOps.Proof.Keeping;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Local;

/// <summary>The log of the local edition with all that lies beside it: the keys of people, and what proves the log.</summary>
internal sealed class LocalLog : IAsyncDisposable
{
    private readonly SqliteEventLog _stored;
    private readonly SqlitePersonKeys _people;
    private readonly ErasableLog _events;
    private readonly Action<string> _complain;

    private LocalLog(SqliteEventLog stored, SqlitePersonKeys people, LogKeeper keeper, string exports, Action<string> complain)
    {
        (_stored, _people, _complain) = (stored, people, complain);
        _events = new ErasableLog(stored, people);
        Keeping = new LogKeeping(keeper, people, new ExportFolder(exports));
    }

    /// <summary>The log as everybody reads and writes it.</summary>
    public IEventLog Events => _events;

    /// <summary>What lies beside it.</summary>
    public LogKeeping Keeping { get; }

    /// <summary>Opens the log, and makes what is missing beside it.</summary>
    /// <param name="path">The log's file.</param>
    /// <param name="checkpoints">The file for checkpoints; null for one beside the log.</param>
    /// <param name="clock">The time.</param>
    /// <param name="complain">Hears of what goes wrong behind the scenes.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="LogCorruptException">A record cannot be trusted.</exception>
    public static async Task<LocalLog> OpenAsync(string path, string? checkpoints, TimeProvider clock, Action<string> complain, CancellationToken cancel)
    {
        var files = new ProofFiles(path);
        var stored = await SqliteEventLog.OpenAsync(path, cancel: cancel);
        SqlitePersonKeys? people = null;
        try
        {
            people = SqlitePersonKeys.Open(files.People);
            var sinks = new[] { new FileCheckpointSink(checkpoints ?? files.Checkpoints) };
            var keeper = await LogKeeper.OpenAsync(stored, files, sinks, KeeperOptions.Default, clock, complain, cancel);
            return new LocalLog(stored, people, keeper, Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "exports"), complain);
        }
        catch
        {
            if (people is not null)
                await people.DisposeAsync();
            await stored.DisposeAsync();
            throw;
        }
    }

    /// <summary>Signs checkpoints until cancelled. A log that is not what was signed before is complained of, and gets none any more.</summary>
    public Task RunAsync(CancellationToken cancel) => SignAsync(() => Keeping.Keeper.RunAsync(cancel));

    /// <summary>Signs what is new, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await SignAsync(() => Keeping.Keeper.CheckpointAsync(CancellationToken.None));
        Keeping.Keeper.Dispose();
        _events.Dispose();
        await _people.DisposeAsync();
        await _stored.DisposeAsync();
    }

    private async Task SignAsync(Func<Task> sign)
    {
        try
        {
            await sign();
        }
        catch (LogCorruptException e)
        {
            _complain(e.Message);
        }
    }
}
