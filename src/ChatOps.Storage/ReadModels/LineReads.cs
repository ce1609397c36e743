using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.ReadModels;

/// <summary>Finds lines. No question costs more than the lines that it shows and a bounded count, however long the log is.</summary>
internal sealed class LineReads(ReadLock turn)
{
    private const int MostCounted = 10_000;
    private const int BatchSize = 500;
    private const int MostNames = 2_000;
    private const string Columns = "l.key, l.position, l.gateway, l.change, l.what, l.who, l.details";

    /// <summary>One page, the newest page first.</summary>
    public Task<AuditPage> FindAsync(AuditSearch search, int page, int length, CancellationToken cancel) =>
        turn.RunAsync(
            c =>
            {
                var keys = KeysOf(search);
                using var counting = Prepare(c, search, $"SELECT count(*) FROM (SELECT 1 FROM {keys} LIMIT {MostCounted + 1})");
                var count = (int)(long)counting.ExecuteScalar()!;

                // A page is whole from the newest line on; what is not counted is not shown either.
                var skipped = (long)(page - 1) * length;
                if (skipped >= Math.Min(count, MostCounted))
                    return new AuditPage([], Math.Min(count, MostCounted), count > MostCounted);
                using var finding = Prepare(c, search, $"SELECT key FROM {keys} ORDER BY key DESC LIMIT {length} OFFSET {skipped}");
                return new AuditPage([.. Lines(c, Keys(finding)).Reverse()], Math.Min(count, MostCounted), count > MostCounted);
            },
            cancel
        );

    /// <summary>All lines, oldest first.</summary>
    public async IAsyncEnumerable<AuditLine> ReadAsync(AuditSearch search, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var next = search;
            var lines = await turn.RunAsync(
                c =>
                {
                    using var finding = Prepare(c, next, $"SELECT key FROM {KeysOf(next)} ORDER BY key LIMIT {BatchSize}");
                    return Lines(c, Keys(finding)).ToList();
                },
                cancel
            );
            foreach (var line in lines)
                yield return line;
            if (lines.Count < BatchSize)
                yield break;
            search = search with { AfterKey = lines[^1].Key };
        }
    }

    public Task<Vocabulary> VocabularyAsync(CancellationToken cancel) =>
        turn.RunAsync(c => new Vocabulary(Names(c, "gateway"), Names(c, "name"), Names(c, "person"), Names(c, "endpoint")), cancel);

    private static ImmutableArray<string> Names(SqliteConnection connection, string kind)
    {
        using var command = SqliteRows.Prepare(
            connection,
            $"SELECT name FROM names WHERE kind = $kind ORDER BY last DESC LIMIT {MostNames}",
            "$kind"
        );
        using var reader = SqliteRows.With(command, kind).ExecuteReader();
        var names = ImmutableArray.CreateBuilder<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names.ToImmutable();
    }

    // The full-text index keeps its keys in order in both directions, so a page is read from its end without sorting.
    private static string KeysOf(AuditSearch search) =>
        Terms.QueryOf(search).Length == 0
            ? "(SELECT key FROM lines WHERE key >= $first AND key < $end)"
            : "(SELECT rowid AS key FROM terms WHERE terms MATCH $query AND rowid >= $first AND rowid < $end)";

    private static SqliteCommand Prepare(SqliteConnection connection, AuditSearch search, string sql)
    {
        var first = search.Time.From is { } from ? LineRows.KeyOf(from) : 0;
        var end = search.Time.Before is { } before ? LineRows.KeyOf(before) : long.MaxValue;
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$query", Terms.QueryOf(search));
        command.Parameters.AddWithValue("$first", Math.Max(first, search.AfterKey + 1));
        command.Parameters.AddWithValue("$end", end);
        return command;
    }

    private static List<long> Keys(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        var keys = new List<long>();
        while (reader.Read())
            keys.Add(reader.GetInt64(0));
        return keys;
    }

    private static IEnumerable<AuditLine> Lines(SqliteConnection connection, List<long> keys)
    {
        using var command = SqliteRows.Prepare(connection, $"SELECT {Columns} FROM lines l WHERE l.key = $key", "$key");
        foreach (var key in keys)
        {
            using var reader = SqliteRows.With(command, key).ExecuteReader();
            if (reader.Read())
                yield return Line(reader);
        }
    }

    private static AuditLine Line(SqliteDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetInt64(1),
            LineRows.TimeOf(reader.GetInt64(0)),
            reader.IsDBNull(2) ? null : Text.Parse<Name<Gateway>>(reader.GetString(2)),
            reader.GetInt32(3),
            reader.GetString(4),
            reader.GetString(5),
            reader.GetString(6)
        );
}
