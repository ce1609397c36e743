using System.Diagnostics;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Bench;

/// <summary>
/// Appends to the log against the least that could do: one prepared INSERT of the same text into a plain table of the same folder, as
/// durable (WAL, synchronous=FULL, a transaction each). Both take turns, so that what else the disk does hits both.
/// </summary>
internal sealed class AppendBenchmark(string scratch, bool quick)
{
    private const int Block = 25;

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        await using var log = await SqliteEventLog.OpenAsync(Path.Combine(scratch, "append.db"), cancel: cancel);
        await using var bare = new SqliteConnection($"Data Source={Path.Combine(scratch, "bare.db")};Pooling=False");
        await bare.OpenAsync(cancel);
        using var setup = bare.CreateCommand();
        // The same row in the same table, without what makes it a log: no chain, no checks, no answer.
        setup.CommandText = """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            CREATE TABLE records (position INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT, version INTEGER, id TEXT UNIQUE, hash TEXT, body TEXT, UNIQUE (stream, version));
            """;
        await setup.ExecuteNonQueryAsync(cancel);
        using var insert = bare.CreateCommand();
        insert.CommandText =
            "INSERT INTO records (stream, version, id, hash, body) VALUES ($stream, $version, 'bench:' || $version, $hash, $body)";
        var (body, hash) = RecordFormat.Seal(RecordNumber(1), Stream, 1, RecordFormat.NoPrevious);
        insert.Parameters.AddWithValue("$stream", Stream);
        insert.Parameters.AddWithValue("$hash", hash);
        insert.Parameters.AddWithValue("$body", body);
        var number = insert.Parameters.AddWithValue("$version", 0);
        insert.Prepare();

        var (ours, theirs) = (new List<double>(), new List<double>());
        var version = 0;
        for (var block = -100; block < (quick ? 40 : 120); block++)
        {
            var records = Enumerable.Range(version + 1, Block).Select(n => new[] { RecordNumber(n) }).ToArray();
            var appended = Stopwatch.GetTimestamp();
            for (var i = 0; i < Block; i++, version++)
            {
                if (await log.AppendAsync(Stream, version, records[i], cancel) is not AppendResult.Appended)
                    throw new InvalidOperationException($"record {version + 1} was not appended");
            }

            var inserted = Stopwatch.GetTimestamp();
            for (var i = 0; i < Block; i++)
            {
                number.Value = version - Block + i;
                insert.ExecuteNonQuery();
            }

            // The first blocks are for the compiler.
            if (block < 0)
                continue;
            ours.Add(Stopwatch.GetElapsedTime(appended, inserted).TotalMilliseconds / Block);
            theirs.Add(Stopwatch.GetElapsedTime(inserted).TotalMilliseconds / Block);
        }

        // Of neighbours in time, because the disk is not as fast in one second as in the next.
        var share = new Figures(ours.Zip(theirs, (o, t) => t / o)).Median;
        report.Add(
            "appending events, a transaction each",
            $"{PerSecond(ours)}/s, bare SQLite {PerSecond(theirs)}/s: {share:P0}".Replace(" %", "%", StringComparison.Ordinal),
            "at least 80%",
            share >= 0.8
        );
    }

    private static string Stream { get; } = Gateway.StreamOf(GivenEdge.GatewayName);

    private static string PerSecond(IEnumerable<double> milliseconds) =>
        (1000 / new Figures(milliseconds).Median).ToString("0", System.Globalization.CultureInfo.InvariantCulture);

    private static NewRecord RecordNumber(int number) =>
        new(
            $"bench:{number:D8}",
            DateTimeOffset.UnixEpoch.AddSeconds(number),
            Actor.Configuration,
            null,
            null,
            new ExposureOpened(number, Text.Parse<PublicPort>("443"), [Text.Parse<VmEndpoint>("vm2:8443")])
        );
}
