using System.Text.Json;
using ChatOps.Core.Log;
using ChatOps.Core.Ports;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.Sqlite;

/// <summary>
/// One append, one transaction. It takes the write lock first, so that what it reads of the stream's end still holds when it commits,
/// also when other processes write. Not safe for threads; the log lets one in at a time.
/// </summary>
internal sealed class SqliteAppend : IDisposable
{
    private const string InsertUnlessThere = """
        INSERT INTO records (stream, version, id, hash, body) VALUES ($stream, $version, $id, $hash, $body)
        ON CONFLICT (id) DO NOTHING
        """;

    private readonly SqliteFile _file;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _look;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _last;
    private readonly SqliteCommand _lastPlace;
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
        _lastPlace = SqliteRows.Prepare(connection, SqliteRows.LastPlaceOfStream, "$stream");
        _insert = SqliteRows.Prepare(
            connection,
            InsertUnlessThere,
            "$stream",
            "$version",
            "$id",
            "$hash",
            "$body"
        );
    }

    /// <summary>Appends all records or none.</summary>
    public AppendResult Run(string stream, long expectedVersion, IReadOnlyList<NewRecord> records)
    {
        if (Within(_begin, () => Write(stream, expectedVersion, records)) is { } written)
            return new AppendResult.Appended(written);
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
        foreach (var command in new[] { _begin, _look, _commit, _rollback, _insert, _find, _last, _lastPlace })
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

    // Null when nothing was written.
    private List<Recorded>? Write(string stream, long expectedVersion, IReadOnlyList<NewRecord> records)
    {
        var end = EndOf(stream);
        if (end.Version != expectedVersion)
            return null;
        var written = new List<Recorded>(records.Count);
        foreach (var record in records)
        {
            var version = end.Version + 1;
            var (body, hash) = RecordFormat.Seal(record, stream, version, end.Hash!);
            if (SqliteRows.With(_insert, stream, version, record.Id, hash, body).ExecuteNonQuery() == 0)
                return null;
            // Not RETURNING position, which costs a tenth of a whole append.
            var position = SQLitePCL.raw.sqlite3_last_insert_rowid(_connection.Handle);
            written.Add(ReadBack(record, position, body, hash));
            end = new StreamEnd(version, hash);
        }

        _commit.ExecuteNonQuery();
        _ends[stream] = end;
        return written;
    }

    // Before the commit: a record that this program cannot read would close the log for ever.
    private static Recorded ReadBack(NewRecord record, long position, string body, string hash)
    {
        try
        {
            return RecordFormat.Open(position, body, hash);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new InvalidOperationException($"record {record.Id} could not be read again ({e.Message}); nothing was written", e);
        }
    }

    // The last record is read and checked, unless it is still the one that was written here.
    private StreamEnd EndOf(string stream)
    {
        if (_ends.TryGetValue(stream, out var known) && known == LastPlace(stream))
            return known;
        if (SqliteRows.One(SqliteRows.With(_last, stream)) is not { } row)
            return StreamEnd.Empty;
        row.Open(_file.Path);
        return new StreamEnd(row.Version, row.Hash);
    }

    private StreamEnd LastPlace(string stream)
    {
        using var reader = SqliteRows.With(_lastPlace, stream).ExecuteReader();
        return reader.Read() ? new StreamEnd(reader.GetInt64(0), reader.GetString(1)) : StreamEnd.Empty;
    }

    private Recorded? Find(string id) => SqliteRows.One(SqliteRows.With(_find, id))?.Open(_file.Path);
}
