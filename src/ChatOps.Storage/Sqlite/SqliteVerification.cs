using ChatOps.Core.Log;
using ChatOps.Core.Ports;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.Sqlite;

/// <summary>
/// The check of every record when a log is opened. Hashing and reading a record needs nothing but the record, so a chunk is spread over
/// the processors; that each follows the one before it is looked at in order.
/// </summary>
internal sealed class SqliteVerification(SqliteFile file, SqliteConnection connection, IProgress<LogProgress>? progress)
{
    private const int ChunkSize = 4096;

    private readonly Dictionary<string, StreamEnd> _ends = new(StringComparer.Ordinal);

    /// <summary>Checks all records as they are at one moment.</summary>
    /// <exception cref="LogCorruptException">The first record that cannot be trusted.</exception>
    public void Run(CancellationToken cancel)
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        // Positions have no gaps in this file (a rolled back append gives its positions back), so a removed record leaves one.
        var total = (long)(SqliteFile.Scalar(connection, "SELECT max(seq) FROM sqlite_sequence WHERE name = 'records'") is long l ? l : 0);
        var verified = 0L;
        long? missing = null;
        using var everything = SqliteRows.Prepare(connection, SqliteRows.Everything);
        foreach (var chunk in SqliteRows.Many(everything).Chunk(ChunkSize))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var (row, record) in chunk.Zip(Open(chunk)))
            {
                Follow(row, record);
                verified++;
                if (row.Position != verified)
                    missing ??= verified;
            }

            progress?.Report(new LogProgress(verified, total));
        }

        // A record missing within its stream was found by its follower; this one had none.
        missing ??= verified < total ? verified + 1 : null;
        if (missing is not null)
            throw new LogCorruptException(
                $"{file.Path}: the record at position {missing}, the last of its stream, is missing: {total} records were written, "
                    + $"{verified} are there. {StoredRow.Advice(file.Path)}"
            );
    }

    private Recorded[] Open(StoredRow[] rows)
    {
        var records = new Recorded[rows.Length];
        var faults = new LogCorruptException?[rows.Length];
        Parallel.For(
            0,
            rows.Length,
            i =>
            {
                try
                {
                    records[i] = rows[i].Open(file.Path);
                }
                catch (LogCorruptException e)
                {
                    faults[i] = e;
                }
            }
        );
        return Array.Find(faults, f => f is not null) is { } first ? throw first : records;
    }

    private void Follow(StoredRow row, Recorded record)
    {
        var end = _ends.GetValueOrDefault(row.Stream, StreamEnd.Empty);
        if (end.Fault(record) is { } fault)
            throw row.Corrupt(file.Path, fault);
        _ends[row.Stream] = StreamEnd.At(record);
    }
}
