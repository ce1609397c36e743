using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Values;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.Sqlite;

/// <summary>
/// The check of the whole file when a log is opened: each record by itself, that it follows the one before it, and that none is gone.
/// </summary>
internal sealed class SqliteVerification(SqliteFile file, SqliteConnection connection, IProgress<LogProgress>? progress)
{
    private const int ReportEvery = 5000;

    private readonly Dictionary<string, StreamEnd> _ends = new(StringComparer.Ordinal);

    /// <summary>Checks all records as they are at one moment; those after a mark only, when the log has what the mark says.</summary>
    /// <param name="from">A place up to which they were verified before; null for none.</param>
    /// <returns>True when it went on from the mark.</returns>
    /// <exception cref="LogCorruptException">The first record that cannot be trusted, or the file.</exception>
    public bool Run(LogMark? from, CancellationToken cancel)
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        var total = SqliteFile.Scalar(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'records'") as long? ?? 0;
        var goesOn = from is not null && Has(from, total);
        var verified = goesOn ? from!.Position : 0L;
        var missing = 0L;
        using var rows = SqliteRows.Prepare(connection, SqliteRows.OfAll, "$after", "$upTo", "$limit");
        foreach (var row in SqliteRows.Many(SqliteRows.With(rows, verified, long.MaxValue, -1)))
        {
            Check(row);
            verified++;
            // A rolled back append gives its positions back, so in this file only a removed record leaves a gap.
            if (row.Position != verified && missing == 0)
                missing = verified;
            if (verified % ReportEvery != 0)
                continue;
            cancel.ThrowIfCancellationRequested();
            progress?.Report(new LogProgress(verified, total));
        }

        progress?.Report(new LogProgress(verified, total));
        if (missing > 0 || verified < total)
            throw LastOfStreamMissing(missing > 0 ? missing : verified + 1, verified, total);
        if (!goesOn)
            CheckFile();
        return goesOn;
    }

    // The last records of its streams are there as they were, and the last of them all is where it was.
    private bool Has(LogMark mark, long total)
    {
        using var last = SqliteRows.Prepare(connection, SqliteRows.OfStream, "$stream", "$after", "$upTo", "$limit");
        var highest = 0L;
        foreach (var end in mark.Ends)
        {
            if (SqliteRows.One(SqliteRows.With(last, end.Stream, end.Version - 1, end.Version, 1)) is not { } row || row.Hash != end.Hash)
                return false;
            row.Check(file.Path);
            highest = Math.Max(highest, row.Position);
        }

        if (highest != mark.Position || total < highest)
            return false;
        foreach (var end in mark.Ends)
            _ends[end.Stream] = new StreamEnd(end.Version, end.Hash);
        return true;
    }

    private void Check(StoredRow row)
    {
        var header = row.Check(file.Path);
        if (_ends.GetValueOrDefault(row.Stream, StreamEnd.Empty).Fault(header.Version, header.Previous) is { } fault)
            throw row.Corrupt(file.Path, fault);
        _ends[row.Stream] = new StreamEnd(row.Version, row.Hash);
    }

    // Had another record followed it in its stream, that one would have been named before.
    private LogCorruptException LastOfStreamMissing(long position, long verified, long total) =>
        new(
            $"{file.Path}: the record at position {position}, the last of its stream, is missing: {Counts.Of(total, "record")} {(total == 1 ? "was" : "were")} written and "
                + $"{verified} are there. {StoredRow.Advice(file.Path)}"
        );

    // The records are good; the indexes that find them must be too, or an id could be written twice.
    private void CheckFile()
    {
        if (SqliteFile.Scalar(connection, "PRAGMA integrity_check(1)") is var answer and not "ok")
            throw new LogCorruptException($"{file.Path}: the file is damaged: {answer}. {StoredRow.Advice(file.Path)}");
    }
}
