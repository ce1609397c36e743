using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.Sqlite;

/// <summary>
/// One append, one transaction. Whatever it believes of the stream's end, the insert finds out: a version or an id that is taken, also by
/// another process, writes nothing. Not safe for threads; the log lets one in at a time.
/// </summary>
internal sealed class SqliteAppend : IDisposable
{
    private const int ConstraintViolated = 19;

    // Not ON CONFLICT DO NOTHING, which would use up a position: a gap means that a record is missing.
    private const string Insert = "INSERT INTO records (stream, version, id, hash, body) VALUES ($stream, $version, $id, $hash, $body)";

    private readonly SqliteFile _file;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _look;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _last;
    private readonly Dictionary<string, StreamEnd> _ends = new(StringComparer.Ordinal);

    public SqliteAppend(SqliteFile file, SqliteConnection connection)
    {
        _file = file;
        _connection = connection;
        _begin = SqliteRows.Prepare(connection, "BEGIN IMMEDIATE");
        _look = SqliteRows.Prepare(connection, "BEGIN");
        _commit = SqliteRows.Prepare(connection, "COMMIT");
        _rollback = SqliteRows.Prepare(connection, "ROLLBACK");
        _find = SqliteRows.Prepare(connection, SqliteRows.ById, "$id");
        _last = SqliteRows.Prepare(connection, SqliteRows.LastOfStream, "$stream");
        _insert = SqliteRows.Prepare(connection, Insert, "$stream", "$version", "$id", "$hash", "$body");
    }

    /// <summary>Appends all records or none.</summary>
    public AppendResult Run(string stream, long expectedVersion, IReadOnlyList<NewRecord> records)
    {
        // One record is one statement, and that is a transaction by itself.
        var written =
            records.Count == 1 ? Write(stream, expectedVersion, records) : Within(_begin, () => WriteAll(stream, expectedVersion, records));
        if (written is not null)
        {
            if (written.Count > 0)
                _ends[stream] = new StreamEnd(written[^1].Version, written[^1].Hash);
            return new AppendResult.Appended(written);
        }

        // The stream is elsewhere, or an id is taken. Only now is it worth the time to look whether this was sent before; at one moment,
        // because the other sender may be writing.
        var (end, found) = Within(_look, () => (EndOf(stream), records.Select(r => Find(r.Id)).ToList()));
        return Resend.Earlier(stream, records, found) is { } earlier
            ? new AppendResult.Appended(earlier)
            : new AppendResult.Conflict(end.Version);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in new[] { _begin, _look, _commit, _rollback, _insert, _find, _last })
            command.Dispose();
        _connection.Dispose();
    }

    // What does not commit is rolled back: a conflict, a look, and any error, even one in the commit itself.
    private T Within<T>(SqliteCommand begin, Func<T> work)
    {
        begin.ExecuteNonQuery();
        try
        {
            return work();
        }
        finally
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                _rollback.ExecuteNonQuery();
        }
    }

    private List<Recorded>? WriteAll(string stream, long expectedVersion, IReadOnlyList<NewRecord> records)
    {
        var written = Write(stream, expectedVersion, records);
        if (written is not null)
            _commit.ExecuteNonQuery();
        return written;
    }

    // Null when a version or an id is taken; of several records some may then have been inserted, and are rolled back.
    private List<Recorded>? Write(string stream, long expectedVersion, IReadOnlyList<NewRecord> records)
    {
        var end = _ends.TryGetValue(stream, out var known) && known.Version == expectedVersion ? known : EndOf(stream);
        if (end.Version != expectedVersion)
            return null;
        var written = new List<Recorded>(records.Count);
        foreach (var record in records)
        {
            var version = end.Version + 1;
            var (body, hash) = RecordFormat.Seal(record, stream, version, end.Hash!);
            try
            {
                SqliteRows.With(_insert, stream, version, record.Id, hash, body).ExecuteNonQuery();
            }
            catch (SqliteException e) when (e.SqliteErrorCode == ConstraintViolated)
            {
                return null;
            }

            // Not RETURNING position, which costs a tenth of a whole append.
            var position = SQLitePCL.raw.sqlite3_last_insert_rowid(_connection.Handle);
            written.Add(RecordFormat.Sealed(record, position, stream, version, end.Hash!, hash));
            end = new StreamEnd(version, hash);
        }

        return written;
    }

    // The last record is read and checked.
    private StreamEnd EndOf(string stream)
    {
        if (SqliteRows.One(SqliteRows.With(_last, stream)) is not { } row)
            return StreamEnd.Empty;
        row.Open(_file.Path);
        return new StreamEnd(row.Version, row.Hash);
    }

    private Recorded? Find(string id) => SqliteRows.One(SqliteRows.With(_find, id))?.Open(_file.Path);
}
