using ChatOps.Bot.Conversation;
using ChatOps.Bot.Exports;
using ChatOps.Bot.Hosting;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Local.Backups;
using ChatOps.Proof.Keeping;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Local;

/// <summary>The log of the local edition with all that lies beside it, in files of one folder.</summary>
/// <param name="checkpoints">The file for checkpoints; null for one beside the log.</param>
/// <param name="logs">Where it is logged what goes wrong behind the scenes.</param>
/// <param name="worth">How many records a log has that is not read whole at each start.</param>
internal sealed partial class LocalLog(
    string path,
    string? checkpoints,
    TimeProvider clock,
    ILoggerFactory logs,
    long worth = LocalLog.Worth
) : IAsyncDisposable
{
    public const long Worth = 5_000;

    private readonly LocalStart _start = new(path, clock, logs.CreateLogger<LocalStart>(), worth);
    private SqliteEventLog? _stored;
    private SqlitePersonKeys? _people;
    private AuditedLog? _kept;

    /// <summary>The log as everybody reads and writes it, once it is open.</summary>
    public IEventLog Events => Kept.Events;

    public LogServices Keeping => Kept.Keeping;

    /// <summary>What the log has come to, as far as the start need not read it; null for nothing.</summary>
    public FoldedLog? Folded => _start.From?.Folded;

    private AuditedLog Kept => _kept ?? throw new InvalidOperationException("the log is not open yet");

    /// <summary>Opens the log, and makes what is missing beside it.</summary>
    /// <exception cref="LogCorruptException">A record cannot be trusted.</exception>
    /// <exception cref="Bot.Configuration.ConfigurationException">What has to lie beside the log is missing or damaged, or the machine does
    /// not let it be opened.</exception>
    public async Task OpenAsync(CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _kept = await StartFault.NamedAsync(folder, async () =>
        {
            if (DataFolder.WiderThanOwner(folder) is { } wider)
                OpenToOthers(logs.CreateLogger<LocalLog>(), wider);
            var files = new ProofFiles(path);
            _stored = await _start.OpenAsync(files.People, cancel);
            await _start.NoteAsync(await BesideLog.CheckAsync(_stored, files, _start.From, cancel), _stored, cancel);
            _people = SqlitePersonKeys.Open(files.People);
            var exports = new ExportFolder(Path.Combine(folder, "exports"));
            var sinks = new[] { new FileCheckpointSink(checkpoints ?? files.Checkpoints) };
            return await AuditedLog.OpenAsync(
                _stored,
                _people,
                new KeyFiles(path),
                files.Tree,
                exports,
                sinks,
                clock,
                logs,
                cancel,
                _start.Check
            );
        });
    }

    public Task RunAsync(CancellationToken cancel) => Kept.RunAsync(cancel);

    /// <summary>Verifies what the start did not, and keeps for the next one what the log comes to, until cancelled.</summary>
    public Task KeepStartAsync(Ledger ledger, Action<string> alert, CancellationToken cancel) =>
        _start.RunAsync(new(_stored!, Events, _people!, Keeping.Signer), ledger, alert, cancel);

    public async ValueTask DisposeAsync()
    {
        if (_kept is not null)
            await _kept.DisposeAsync();
        if (_people is not null)
            await _people.DisposeAsync();
        if (_stored is not null)
            await _stored.DisposeAsync();
    }

    [LoggerMessage(1, LogLevel.Warning, "{Problem}")]
    private static partial void OpenToOthers(ILogger log, string problem);
}
