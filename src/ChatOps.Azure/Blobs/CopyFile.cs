using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Azure.Blobs;

/// <summary>The SQLite file of a copy: connections to it, its schema, and what SQLite's errors mean for it.</summary>
internal sealed record CopyFile(string Path) : ISqliteGuard
{
    private const int Schema = 1;
    private const int OurApplication = 0x43684F6D; // "ChOm"
    private const int BusySeconds = 30;

    // What is in the log can be read again, so a power cut may take the newest rows; it cannot make the file unreadable.
    private const string Settings = "PRAGMA busy_timeout = 30000; PRAGMA synchronous = NORMAL";

    private const string Create = """
        CREATE TABLE records (
            position INTEGER PRIMARY KEY,
            stream TEXT NOT NULL,
            version INTEGER NOT NULL,
            id TEXT NOT NULL UNIQUE,
            hash TEXT NOT NULL,
            body TEXT NOT NULL,
            UNIQUE (stream, version)
        ) STRICT;
        CREATE TABLE places (
            name TEXT PRIMARY KEY,
            log TEXT NOT NULL,
            segment INTEGER NOT NULL,
            offset INTEGER NOT NULL,
            blocks INTEGER NOT NULL,
            position INTEGER NOT NULL
        ) STRICT;
        """;

    /// <summary>A connection to the file; its tables are there afterwards.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = System.IO.Path.GetFullPath(Path),
                Pooling = false,
                DefaultTimeout = BusySeconds,
            }.ConnectionString
        );
        try
        {
            connection.Open();
            SqliteFile.Execute(connection, Settings);
            // In one go, because another process may be making it at this moment.
            SqliteFile.Execute(connection, "BEGIN");
            var isNew = IsNew(connection);
            SqliteFile.Execute(connection, "COMMIT");
            if (isNew)
            {
                SqliteFile.Execute(connection, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE");
                if (IsNew(connection))
                    SqliteFile.Execute(connection, $"{Create} PRAGMA application_id = {OurApplication}; PRAGMA user_version = {Schema}");
                SqliteFile.Execute(connection, "COMMIT");
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
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
            throw new IOException(
                $"{doing} {Path}, the log's copy on this machine: {e.Message.TrimEnd('.')}. The log itself is as it was. {Advice}",
                e
            );
        }
    }

    public string Advice => $"Next: stop the program and delete {Path}; it is made again from the log";

    private bool IsNew(SqliteConnection connection)
    {
        var application = (long)SqliteFile.Scalar(connection, "PRAGMA application_id")!;
        var schema = (long)SqliteFile.Scalar(connection, "PRAGMA user_version")!;
        if (application == OurApplication && schema == Schema)
            return false;
        var isEmpty = application == 0 && (long)SqliteFile.Scalar(connection, "SELECT count(*) FROM sqlite_schema")! == 0;
        return isEmpty
            ? true
            : throw new IOException(
                $"{Path} cannot hold the log's copy: it is a file of something else, or of another version of this program. Next: name another file, or delete it"
            );
    }
}
