using ChatOps.Core.Application.Ports;
using ChatOps.Hosting;
using ChatOps.Proof.Checking;
using ChatOps.Proof.Keeping;
using ChatOps.Proof.Notes;
using ChatOps.Specs.Storage;
using ChatOps.Storage.Sqlite;
using ChatOps.Verify;
using Microsoft.Data.Sqlite;

namespace ChatOps.Specs.Proof;

/// <summary>
/// A log in a folder of its own that is kept provable, with one copy of its checkpoints beside it and one out of reach of whoever has that
/// folder. Opened for each step, as by a new process.
/// </summary>
internal sealed class AuditedLog : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TempFolder _elsewhere = new();

    public string LogFile => In("log.db");

    public ProofFiles Files => new(LogFile);

    /// <summary>The key that signs now.</summary>
    public SigningKey Key => SigningKey.Parse(File.ReadAllText(Files.Key));

    /// <summary>The checkpoints that nobody with the log's folder can touch.</summary>
    public string Elsewhere => _elsewhere.In("checkpoints");

    public List<string> Complaints { get; } = [];

    public string In(string name) => _folder.In(name);

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    public async Task<T> WithAsync<T>(Func<SqliteEventLog, CheckpointSigner, Task<T>> act, bool alsoElsewhere = true)
    {
        await using var log = await SqliteEventLog.OpenAsync(LogFile);
        ICheckpointSink[] sinks = alsoElsewhere
            ? [new FileCheckpointSink(Files.Checkpoints), new FileCheckpointSink(Elsewhere)]
            : [new FileCheckpointSink(Files.Checkpoints)];
        using var keeper = await CheckpointSigner.OpenAsync(
            log,
            new KeyFiles(LogFile),
            Files.Tree,
            sinks,
            KeeperOptions.Default,
            TimeProvider.System,
            SentenceLog.To(Complaints.Add),
            default
        );
        return await act(log, keeper);
    }

    /// <summary>Appends records to streams: <c>gw1 gw2 gw1</c>; then a checkpoint is signed.</summary>
    public Task<SignedNote?> WriteAsync(string streams) =>
        WithAsync(
            async (log, keeper) =>
            {
                await AppendAsync(log, streams);
                return await keeper.CheckpointAsync(default);
            }
        );

    public static async Task AppendAsync(SqliteEventLog log, string streams)
    {
        var count = (await log.ReadTextsAsync(0, default).CountAsync()) + 1;
        foreach (var stream in streams.Split(' '))
            await log.AppendAnyhow($"gateway/{stream}", $"id-{count++}");
    }

    public Task<Verdict> VerifyAsync() => WithAsync((_, keeper) => keeper.VerifyAsync(null, default));

    /// <summary>The log as a file for an auditor; what its keeper has elsewhere is not looked at.</summary>
    public Task<long> ExportAsync() =>
        WithAsync(
            async (_, keeper) =>
            {
                await using var file = File.Create(In("export.jsonl"));
                return await keeper.ExportAsync(file, null, default);
            },
            alsoElsewhere: false
        );

    /// <summary>What chatops-verify says of a file, with its exit code.</summary>
    public (int Code, string Said) Check(string file, params string[] more)
    {
        var said = new StringWriter();
        var code = Command.Run([file, "--key", Files.PublicKeys, .. more], said, said);
        return (code, said.ToString());
    }

    /// <summary>Edits the log's file as somebody who may do anything to it.</summary>
    public void Attack(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={LogFile};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"DROP TRIGGER IF EXISTS records_are_not_changed; DROP TRIGGER IF EXISTS records_are_not_removed; {sql}";
        command.ExecuteNonQuery();
    }
}
