using ChatOps.Bot.Conversation;
using ChatOps.Bot.Exports;
using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Ports;
using ChatOps.Proof.Keeping;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace ChatOps.Specs.Discord;

/// <summary>A log with what proves and seals it, as an edition has it.</summary>
internal sealed class ProvedLog : IAsyncDisposable
{
    private readonly SqlitePersonKeys _people;
    private readonly ErasableLog _events;

    private ProvedLog(IEventLog stored, SqlitePersonKeys people, CheckpointSigner keeper, string exports)
    {
        (_people, _events) = (people, new ErasableLog(stored, people));
        Keeping = new LogServices(keeper, people, new ExportFolder(exports));
    }

    public IEventLog Events => _events;

    public LogServices Keeping { get; }

    public static async Task<ProvedLog> OpenAsync(IEventLog stored, string path, string exports, ILoggerFactory logs)
    {
        var files = new ProofFiles(path);
        var keeper = await CheckpointSigner.OpenAsync(
            stored,
            new KeyFiles(path),
            files.Tree,
            [new FileCheckpointSink(files.Checkpoints)],
            KeeperOptions.Default,
            TimeProvider.System,
            logs,
            default
        );
        return new(stored, SqlitePersonKeys.Open(files.People), keeper, exports);
    }

    public async ValueTask DisposeAsync()
    {
        Keeping.Signer.Dispose();
        _events.Dispose();
        await _people.DisposeAsync();
    }
}
