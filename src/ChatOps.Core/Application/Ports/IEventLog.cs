using ChatOps.Core.Domain.Changes;

namespace ChatOps.Core.Application.Ports;

/// <summary>
/// The log: the only state that matters. Records are appended, never changed. A stream has versions 1, 2, 3, ...; the log as a whole has
/// positions that grow (gaps are allowed) in the order in which records became visible.
/// </summary>
public interface IEventLog
{
    /// <summary>
    /// Appends all records or none, durably, when the stream is at <paramref name="expectedVersion"/>. When the ids are in the stream
    /// already nothing is written and the earlier records are the answer, whatever the expected version: sending twice does no harm. One
    /// that is cancelled may have been written.
    /// </summary>
    /// <exception cref="LogCorruptException">The stream's end cannot be trusted.</exception>
    /// <exception cref="LogUnavailableException">The log is out of reach; it says whether the records may be saved.</exception>
    Task<AppendResult> AppendAsync(string stream, long expectedVersion, IReadOnlyList<NewRecord> records, CancellationToken cancel);

    /// <summary>The records of one stream after a version, in order, up to what is there now.</summary>
    IAsyncEnumerable<Recorded> ReadStreamAsync(string stream, long afterVersion, CancellationToken cancel);

    /// <summary>The records of all streams after a position, in order, up to what is there now.</summary>
    IAsyncEnumerable<Recorded> ReadAllAsync(long afterPosition, CancellationToken cancel);

    /// <summary>
    /// As <see cref="ReadAllAsync"/>, and then each record that is appended, as it comes, until cancelled. While the log is out of reach it
    /// waits for it to come back; reading otherwise throws <see cref="LogUnavailableException"/>.
    /// </summary>
    IAsyncEnumerable<Recorded> FollowAsync(long afterPosition, CancellationToken cancel);

    /// <summary>
    /// As <see cref="ReadAllAsync"/>, but the texts as they are stored, unchecked: whoever reads them means to check them. They are what
    /// the hashes are over, and the leaves of the Merkle tree.
    /// </summary>
    IAsyncEnumerable<RecordText> ReadTextsAsync(long afterPosition, CancellationToken cancel) =>
        RecordText.OfAsync(ReadAllAsync(afterPosition, cancel), cancel);

    /// <summary>The position of the last record that is there now; 0 for an empty log.</summary>
    Task<long> HeadAsync(CancellationToken cancel);

    /// <summary>The record with this id, or null.</summary>
    Task<Recorded?> FindAsync(string id, CancellationToken cancel);
}

/// <summary>What an append came to.</summary>
public abstract record AppendResult
{
    private AppendResult() { }

    /// <summary>The records are in the log, written now or earlier.</summary>
    public sealed record Appended(IReadOnlyList<Recorded> Records) : AppendResult;

    /// <summary>Someone else was faster: load, decide and append again.</summary>
    public sealed record Conflict(long ActualVersion) : AppendResult;
}

/// <summary>A record is not what was written: changed, missing or unreadable. Nothing may go on over it.</summary>
public sealed class LogCorruptException(string message, Exception? inner = null) : Exception(message, inner);
