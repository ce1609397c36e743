using System.Collections.Immutable;
using ChatOps.Core.Domain.Changes;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.Sqlite;

/// <summary>
/// Reading by pages, on a connection of its own. A page is read at once and the lock given back, so that a slow reader holds up neither
/// other readers nor the clean-up of the write-ahead log.
/// </summary>
internal sealed class SqliteReads : IAsyncDisposable
{
    private const int PageSize = 256;

    private readonly ISqliteGuard _file;
    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SqliteCommand _ofStream;
    private readonly SqliteCommand _ofAll;
    private readonly SqliteCommand _byId;
    private readonly SqliteCommand _lastOfStream;
    private readonly SqliteCommand _lastOfAll;

    public SqliteReads(ISqliteGuard file, SqliteConnection connection)
    {
        _file = file;
        _connection = connection;
        _ofStream = SqliteRows.Prepare(connection, SqliteRows.OfStream, "$stream", "$after", "$upTo", "$limit");
        _ofAll = SqliteRows.Prepare(connection, SqliteRows.OfAll, "$after", "$upTo", "$limit");
        _byId = SqliteRows.Prepare(connection, SqliteRows.ById, "$id");
        _lastOfStream = SqliteRows.Prepare(connection, "SELECT coalesce(max(version), 0) FROM records WHERE stream = $stream", "$stream");
        _lastOfAll = SqliteRows.Prepare(connection, "SELECT coalesce(max(position), 0) FROM records");
    }

    /// <summary>The version of a stream's last record; 0 when there is none.</summary>
    public Task<long> LastVersionAsync(string stream, CancellationToken cancel) =>
        InTurn(() => (long)SqliteRows.With(_lastOfStream, stream).ExecuteScalar()!, cancel);

    /// <summary>The position of the log's last record; 0 when there is none.</summary>
    public Task<long> LastPositionAsync(CancellationToken cancel) => InTurn(() => (long)_lastOfAll.ExecuteScalar()!, cancel);

    /// <summary>The next records of a stream; none when there are no more.</summary>
    public Task<StoredRow[]> OfStreamAsync(string stream, long after, long upTo, CancellationToken cancel) =>
        InTurn(() => SqliteRows.Many(SqliteRows.With(_ofStream, stream, after, upTo, PageSize)).ToArray(), cancel);

    /// <summary>The next records of all streams; none when there are no more.</summary>
    public Task<StoredRow[]> OfAllAsync(long after, long upTo, CancellationToken cancel) =>
        InTurn(() => SqliteRows.Many(SqliteRows.With(_ofAll, after, upTo, PageSize)).ToArray(), cancel);

    /// <summary>The texts of the next records of all streams; none when there are no more.</summary>
    public Task<RecordText[]> TextsAsync(long after, long upTo, CancellationToken cancel) =>
        InTurn(() => SqliteRows.Texts(SqliteRows.With(_ofAll, after, upTo, PageSize)).ToArray(), cancel);

    /// <summary>The record with this id, or null.</summary>
    public Task<StoredRow?> FindAsync(string id, CancellationToken cancel) =>
        InTurn(() => SqliteRows.One(SqliteRows.With(_byId, id)), cancel);

    /// <summary>Where each stream ended when the log was at a position.</summary>
    public Task<LogMark> MarkAsync(long position, CancellationToken cancel) =>
        InTurn(
            () =>
            {
                using var ends = SqliteRows.Prepare(
                    _connection,
                    "SELECT r.stream, r.version, r.hash FROM records r JOIN (SELECT stream, max(version) AS version FROM records WHERE position <= $position GROUP BY stream) e USING (stream, version)",
                    "$position"
                );
                using var reader = SqliteRows.With(ends, position).ExecuteReader();
                var marked = ImmutableArray.CreateBuilder<MarkedEnd>();
                while (reader.Read())
                    marked.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetString(2)));
                return new LogMark(position, marked.ToImmutable());
            },
            cancel
        );

    /// <summary>Closes the connection when the page under way is read.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        foreach (var command in new[] { _ofStream, _ofAll, _byId, _lastOfStream, _lastOfAll })
            command.Dispose();
        _connection.Dispose();
        _turn.Dispose();
    }

    private async Task<T> InTurn<T>(Func<T> read, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return _file.Guard("reading", read);
        }
        finally
        {
            _turn.Release();
        }
    }
}
