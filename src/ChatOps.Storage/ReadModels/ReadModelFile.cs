using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.ReadModels;

/// <summary>
/// The file of a read model: its schema, and what is done when it is missing, of another schema or damaged, which is always the same: it is
/// made anew. Nothing in it is worth more than the time that takes.
/// </summary>
internal sealed record ReadModelFile(string Path)
{
    // Any change of a table, of a term or of what a line says needs another number.
    private const int Schema = 7;
    private const int OurApplication = 0x43684F52; // "ChOR"

    private const string Create = """
        CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL, lines INTEGER NOT NULL) STRICT;
        INSERT INTO progress VALUES (1, 0, 0);
        CREATE TABLE streams (
            stream TEXT PRIMARY KEY, version INTEGER NOT NULL, hash TEXT NOT NULL, latest INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE lines (
            key INTEGER PRIMARY KEY, position INTEGER NOT NULL, gateway TEXT, change INTEGER NOT NULL, what TEXT NOT NULL, who TEXT NOT NULL,
            details TEXT NOT NULL
        ) STRICT;
        CREATE VIRTUAL TABLE terms USING fts5(words, content = '', detail = none, columnsize = 0, tokenize = 'ascii');
        CREATE TABLE names (kind TEXT NOT NULL, name TEXT NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (kind, name)) STRICT, WITHOUT ROWID;
        CREATE INDEX names_by_last ON names (kind, last);
        CREATE TABLE led (
            gateway TEXT NOT NULL, endpoint TEXT NOT NULL, vm TEXT NOT NULL, PRIMARY KEY (gateway, endpoint, vm)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE openings (
            id INTEGER PRIMARY KEY, gateway TEXT NOT NULL, endpoint TEXT NOT NULL, change INTEGER NOT NULL, targets TEXT NOT NULL,
            state TEXT NOT NULL, opened INTEGER NOT NULL, ended INTEGER, who TEXT NOT NULL, approvers TEXT NOT NULL, why TEXT, promised INTEGER,
            outcome TEXT NOT NULL, extensions TEXT NOT NULL
        ) STRICT;
        CREATE INDEX openings_of_endpoint ON openings (endpoint, gateway, opened);
        CREATE INDEX openings_in_time ON openings (gateway, opened);
        CREATE UNIQUE INDEX openings_now ON openings (gateway, endpoint) WHERE state = 'open';
        CREATE TABLE changes (
            gateway TEXT NOT NULL, number INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (gateway, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE revisions (
            gateway TEXT NOT NULL, revision INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (gateway, revision)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE snapshots (
            id INTEGER PRIMARY KEY, gateway TEXT NOT NULL, version INTEGER NOT NULL, latest INTEGER NOT NULL, state BLOB NOT NULL
        ) STRICT;
        CREATE INDEX snapshots_by_version ON snapshots (gateway, version);
        CREATE INDEX snapshots_by_time ON snapshots (gateway, latest, version);
        """;

    /// <summary>A connection to a file with our schema; a file of ours with another one, or a damaged one, is deleted first.</summary>
    /// <exception cref="IOException">The file is something else's, or cannot be opened.</exception>
    public SqliteConnection ConnectToWrite()
    {
        SQLitePCL.Batteries_V2.Init();
        try
        {
            return TryConnect() ?? MakeAnew();
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            return MakeAnew();
        }
        catch (SqliteException e)
        {
            throw new IOException(
                $"opening {Path}: {e.Message.TrimEnd('.')}. Next: look at the disk, or delete the file: it is made anew from the log",
                e
            );
        }
    }

    /// <summary>True for an error that says that the file is damaged.</summary>
    public static bool IsDamage(SqliteException e) => e.SqliteErrorCode is SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT;

    public SqliteConnection ConnectToRead()
    {
        var connection = Connect();
        SqliteFile.Execute(connection, "PRAGMA query_only = 1");
        return connection;
    }

    /// <summary>Deletes the file and makes an empty one. Nobody may be connected.</summary>
    public SqliteConnection MakeAnew()
    {
        foreach (var ending in new[] { "", "-wal", "-shm" })
            File.Delete(Path + ending);
        return TryConnect()!;
    }

    private SqliteConnection? TryConnect()
    {
        OwnerFile.Make(Path);
        var connection = Connect();
        try
        {
            // Looked at before anything is set, so that a file that is not ours stays as it is.
            var application = (long)SqliteFile.Scalar(connection, "PRAGMA application_id")!;
            var isEmpty = (long)SqliteFile.Scalar(connection, "SELECT count(*) FROM sqlite_schema")! == 0;
            if (!isEmpty && application != OurApplication)
                throw new IOException($"{Path} is a database of something else. Next: put the read model somewhere else");
            SqliteFile.Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000");
            if (isEmpty)
                SqliteFile.Execute(
                    connection,
                    $"BEGIN IMMEDIATE; {Create} PRAGMA application_id = {OurApplication}; PRAGMA user_version = {Schema}; COMMIT"
                );
            if ((long)SqliteFile.Scalar(connection, "PRAGMA user_version")! == Schema)
                return connection;
            connection.Dispose();
            return null;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection Connect()
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = System.IO.Path.GetFullPath(Path), Pooling = false };
        var connection = new SqliteConnection(settings.ConnectionString);
        connection.Open();
        SqliteFile.Execute(connection, "PRAGMA busy_timeout = 30000");
        return connection;
    }
}
