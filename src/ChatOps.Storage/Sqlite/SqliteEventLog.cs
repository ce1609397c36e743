using System.Runtime.CompilerServices;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Storage.Sqlite;

/// <summary>
/// The event log in one SQLite file. An append that was answered is on the disk. Several processes may use the file at the same time; each
/// sees the others' records, within a second when it follows. A network file system will not do.
/// </summary>
public sealed class SqliteEventLog : IEventLog, IAsyncDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    private readonly SqliteFile _file;
    private readonly SqliteAppend _append;
    private readonly SqliteReads _reads;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly AsyncSignal _appended = new();
    private bool _disposed;
    private string? _fault;

    private SqliteEventLog(SqliteFile file, SqliteAppend append, SqliteReads reads, TimeProvider time, bool goesOn) =>
        (_file, _append, _reads, _time, GoesOn) = (file, append, reads, time, goesOn);

    /// <summary>True when it was verified from a mark on only: what is before that is still to be verified.</summary>
    public bool GoesOn { get; }

    /// <summary>Opens a log, or makes an empty one, and verifies every record that is there, or every record after a mark.</summary>
    /// <param name="path">The file; its folder must be there.</param>
    /// <param name="progress">Told every few thousand records.</param>
    /// <param name="time">The clock for looking at what other processes wrote; the system's when null.</param>
    /// <param name="from">A place up to which the log was verified before; where the log does not have what it says, all is
    /// verified.</param>
    /// <exception cref="LogCorruptException">A record cannot be trusted, or the file is not a log that this program knows.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static Task<SqliteEventLog> OpenAsync(
        string path,
        IProgress<LogProgress>? progress = null,
        TimeProvider? time = null,
        LogMark? from = null,
        CancellationToken cancel = default
    )
    {
        var file = new SqliteFile(path);
        return Task.Run(() => file.Guard("opening", () => Open(file, progress, time ?? TimeProvider.System, from, cancel)), cancel);
    }

    /// <summary>Verifies every record and the file while others read and write.</summary>
    /// <param name="progress">Told every few thousand records; may take its time.</param>
    /// <exception cref="LogCorruptException">A record cannot be trusted, or the file.</exception>
    public Task VerifyAsync(IProgress<LogProgress>? progress, CancellationToken cancel) => Task.Run(() => _file.Guard("verifying", () =>
                {
                    using var connection = _file.ConnectToRead();
                    return new SqliteVerification(_file, connection, progress).Run(null, cancel);
                }), cancel);

    /// <summary>Writes nothing any more: every append is refused with this sentence.</summary>
    public void Refuse(string fault) => Volatile.Write(ref _fault, fault);

    /// <summary>The mark of a position: what is there, for a later start to go on from.</summary>
    public Task<LogMark> MarkAsync(long position, CancellationToken cancel) => _reads.MarkAsync(position, cancel);

    /// <inheritdoc/>
    public async Task<AppendResult> AppendAsync(
        string stream,
        long expectedVersion,
        IReadOnlyList<NewRecord> records,
        CancellationToken cancel
    )
    {
        await _writing.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (Volatile.Read(ref _fault) is { } fault)
                throw new LogCorruptException(fault);
            var result = _file.Guard($"appending to {stream} in", () => _append.Run(stream, expectedVersion, records));
            if (result is AppendResult.Appended)
                _appended.Ring();
            return result;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Recorded> ReadStreamAsync(
        string stream,
        long afterVersion,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var last = await _reads.LastVersionAsync(stream, cancel);
        var end = afterVersion > 0 ? new StreamEnd(afterVersion, null) : StreamEnd.Empty;
        while (await _reads.OfStreamAsync(stream, end.Version, last, cancel) is { Length: > 0 } page)
        {
            foreach (var row in page)
            {
                var record = row.Open(_file.Path);
                if (end.Fault(record.Version, record.Previous) is { } fault)
                    throw row.Corrupt(_file.Path, fault);
                end = new StreamEnd(record.Version, record.Hash);
                yield return record;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Recorded> ReadAllAsync(long afterPosition, [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = await _reads.LastPositionAsync(cancel);
        while (await _reads.OfAllAsync(afterPosition, last, cancel) is { Length: > 0 } page)
        {
            foreach (var row in page)
            {
                yield return row.Open(_file.Path);
                afterPosition = row.Position;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordText> ReadTextsAsync(long afterPosition, [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = await _reads.LastPositionAsync(cancel);
        while (await _reads.TextsAsync(afterPosition, last, cancel) is { Length: > 0 } page)
        {
            foreach (var text in page)
                yield return text;
            afterPosition = page[^1].Position;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Recorded> FollowAsync(long afterPosition, [EnumeratorCancellation] CancellationToken cancel)
    {
        // One writer at a time holds the file, so positions become visible in their order: the last one seen is all there is to remember.
        while (true)
        {
            var next = _appended.Next;
            await foreach (var record in ReadAllAsync(afterPosition, cancel))
            {
                yield return record;
                afterPosition = record.Position;
            }

            // Either our own append, or time to look for those of other processes.
            await next.WaitAsync(PollEvery, _time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public Task<long> HeadAsync(CancellationToken cancel) => _reads.LastPositionAsync(cancel);

    /// <inheritdoc/>
    public async Task<Recorded?> FindAsync(string id, CancellationToken cancel) => (await _reads.FindAsync(id, cancel))?.Open(_file.Path);

    /// <summary>Closes the file when what is under way has ended. Stop readers first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        try
        {
            if (_disposed)
                return;
            _disposed = true;
            _append.Dispose();
            await _reads.DisposeAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    private static SqliteEventLog Open(
        SqliteFile file,
        IProgress<LogProgress>? progress,
        TimeProvider time,
        LogMark? from,
        CancellationToken cancel
    )
    {
        SQLitePCL.Batteries_V2.Init();
        var writing = file.ConnectToWrite();
        var reading = writing;
        try
        {
            reading = file.ConnectToRead();
            var goesOn = new SqliteVerification(file, reading, progress).Run(from, cancel);
            return new SqliteEventLog(file, new SqliteAppend(file, writing), new SqliteReads(file, reading), time, goesOn);
        }
        catch
        {
            reading.Dispose();
            writing.Dispose();
            throw;
        }
    }
}
