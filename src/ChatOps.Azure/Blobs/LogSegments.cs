using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage;

namespace ChatOps.Azure.Blobs;

/// <summary>
/// The segments of a log as the service has them: append blobs named <c>00000001</c>, <c>00000002</c>, ... of one container. Each says in
/// its metadata which log it belongs to and which position it begins with. Every method is one call in the usual case.
/// </summary>
internal sealed class LogSegments(BlobContainerClient container)
{
    private const string Format = "1";
    private const string FormatKey = "chatops_log";
    private const string LogKey = "log";
    private const string FirstKey = "first";

    // Larger than nearly all blocks; for one that is not, the page grows.
    private const int PageSize = 4 << 20;

    private string _log = "";

    /// <summary>Which log this is: made when its first segment was. Known after <see cref="OpenAsync"/>.</summary>
    public string Log => _log;

    public string Name => container.Uri.ToString();

    public string NameOf(int segment) => $"{Name}/{BlobName(segment)}";

    /// <summary>Finds the log, or makes an empty one where none is.</summary>
    public async Task OpenAsync(CancellationToken cancel)
    {
        var first = Client(1);
        for (var tries = 0; ; tries++)
        {
            try
            {
                var properties = await first.GetPropertiesAsync(cancellationToken: cancel);
                _log = properties.Value.BlobType == BlobType.Append && properties.Value.Metadata.TryGetValue(LogKey, out var id) ? id : "";
                Check(LogTail.Start, properties.Value.Metadata);
                return;
            }
            // A HEAD has no body that says which of them is missing.
            catch (RequestFailedException e) when (e.Status == 404 && tries < 2)
            {
                _log = Guid.NewGuid().ToString("N");
                if (!await CreateAsync(LogTail.Start, cancel))
                    await container.CreateIfNotExistsAsync(cancellationToken: cancel);
            }
        }
    }

    /// <summary>Checks that no segment is there that comes after the end, as there is when one in between is gone.</summary>
    public async Task CheckLastAsync(Func<LogTail> end, CancellationToken cancel)
    {
        var last = 0;
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancel))
            last =
                int.TryParse(blob.Name, CultureInfo.InvariantCulture, out var segment) && blob.Name == BlobName(segment)
                    ? Math.Max(last, segment)
                    : last;
        // Who went on meanwhile has closed the one that we are at.
        if (end() is var tail && last > tail.Segment && await ReadAsync(tail, cancel) is null)
            throw new LogCorruptException(
                $"{NameOf(tail.Segment)} is gone or has no end, and {BlobName(last)} is there. {StoredRow.Advice(Name)}"
            );
    }

    /// <summary>What is after a place in its segment; null when nothing is, or when the segment was not made yet.</summary>
    /// <exception cref="LogCorruptException">The segment is shorter than that, gone, or of another log.</exception>
    public async Task<LogPage?> ReadAsync(LogTail from, CancellationToken cancel)
    {
        for (var size = PageSize; ; size *= 2)
        {
            var page = await ReadAsync(from, size, cancel);
            // A block is read whole or not at all, and the largest is 100 MiB.
            if (page is null || page.IsWhole || HoldsABlock(page.Bytes.Span))
                return page;
        }
    }

    /// <summary>Appends a block if its place is the segment's end.</summary>
    /// <returns>False when the place is not its end any more, and nothing was written.</returns>
    /// <exception cref="LogCorruptException">The segment is gone.</exception>
    public async Task<bool> AppendAsync(LogTail tail, byte[] block, CancellationToken cancel)
    {
        var options = new AppendBlobAppendBlockOptions
        {
            Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = tail.Offset },
        };
        while (true)
        {
            try
            {
                using var content = new MemoryStream(block, writable: false);
                await Client(tail.Segment).AppendBlockAsync(content, options, cancel);
                return true;
            }
            catch (RequestFailedException e) when (e.Status == 412)
            {
                return false;
            }
            catch (RequestFailedException e) when (e.Status == 404 && tail.Offset == 0)
            {
                // The one before it was closed, and whoever closed it has not come to make this one.
                if (!await CreateAsync(tail, cancel))
                    throw Gone(tail, e);
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                throw Gone(tail, e);
            }
        }
    }

    // False when there is no container to make it in. One that is there already, made by somebody else, is as good.
    private async Task<bool> CreateAsync(LogTail tail, CancellationToken cancel)
    {
        var options = new AppendBlobCreateOptions
        {
            Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All },
            HttpHeaders = new BlobHttpHeaders { ContentType = "text/plain; charset=utf-8" },
            Metadata = new Dictionary<string, string>
            {
                [FormatKey] = Format,
                [LogKey] = _log,
                [FirstKey] = (tail.Position + 1).ToString(CultureInfo.InvariantCulture),
            },
        };
        try
        {
            await Client(tail.Segment).CreateAsync(options, cancel);
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.Status == 412)
        {
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            return false;
        }
        // One that may add and not overwrite is refused so, and a policy of immutability has codes of its own: all the same if the blob is
        // there.
        catch (RequestFailedException e) when (e.Status is 403 or 409)
        {
            if (!await Client(tail.Segment).ExistsAsync(cancel))
                throw;
            return true;
        }
    }

    private async Task<LogPage?> ReadAsync(LogTail from, int size, CancellationToken cancel)
    {
        // From the byte before the place, which is there: so an answer with that byte alone says that nothing is new, and the service needs
        // neither to refuse a range nor to be trusted with ETags.
        var overlap = from.Offset > 0 ? 1 : 0;
        try
        {
            var options = new BlobDownloadOptions { Range = new HttpRange(from.Offset - overlap, size + overlap) };
            var answer = (await Client(from.Segment).DownloadContentAsync(options, cancel)).Value;
            Check(from, answer.Details.Metadata);
            var length = long.Parse(answer.Details.ContentRange.Split('/')[^1], CultureInfo.InvariantCulture);
            return length > from.Offset ? new LogPage(from, answer.Content.ToMemory()[overlap..], length) : null;
        }
        catch (RequestFailedException e) when (e.Status == 416)
        {
            return from.Offset == 0
                ? null
                : throw new LogCorruptException(
                    $"{NameOf(from.Segment)} has become shorter: {Counts.Of(from.Offset, "byte")} of it had been read, with records up to position {from.Position}. {StoredRow.Advice(Name)}",
                    e
                );
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // The first segment was there when the log was opened; a later one is made by who writes into it first.
            return from is { Offset: 0, Segment: > 1 } ? null : throw Gone(from, e);
        }
    }

    private void Check(LogTail at, IDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(FormatKey, out var format) || !metadata.TryGetValue(LogKey, out var log))
            throw Refused(at, "it is a blob of something else");
        if (format != Format)
            throw Refused(at, $"it has format {format}, and this program knows {Format}; a newer version of it wrote the log");
        if (log != _log)
            throw Refused(at, $"it belongs to the log {log}, and the others to {_log}");
        var first = metadata.TryGetValue(FirstKey, out var text) ? text : "";
        if (at.Offset == 0 && first != (at.Position + 1).ToString(CultureInfo.InvariantCulture))
            throw Refused(at, $"it begins with position {first}, and {at.Position + 1} comes next");
    }

    // Or a line that is not as it should be, which the reader is to find.
    private static bool HoldsABlock(ReadOnlySpan<byte> text)
    {
        for (int length; (length = text.IndexOf((byte)'\n')) >= 0; text = text[(length + 1)..])
        {
            if (!LogLine.TryRead(text[..length], out var line) || line.Nth >= line.Count)
                return true;
        }

        return false;
    }

    private LogCorruptException Refused(LogTail at, string why) =>
        new($"{NameOf(at.Segment)} cannot be used as a segment of the log: {why}. {StoredRow.Advice(Name)}");

    private LogCorruptException Gone(LogTail at, Exception e) =>
        new($"{NameOf(at.Segment)} is gone, with records up to position {at.Position}. {StoredRow.Advice(Name)}", e);

    private AppendBlobClient Client(int segment) => container.GetAppendBlobClient(BlobName(segment));

    private static string BlobName(int segment) => segment.ToString("D8", CultureInfo.InvariantCulture);
}
