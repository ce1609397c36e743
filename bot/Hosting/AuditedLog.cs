using ChatOps.Bot.Conversation;
using ChatOps.Bot.Exports;
using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Ports;
using ChatOps.Proof.Keeping;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>A log with all that is kept beside it, wherever an edition keeps that: the keys of people, and what proves the log.</summary>
public sealed partial class AuditedLog : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ErasableLog _events;
    private readonly TimeProvider _clock;
    private readonly ILogger<AuditedLog> _log;

    private AuditedLog(
        IEventLog stored,
        IPersonKeys people,
        CheckpointSigner keeper,
        ExportFolder exports,
        StartCheck? start,
        TimeProvider clock,
        ILogger<AuditedLog> log
    )
    {
        (_clock, _log) = (clock, log);
        _events = new ErasableLog(stored, people);
        Keeping = new LogServices(keeper, people, exports, start);
    }

    /// <summary>The log as everybody reads and writes it.</summary>
    public IEventLog Events => _events;

    /// <summary>The services beside the log: signing of checkpoints, keys of people, exports.</summary>
    public LogServices Keeping { get; }

    /// <summary>Opens what lies beside a log, and makes what is missing.</summary>
    /// <param name="stored">The log; not disposed of here.</param>
    /// <param name="people">The keys of people; not disposed of here.</param>
    /// <param name="keys">The keys that sign.</param>
    /// <param name="tree">The file of the tree, which can be lost.</param>
    /// <param name="exports">The folder for files that are given away.</param>
    /// <param name="logs">Where it is logged what goes wrong behind the scenes.</param>
    /// <param name="start">What was verified when; null when all was read at the start.</param>
    public static async Task<AuditedLog> OpenAsync(
        IEventLog stored,
        IPersonKeys people,
        IKeyStore keys,
        string tree,
        ExportFolder exports,
        IReadOnlyList<ICheckpointSink> sinks,
        TimeProvider clock,
        ILoggerFactory logs,
        CancellationToken cancel,
        StartCheck? start = null
    )
    {
        var keeper = await CheckpointSigner.OpenAsync(stored, keys, tree, sinks, KeeperOptions.Default, clock, logs, cancel);
        return new AuditedLog(stored, people, keeper, exports, start, clock, logs.CreateLogger<AuditedLog>());
    }

    /// <summary>
    /// Signs checkpoints until cancelled. A log that is not what was signed before is complained of, and gets none any more.
    /// </summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!await IsOverAsync(() => Keeping.Signer.RunAsync(cancel)))
            await Task.Delay(Pause, _clock, cancel);

        // People know; what else this process does goes on.
        await Task.Delay(Timeout.Infinite, cancel);
    }

    /// <summary>Signs what is new, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await IsOverAsync(() => Keeping.Signer.CheckpointAsync(CancellationToken.None));
        Keeping.Signer.Dispose();
        _events.Dispose();
    }

    // False when it is worth another try: what could not be reached is back some time.
    private async Task<bool> IsOverAsync(Func<Task> sign)
    {
        try
        {
            await sign();
            return true;
        }
        catch (LogCorruptException e)
        {
            Untrusted(e.Message);
            return true;
        }
        catch (LogUnavailableException e)
        {
            NotSigned(e.Message);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Problem}")]
    private partial void Untrusted(string problem);

    [LoggerMessage(2, LogLevel.Warning, "no checkpoint is signed meanwhile: {Problem}")]
    private partial void NotSigned(string problem);
}
