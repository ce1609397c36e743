using ChatOps.Core.Application.Ports;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.Sqlite;

/// <summary>The file of a log: connections to it, its schema, and what SQLite's errors mean for it.</summary>
internal sealed record SqliteFile(string Path) : ISqliteGuard
{
    private const int Schema = 1;
    private const int OurApplication = 0x43684F70; // "ChOp"
    private const int BusySeconds = 30;

    private const string Create = """
        CREATE TABLE records (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            stream TEXT NOT NULL,
            version INTEGER NOT NULL,
            id TEXT NOT NULL UNIQUE,
            hash TEXT NOT NULL,
            body TEXT NOT NULL,
            UNIQUE (stream, version)
        ) STRICT;
        CREATE TRIGGER records_are_not_changed BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;
        CREATE TRIGGER records_are_not_removed BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'records are never removed'); END;
        """;

    /// <summary>A connection to a file that is known to be a log, or new: its schema is there afterwards.</summary>
    public SqliteConnection ConnectToWrite()
    {
        OwnerFile.Make(Path);
        var connection = Connect();
        try
        {
            // Looked at before anything is set, so that a file that is not ours stays as it is; and in one go, because another process may
            // be making the log at this moment.
            Execute(connection, "BEGIN");
            var isNew = IsNew(connection);
            Execute(connection, "COMMIT");
            if (isNew)
            {
                Execute(connection, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE");
                if (IsNew(connection))
                    Execute(connection, $"{Create} PRAGMA application_id = {OurApplication}; PRAGMA user_version = {Schema}");
                Execute(connection, "COMMIT");
            }

            if (Scalar(connection, "PRAGMA journal_mode = WAL") is not "wal")
                throw new IOException($"opening {Path}: its file system cannot hold a write-ahead log. Next: put it on a local disk");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public SqliteConnection ConnectToRead()
    {
        var connection = Connect();
        Execute(connection, "PRAGMA query_only = 1");
        return connection;
    }

    /// <inheritdoc/>
    public T Guard<T>(string doing, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e)
        {
            throw e.SqliteErrorCode switch
            {
                SQLitePCL.raw.SQLITE_NOTADB => Refused("it is not an SQLite database", e),
                SQLitePCL.raw.SQLITE_CORRUPT => Refused($"the file is damaged ({e.Message.TrimEnd('.')})", e),
                SQLitePCL.raw.SQLITE_BUSY => new IOException(
                    $"{doing} {Path}: another process has kept it locked for {BusySeconds} s; nothing was written. Next: try again",
                    e
                ),
                _ => new IOException($"{doing} {Path}: {e.Message.TrimEnd('.')}; nothing was written", e),
            };
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private SqliteConnection Connect()
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = System.IO.Path.GetFullPath(Path),
            Pooling = false,
            DefaultTimeout = BusySeconds,
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        connection.Open();
        // SQLite's own wait tries again after a millisecond or two; the provider's, which would come after it, only after 150.
        Execute(connection, $"PRAGMA busy_timeout = {BusySeconds * 1000}; PRAGMA synchronous = FULL");
        return connection;
    }

    private bool IsNew(SqliteConnection connection)
    {
        var application = (long)Scalar(connection, "PRAGMA application_id")!;
        var schema = (long)Scalar(connection, "PRAGMA user_version")!;
        if (application == OurApplication && schema == Schema)
            return false;
        if (application == OurApplication)
            throw Refused($"it has schema {schema}, and this program knows {Schema}; a newer version of it wrote the file");
        var isEmpty = (long)Scalar(connection, "SELECT count(*) FROM sqlite_schema")! == 0;
        return isEmpty ? true : throw Refused("it is a database of something else");
    }

    private LogCorruptException Refused(string why, Exception? inner = null) =>
        new($"{Path} cannot be used as an event log: {why}. {StoredRow.Advice(Path)}", inner);
}
