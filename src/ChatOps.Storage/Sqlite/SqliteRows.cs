using ChatOps.Core.Domain.Changes;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.Sqlite;

/// <summary>The queries over <c>records</c>, and rows out of them.</summary>
internal static class SqliteRows
{
    private const string Columns = "SELECT position, stream, version, id, hash, body FROM records";

    public const string ById = $"{Columns} WHERE id = $id";

    public const string LastOfStream = $"{Columns} WHERE stream = $stream ORDER BY version DESC LIMIT 1";

    /// <summary>Rows of a stream after one version and up to another.</summary>
    public const string OfStream =
        $"{Columns} WHERE stream = $stream AND version > $after AND version <= $upTo ORDER BY version LIMIT $limit";

    /// <summary>Rows of all streams after one position and up to another.</summary>
    public const string OfAll = $"{Columns} WHERE position > $after AND position <= $upTo ORDER BY position LIMIT $limit";

    /// <summary>A command that is compiled once, with the names of its parameters.</summary>
    public static SqliteCommand Prepare(SqliteConnection connection, string sql, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        command.Prepare();
        return command;
    }

    /// <summary>The command with the values of its parameters, in their order.</summary>
    public static SqliteCommand With(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }

    /// <summary>The first row, or null.</summary>
    public static StoredRow? One(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        return reader.Read() ? Row(reader) : null;
    }

    public static IEnumerable<StoredRow> Many(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return Row(reader);
    }

    /// <summary>All rows with their text in bytes, as they are read.</summary>
    public static IEnumerable<RecordText> Texts(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new RecordText(
                reader.GetInt64(0),
                reader.GetString(1),
                reader.GetInt64(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetFieldValue<byte[]>(5)
            );
        }
    }

    private static StoredRow Row(SqliteDataReader reader) =>
        new(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetString(4), reader.GetString(5));
}
