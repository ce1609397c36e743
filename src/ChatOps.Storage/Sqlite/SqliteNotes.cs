using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.Sqlite;

/// <summary>
/// What a surface has to remember over a restart, as short texts by key, in a file of its own beside the log. It is no truth: whoever loses
/// it shows things anew.
/// </summary>
public sealed class SqliteNotes : IDisposable
{
    private const string Create = "CREATE TABLE IF NOT EXISTS notes (key TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;";

    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();

    private SqliteNotes(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file, or makes it, for this user alone.</summary>
    /// <exception cref="IOException">It cannot be used.</exception>
    public static SqliteNotes Open(string path)
    {
        try
        {
            OwnerFile.Make(path);
            var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Pooling = false }.ConnectionString
            );
            connection.Open();

            // A note that a power cut takes away is made again, so nobody waits for the disk.
            SqliteFile.Execute(connection, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; {Create}");
            return new SqliteNotes(connection);
        }
        catch (SqliteException e)
        {
            throw new IOException($"opening {path}: {e.Message.TrimEnd('.')}. Next: move it away; what it holds is shown anew", e);
        }
    }

    /// <summary>The note, or null.</summary>
    public string? Find(string key)
    {
        lock (_lock)
        {
            using var command = Command("SELECT text FROM notes WHERE key = $key", key);
            return (string?)command.ExecuteScalar();
        }
    }

    /// <summary>Keeps a note, in place of the former one.</summary>
    public void Put(string key, string text)
    {
        lock (_lock)
        {
            using var command = Command(
                "INSERT INTO notes (key, text) VALUES ($key, $text) ON CONFLICT (key) DO UPDATE SET text = excluded.text",
                key
            );
            command.Parameters.AddWithValue("$text", text);
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Throws all notes away.</summary>
    public void Clear()
    {
        lock (_lock)
            SqliteFile.Execute(_connection, "DELETE FROM notes");
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private SqliteCommand Command(string sql, string key)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$key", key);
        return command;
    }
}
