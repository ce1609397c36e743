using ChatOps.Core.Application.Ports;
using ChatOps.Storage;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Azure.Blobs;

/// <summary>
/// What was read of the log, in an SQLite file of this machine: a reader need not ask for anything twice, and an id is found without
/// reading the log. It is never more than a copy: delete it, and it is made again. Several processes may share one file; each step goes
/// from a place that the copy is at, and whoever finds it elsewhere looks again.
/// </summary>
internal sealed class LogCopy : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CopyFile _file;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _get;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _last;

    private LogCopy(CopyFile file, SqliteConnection connection, SqliteReads reads)
    {
        (_file, _connection, Reads) = (file, connection, reads);
        _begin = SqliteRows.Prepare(connection, "BEGIN IMMEDIATE");
        _commit = SqliteRows.Prepare(connection, "COMMIT");
        _rollback = SqliteRows.Prepare(connection, "ROLLBACK");
        _insert = SqliteRows.Prepare(
            connection,
            "INSERT INTO records (position, stream, version, id, hash, body) VALUES ($position, $stream, $version, $id, $hash, $body)",
            "$position",
            "$stream",
            "$version",
            "$id",
            "$hash",
            "$body"
        );
        _put = SqliteRows.Prepare(
            connection,
            "INSERT OR REPLACE INTO places (name, log, segment, offset, blocks, position) VALUES ($name, $log, $segment, $offset, $blocks, $position)",
            "$name",
            "$log",
            "$segment",
            "$offset",
            "$blocks",
            "$position"
        );
        _get = SqliteRows.Prepare(connection, "SELECT log, segment, offset, blocks, position FROM places WHERE name = $name", "$name");
        _find = SqliteRows.Prepare(connection, SqliteRows.ById, "$id");
        _last = SqliteRows.Prepare(connection, SqliteRows.LastOfStream, "$stream");
    }

    public required string Log { get; init; }

    public string Path => _file.Path;

    public SqliteReads Reads { get; }

    /// <summary>Opens a copy of a log; what the file has of another one is forgotten.</summary>
    public static LogCopy Open(string path, string log)
    {
        SQLitePCL.Batteries_V2.Init();
        var file = new CopyFile(path);
        return file.Guard("opening", () =>
        {
            var connection = file.Connect();
            try
            {
                var copy = new LogCopy(file, connection, new SqliteReads(file, file.Connect())) { Log = log };
                copy.ForgetOthers();
                return copy;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        });
    }

    public LogTail Tail => Under("reading", () => Place("tail") ?? LogTail.Start);

    public LogTail BeforeLast => Under("reading", () => Place("before") ?? LogTail.Start);

    /// <summary>Where a stream ends, as far as the copy goes.</summary>
    public StreamEnd EndOf(string stream) =>
        Under("reading", () =>
            SqliteRows.One(SqliteRows.With(_last, stream)) is { } row ? new StreamEnd(row.Version, row.Hash) : StreamEnd.Empty
        );

    // In this order: when another process goes on in between, the tail is the oldest, and what is sent there is refused.
    public CopyView Look(string stream, IEnumerable<string> ids) =>
        Under("reading", () =>
            new CopyView(Place("tail") ?? LogTail.Start, EndOf(stream), [.. ids.Select(id => SqliteRows.One(SqliteRows.With(_find, id)))])
        );

    /// <summary>Goes on from a place. False, and nothing is done, when the copy is elsewhere.</summary>
    /// <exception cref="LogCorruptException">An id or a version is there already.</exception>
    public bool Advance(LogTail from, LogTail beforeLast, LogTail to, IEnumerable<StoredRow> rows, string name) => Under("writing to", () =>
        {
            _begin.ExecuteNonQuery();
            try
            {
                if ((Place("tail") ?? LogTail.Start) != from)
                    return false;
                foreach (var row in rows)
                    Insert(row, name);
                Put("before", beforeLast);
                Put("tail", to);
                _commit.ExecuteNonQuery();
                return true;
            }
            finally
            {
                if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                    _rollback.ExecuteNonQuery();
            }
        });

    public async ValueTask DisposeAsync()
    {
        await Reads.DisposeAsync();
        lock (_lock)
        {
            foreach (var command in new[] { _begin, _commit, _rollback, _insert, _put, _get, _find, _last })
                command.Dispose();
            _connection.Dispose();
        }
    }

    private void Insert(StoredRow row, string name)
    {
        try
        {
            SqliteRows.With(_insert, row.Position, row.Stream, row.Version, row.Id, row.Hash, row.Body).ExecuteNonQuery();
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT)
        {
            throw row.Corrupt(name, "its id is in the log already", e);
        }
    }

    private void ForgetOthers()
    {
        _begin.ExecuteNonQuery();
        _get.Parameters[0].Value = "tail";
        if (_get.ExecuteScalar() is string log && log != Log)
            SqliteFile.Execute(_connection, "DELETE FROM records; DELETE FROM places");
        _commit.ExecuteNonQuery();
    }

    private LogTail? Place(string name)
    {
        using var reader = SqliteRows.With(_get, name).ExecuteReader();
        return reader.Read() ? new LogTail(reader.GetInt32(1), reader.GetInt64(2), reader.GetInt32(3), reader.GetInt64(4)) : null;
    }

    private void Put(string name, LogTail place) =>
        SqliteRows.With(_put, name, Log, place.Segment, place.Offset, place.Blocks, place.Position).ExecuteNonQuery();

    private T Under<T>(string doing, Func<T> work)
    {
        lock (_lock)
            return _file.Guard(doing, work);
    }
}

/// <param name="Found">For each id its row, or null.</param>
internal sealed record CopyView(LogTail Tail, StreamEnd End, IReadOnlyList<StoredRow?> Found);
