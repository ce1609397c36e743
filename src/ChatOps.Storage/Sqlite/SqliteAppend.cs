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
    private readonly SqliteFile _file;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _last;

    public SqliteAppend(SqliteFile file, SqliteConnection connection)
    {
        _file = file;
        _connection = connection;
        _begin = SqliteRows.Prepare(connection, "BEGIN IMMEDIATE");
        _commit = SqliteRows.Prepare(connection, "COMMIT");
        _rollback = SqliteRows.Prepare(connection, "ROLLBACK");
        _find = SqliteRows.Prepare(connection, SqliteRows.ById, "$id");
        _last = SqliteRows.Prepare(connection, SqliteRows.LastOfStream, "$stream");
        _insert = SqliteRows.Prepare(
            connection,
            "INSERT INTO records (stream, version, id, hash, body) VALUES ($stream, $version, $id, $hash, $body) RETURNING position",
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
        _begin.ExecuteNonQuery();
        try
        {
            var earlier = Resend.Earlier(stream, records, [.. records.Select(r => Find(r.Id))]);
            if (earlier is not null)
                return new AppendResult.Appended(earlier);
            var end = EndOf(stream);
            if (end.Version != expectedVersion)
                return new AppendResult.Conflict(end.Version);
            var written = Insert(stream, end, records);
            _commit.ExecuteNonQuery();
            return new AppendResult.Appended(written);
        }
        finally
        {
            // Everything but the commit ends here: the earlier records, a conflict, and any error, even one in the commit itself.
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                _rollback.ExecuteNonQuery();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in new[] { _begin, _commit, _rollback, _insert, _find, _last })
            command.Dispose();
        _connection.Dispose();
    }

    private List<Recorded> Insert(string stream, StreamEnd end, IReadOnlyList<NewRecord> records)
    {
        var written = new List<Recorded>(records.Count);
        foreach (var record in records)
        {
            var version = end.Version + 1;
            var (body, hash) = RecordFormat.Seal(record, stream, version, end.Hash!);
            var position = (long)SqliteRows.With(_insert, stream, version, record.Id, hash, body).ExecuteScalar()!;
            written.Add(ReadBack(record, position, body, hash));
            end = new StreamEnd(version, hash);
        }

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

    private StreamEnd EndOf(string stream) =>
        SqliteRows.One(SqliteRows.With(_last, stream)) is { } row ? StreamEnd.At(row.Open(_file.Path)) : StreamEnd.Empty;

    private Recorded? Find(string id) => SqliteRows.One(SqliteRows.With(_find, id))?.Open(_file.Path);
}
