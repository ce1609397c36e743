using ChatOps.Core.Application.Ports;
using ChatOps.Storage;

namespace ChatOps.Azure.Blobs;

/// <summary>
/// Brings the copy to the log's end: one call when there is nothing new. What comes in is checked, each record by itself and that it
/// follows the one before it in its stream; so a copy that was made from nothing has verified the whole log.
/// </summary>
internal sealed class LogCatchUp(LogSegments segments, LogCopy copy)
{
    /// <summary>Reads what is new until there is nothing more, as of a moment after the call began.</summary>
    /// <exception cref="LogCorruptException">A record that cannot be trusted; the copy ends before its page.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (await segments.ReadAsync(copy.Tail, cancel) is { } page)
        {
            // Unless there is a next segment, nothing comes after this page as of now.
            if (await Task.Run(() => Take(page), cancel) is { } to && page.IsWhole && to.Segment == page.From.Segment)
                return;
        }
    }

    /// <summary>Checks that the last block that the copy has is still in the log: that the log has not been cut, or replaced.</summary>
    public async Task CheckLastAsync(CancellationToken cancel)
    {
        var (before, tail) = (copy.BeforeLast, copy.Tail);
        if (tail.Position == 0)
            return;
        var name = segments.NameOf(before.Segment);
        var page = await segments.ReadAsync(before, cancel);
        var rows = page?.Read(name).Rows ?? [];
        foreach (var known in await copy.Reads.OfAllAsync(before.Position, tail.Position, cancel))
        {
            if (rows.FirstOrDefault(r => r.Position == known.Position) is not { } row)
                throw known.Corrupt(name, "it is not in the log any more, and was when this program read it");
            if (row.Hash != known.Hash)
                throw known.Corrupt(name, $"it has the hash {row.Hash}, and had {known.Hash} when this program read it");
        }
    }

    // The place after what was taken; null when the copy was not at the page's place any more, and nothing was.
    private LogTail? Take(LogPage page)
    {
        var name = segments.NameOf(page.From.Segment);
        var content = page.Read(name);
        var ends = new Dictionary<string, StreamEnd>(StringComparer.Ordinal);
        for (var i = 0; i < content.Rows.Count; i++)
        {
            var row = content.Rows[i];
            var end = ends.TryGetValue(row.Stream, out var known) ? known : copy.EndOf(row.Stream);
            if (end.Fault(row.Version, content.Previous[i]) is { } fault)
            {
                // When somebody was faster, the ends are not those before the page, and say nothing about it.
                return copy.Tail != page.From ? null : throw row.Corrupt(name, fault);
            }

            ends[row.Stream] = new StreamEnd(row.Version, row.Hash);
        }

        return copy.Advance(page.From, content.BeforeLast, content.To, content.Rows, name) ? content.To : null;
    }
}
