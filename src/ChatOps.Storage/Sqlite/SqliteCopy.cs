using System.Collections.Immutable;
using System.Text.Json;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.Sqlite;

/// <summary>Copies of databases that may be in use by other processes, and what can still be read of one that is damaged.</summary>
public static class SqliteCopy
{
    private const int BusySeconds = 30;

    /// <summary>
    /// Copies a database as it is at one moment (SQLite's backup API), into one file without a write-ahead log. The copy has nothing that
    /// was deleted before but what lies in unused pages, as the original.
    /// </summary>
    /// <param name="from">The database; it may be written to meanwhile.</param>
    /// <param name="to">The file to be made, for this user alone.</param>
    /// <exception cref="IOException">It cannot be read or written, or is no database.</exception>
    public static void Make(string from, string to)
    {
        SQLitePCL.Batteries_V2.Init();
        using (
            new FileStream(
                to,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        {
            // Made before SQLite makes it, so that nobody else can read it for a moment either.
        }

        try
        {
            using var source = Open(from, SqliteOpenMode.ReadWrite);
            using var copy = Open(to, SqliteOpenMode.ReadWrite);
            source.BackupDatabase(copy);
            SqliteFile.Execute(copy, "PRAGMA journal_mode = DELETE");
        }
        catch (SqliteException e)
        {
            throw new IOException($"copying {from}: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>What is wrong with a database as a file; null for nothing.</summary>
    public static string? FaultOf(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadWrite);
            return SqliteFile.Scalar(connection, "PRAGMA integrity_check(1)") is "ok" ? null : "it is damaged";
        }
        catch (SqliteException e)
        {
            return e.Message.TrimEnd('.');
        }
    }

    /// <summary>
    /// Who was forgotten, and the hash of the first record, as far as a log can still be read at all: nothing of it is verified.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (string? First, ImmutableArray<PersonForgotten> Forgotten, long Records) Salvage(string log)
    {
        SQLitePCL.Batteries_V2.Init();
        try
        {
            using var connection = Open(log, SqliteOpenMode.ReadWrite);
            var first = SqliteFile.Scalar(connection, "SELECT hash FROM records ORDER BY position LIMIT 1") as string;
            var records = SqliteFile.Scalar(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'records'") as long? ?? 0;
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT body FROM records WHERE stream = '{LogStream.Name}' ORDER BY version";
            using var reader = command.ExecuteReader();
            var forgotten = ImmutableArray.CreateBuilder<PersonForgotten>();
            while (reader.Read())
            {
                if (RecordFormat.Open(0, reader.GetString(0), "").Event is PersonForgotten person)
                    forgotten.Add(person);
            }

            return (first, forgotten.ToImmutable(), records);
        }
        catch (Exception e) when (e is SqliteException or JsonException or FormatException)
        {
            throw new IOException($"reading {log}: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(path),
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            SqliteFile.Execute(connection, $"PRAGMA busy_timeout = {BusySeconds * 1000}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
