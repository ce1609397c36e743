using System.Collections.Immutable;
using System.Text.Json;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Words;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.ReadModels;

internal sealed class OpeningReads(ReadLock turn)
{
    private const int MostCounted = 10_000;

    private const string Columns =
        "gateway, endpoint, change, targets, state, opened, iif(state = 'closed', ended, NULL), who, approvers, why, promised, outcome, extensions";

    /// <summary>Of one endpoint, or of the two that a port is without its protocol, the newest first.</summary>
    public Task<OpeningPage> HistoryAsync(
        Name<Gateway>? gateway,
        ImmutableArray<PublicEndpoint> endpoints,
        LogSpan time,
        int page,
        int length,
        CancellationToken cancel
    ) =>
        turn.RunAsync(
            c =>
            {
                const string of =
                    "FROM openings WHERE endpoint IN ($one, $other) AND opened < $before AND ifnull(ended, $before) >= $from AND ($gateway IS NULL OR gateway = $gateway)";
                object[] values =
                [
                    endpoints[0].ToString(),
                    endpoints[^1].ToString(),
                    Millis(time.Before, long.MaxValue),
                    Millis(time.From, 0),
                    gateway?.ToString() ?? (object)DBNull.Value,
                ];
                using var counting = SqliteRows.Prepare(
                    c,
                    $"SELECT count(*) FROM (SELECT 1 {of} LIMIT {MostCounted + 1})",
                    "$one",
                    "$other",
                    "$before",
                    "$from",
                    "$gateway"
                );
                var count = (int)(long)SqliteRows.With(counting, values).ExecuteScalar()!;
                using var finding = SqliteRows.Prepare(
                    c,
                    $"SELECT {Columns} {of} ORDER BY opened DESC, id DESC LIMIT {length} OFFSET {(long)(page - 1) * length}",
                    "$one",
                    "$other",
                    "$before",
                    "$from",
                    "$gateway"
                );
                return new OpeningPage([.. Many(SqliteRows.With(finding, values))], Math.Min(count, MostCounted), count > MostCounted);
            },
            cancel
        );

    /// <summary>
    /// What was open at any moment of a time: what was open at its beginning, and what was opened since.
    /// </summary>
    /// <param name="there">The endpoints that were open at the beginning.</param>
    /// <param name="page">Which page, from 1.</param>
    public Task<OpeningPage> OpenAsync(
        Name<Gateway> gateway,
        IEnumerable<PublicEndpoint> there,
        DateTimeOffset from,
        DateTimeOffset before,
        int page,
        int length,
        CancellationToken cancel
    ) =>
        turn.RunAsync(
            c =>
            {
                // Moments of which nothing is shown but their endpoints; the rest is read for the page only.
                var found = new List<(PublicEndpoint Endpoint, long Before)>(there.Select(e => (e, Millis(from, 0))));
                using var since = SqliteRows.Prepare(
                    c,
                    $"SELECT endpoint, opened FROM openings WHERE gateway = $gateway AND opened > $from AND opened < $before AND state IN ('open', 'closed') LIMIT {MostCounted}",
                    "$gateway",
                    "$from",
                    "$before"
                );
                using (var reader = SqliteRows.With(since, gateway.ToString(), Millis(from, 0), Millis(before, 0)).ExecuteReader())
                {
                    while (reader.Read())
                        found.Add((Text.Parse<PublicEndpoint>(reader.GetString(0)), reader.GetInt64(1)));
                }

                found.Sort();
                using var one = SqliteRows.Prepare(
                    c,
                    $"SELECT {Columns} FROM openings INDEXED BY openings_of_endpoint WHERE endpoint = $endpoint AND gateway = $gateway AND opened <= $at AND state IN ('open', 'closed') ORDER BY opened DESC, id DESC LIMIT 1",
                    "$endpoint",
                    "$gateway",
                    "$at"
                );
                var shown = found
                    .Skip((page - 1) * length)
                    .Take(length)
                    .SelectMany(f => Many(SqliteRows.With(one, f.Endpoint.ToString(), gateway.ToString(), f.Before)).ToList());
                return new OpeningPage([.. shown], found.Count, false);
            },
            cancel
        );

    private static IEnumerable<Opening> Many(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new(
                Text.Parse<Name<Gateway>>(reader.GetString(0)),
                Text.Parse<PublicEndpoint>(reader.GetString(1)),
                reader.GetInt32(2),
                reader.GetString(3),
                reader.GetString(4),
                Time(reader, 5)!.Value,
                Time(reader, 6),
                reader.GetString(7),
                [.. JsonSerializer.Deserialize<string[]>(reader.GetString(8))!],
                reader.IsDBNull(9) ? null : reader.GetString(9),
                Time(reader, 10),
                reader.GetString(11),
                reader.GetString(12)
            );
        }
    }

    private static DateTimeOffset? Time(SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    private static long Millis(DateTimeOffset? time, long otherwise) => time?.ToUnixTimeMilliseconds() ?? otherwise;
}
