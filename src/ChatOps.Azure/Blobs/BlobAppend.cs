using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage;

namespace ChatOps.Azure.Blobs;

/// <summary>
/// One append: one block at the place that is believed to be the log's end, written only if it is. When it is not, somebody else was
/// faster, and the stream is looked at again. When no answer comes, the same block is sent to the same place again: only one of the two can
/// get it. Not safe for threads; the log lets one in at a time.
/// </summary>
internal sealed class BlobAppend(LogSegments segments, LogCopy copy, LogCatchUp catchUp, BlobLogOptions options, TimeProvider time)
{
    // The largest block that the service takes.
    private const int MaxBytes = 100 << 20;

    /// <summary>Appends all records or none.</summary>
    public async Task<AppendResult> RunAsync(
        string stream,
        long expectedVersion,
        IReadOnlyList<NewRecord> records,
        CancellationToken cancel
    )
    {
        // The place of a block whose answer was lost.
        LogTail? unsure = null;
        var isCurrent = false;
        for (var failures = 0; ; )
        {
            var view = copy.Look(stream, records.Select(r => r.Id));
            if (Resend.Earlier(stream, records, [.. view.Found.Select(row => row?.Open(copy.Path))]) is { } earlier)
                return new AppendResult.Appended(earlier);
            // The place went to somebody else, so the block that was sent there is not in the log, now or later.
            if (unsure is not null && unsure != view.Tail)
                unsure = null;
            try
            {
                if (view.End.Version != expectedVersion && isCurrent)
                    return new AppendResult.Conflict(view.End.Version);
                if (
                    view.End.Version == expectedVersion
                    && await TryAsync(view, stream, records, tail => unsure = tail, cancel) is { } written
                )
                    return new AppendResult.Appended(written);

                await catchUp.RunAsync(cancel);
                isCurrent = true;
            }
            catch (Exception e) when (AzureErrors.IsTransient(e, cancel))
            {
                if (++failures > options.Retries)
                    throw Unavailable(stream, unsure is not null, e);
                await options.BackOff.WaitAsync(failures, time, cancel);
                isCurrent = false;
            }
        }
    }

    // Null when the place is not the log's end.
    private async Task<Recorded[]?> TryAsync(
        CopyView view,
        string stream,
        IReadOnlyList<NewRecord> records,
        Action<LogTail> onNoAnswer,
        CancellationToken cancel
    )
    {
        var tail = view.Tail;
        var isLast = tail.Blocks + 1 >= options.BlocksPerSegment;
        var (bytes, rows, written) = LogBlock.Write(tail, stream, view.End, records, isLast);
        if (bytes.Length > MaxBytes)
            throw new InvalidOperationException(
                $"appending to {stream}: {Counts.Of(records.Count, "record")} of {bytes.Length >> 20} MiB together, and 100 MiB go into one append; nothing was written"
            );
        try
        {
            if (!await segments.AppendAsync(tail, bytes, cancel))
                return null;
        }
        catch (Exception e) when (AzureErrors.IsTransient(e, cancel) && !AzureErrors.IsUnsent(e))
        {
            onNoAnswer(tail);
            throw;
        }

        var end = new LogTail(tail.Segment, tail.Offset + bytes.Length, tail.Blocks + 1, tail.Position + records.Count);
        try
        {
            copy.Advance(tail, tail, isLast ? end.NextSegment() : end, rows, segments.NameOf(tail.Segment));
        }
        catch (IOException)
        {
            // It is saved, and that is the answer. Whoever reads next finds out what the copy has.
        }

        return written;
    }

    private LogUnavailableException Unavailable(string stream, bool mayBeSaved, Exception e) =>
        new(
            $"appending to {stream}: the log {segments.Name} does not answer ({AzureErrors.Words(e)}). "
                + (
                    mayBeSaved
                        ? "What was sent is saved or not. Next: send the same again when it is back; nothing is saved twice"
                        : "Nothing was saved. Next: send it again when it is back"
                ),
            mayBeSaved,
            e
        );
}
