using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Azure.Storage.Blobs;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Storage;

namespace ChatOps.Azure.Blobs;

/// <summary>
/// The event log in append blobs of one container: a chain of segments, which is in one order for everybody. An append that was answered is
/// in the service, and every process that reads afterwards sees it. What was read is kept in a copy on this machine, so that only what is
/// new is fetched.
/// </summary>
internal sealed class BlobEventLog : IEventLog, IAsyncDisposable
{
    private readonly LogSegments _segments;
    private readonly LogCopy _copy;
    private readonly LogCatchUp _catchUp;
    private readonly BlobAppend _append;
    private readonly LogWatch _watch;
    private readonly BlobLogOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly AsyncSignal _news = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lazy<Task> _watching;
    private bool _disposed;

    private BlobEventLog(LogSegments segments, LogCopy copy, BlobLogOptions options, TimeProvider time)
    {
        (_segments, _copy, _options, _time) = (segments, copy, options, time);
        _catchUp = new LogCatchUp(segments, copy);
        _append = new BlobAppend(segments, copy, _catchUp, options, time);
        _watch = new LogWatch(_catchUp, copy, _news, options, time);
        _watching = new Lazy<Task>(() => Task.Run(() => _watch.RunAsync(_stop.Token)));
    }

    /// <summary>Why the log could not be looked at last time, in a few words; null when it could. Only while somebody follows.</summary>
    public string? Trouble => _watch.Trouble;

    /// <summary>
    /// How a client for a log is to be made: with the service's version that Azurite knows too, and without retries of its own, because the
    /// log knows which calls can be sent again.
    /// </summary>
    public static BlobClientOptions NewClientOptions() =>
        new(BlobClientOptions.ServiceVersion.V2025_11_05) { Retry = { MaxRetries = 0, NetworkTimeout = TimeSpan.FromSeconds(10) } };

    /// <summary>Opens the log of a container, or makes an empty one, and reads what the copy does not have.</summary>
    /// <param name="container">The container, by a client with <see cref="NewClientOptions"/>. It is made when it is not there.</param>
    /// <param name="copy">The file of the copy on this machine; its folder must be there. Without the file the whole log is read and
    /// verified.</param>
    /// <param name="options">How it behaves; the usual when null.</param>
    /// <param name="time">The clock for pauses; the system's when null.</param>
    /// <exception cref="LogCorruptException">A record cannot be trusted, or a blob is not part of a log that this program
    /// knows.</exception>
    /// <exception cref="LogUnavailableException">The service does not answer.</exception>
    /// <exception cref="IOException">The copy's file cannot be used.</exception>
    public static async Task<BlobEventLog> OpenAsync(
        BlobContainerClient container,
        string copy,
        BlobLogOptions? options = null,
        TimeProvider? time = null,
        CancellationToken cancel = default
    )
    {
        (options, time) = (options ?? BlobLogOptions.Default, time ?? TimeProvider.System);
        var segments = new LogSegments(container);
        await PatientlyAsync("opening", segments, options, time, segments.OpenAsync, cancel);
        var log = new BlobEventLog(segments, LogCopy.Open(copy, segments.Log), options, time);
        try
        {
            await log.PatientlyAsync("opening", log._catchUp.CheckLastAsync, cancel);
            await log.PatientlyAsync("opening", log._catchUp.RunAsync, cancel);
            await log.PatientlyAsync("opening", c => segments.CheckLastAsync(() => log._copy.Tail, c), cancel);
            return log;
        }
        catch
        {
            await log.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<AppendResult> AppendAsync(
        string stream,
        long expectedVersion,
        IReadOnlyList<NewRecord> records,
        CancellationToken cancel
    )
    {
        await _writing.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var result = await _append.RunAsync(stream, expectedVersion, records, cancel);
            if (result is AppendResult.Appended)
            {
                _news.Ring();
                _watch.Hurry();
            }

            return result;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Recorded> ReadStreamAsync(
        string stream,
        long afterVersion,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await CatchUpAsync(cancel);
        var last = await _copy.Reads.LastVersionAsync(stream, cancel);
        var end = afterVersion > 0 ? new StreamEnd(afterVersion, null) : StreamEnd.Empty;
        while (await _copy.Reads.OfStreamAsync(stream, end.Version, last, cancel) is { Length: > 0 } page)
        {
            foreach (var row in page)
            {
                var record = row.Open(_copy.Path);
                if (end.Fault(record.Version, record.Previous) is { } fault)
                    throw row.Corrupt(_copy.Path, fault);
                end = new StreamEnd(record.Version, record.Hash);
                yield return record;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Recorded> ReadAllAsync(long afterPosition, [EnumeratorCancellation] CancellationToken cancel)
    {
        await CatchUpAsync(cancel);
        await foreach (var record in CopiedAsync(afterPosition, cancel))
            yield return record;
    }

    /// <summary>The texts as the copy has them. To check the service's own, open the log with a copy that is not there yet.</summary>
    public async IAsyncEnumerable<RecordText> ReadTextsAsync(long afterPosition, [EnumeratorCancellation] CancellationToken cancel)
    {
        await CatchUpAsync(cancel);
        var last = await _copy.Reads.LastPositionAsync(cancel);
        while (await _copy.Reads.TextsAsync(afterPosition, last, cancel) is { Length: > 0 } page)
        {
            foreach (var text in page)
                yield return text;
            afterPosition = page[^1].Position;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Recorded> FollowAsync(long afterPosition, [EnumeratorCancellation] CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _ = _watching.Value;
        while (true)
        {
            var next = _news.Next;
            await foreach (var record in CopiedAsync(afterPosition, cancel))
            {
                yield return record;
                afterPosition = record.Position;
            }

            if (_watch.Fault is { } fault)
                ExceptionDispatchInfo.Throw(fault);
            await next.WaitAsync(cancel);
        }
    }

    /// <inheritdoc/>
    public async Task<long> HeadAsync(CancellationToken cancel)
    {
        await CatchUpAsync(cancel);
        return await _copy.Reads.LastPositionAsync(cancel);
    }

    /// <inheritdoc/>
    public async Task<Recorded?> FindAsync(string id, CancellationToken cancel)
    {
        // A record that was seen once is there for ever.
        if (await _copy.Reads.FindAsync(id, cancel) is not { } row)
        {
            await CatchUpAsync(cancel);
            row = await _copy.Reads.FindAsync(id, cancel);
        }

        return row?.Open(_copy.Path);
    }

    /// <summary>
    /// Tells that news is expected from another process: followers hear of it within some 50 ms, for a few seconds from now.
    /// </summary>
    public void Hurry() => _watch.Hurry();

    /// <summary>Stops following and closes the copy when what is under way has ended. Stop readers first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        try
        {
            if (_disposed)
                return;
            _disposed = true;
            await _stop.CancelAsync();
            if (_watching.IsValueCreated)
                await _watching.Value;
            await _copy.DisposeAsync();
            _stop.Dispose();
        }
        finally
        {
            _writing.Release();
        }
    }

    private async IAsyncEnumerable<Recorded> CopiedAsync(long after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = await _copy.Reads.LastPositionAsync(cancel);
        while (await _copy.Reads.OfAllAsync(after, last, cancel) is { Length: > 0 } page)
        {
            foreach (var row in page)
                yield return row.Open(_copy.Path);
            after = page[^1].Position;
        }
    }

    private Task CatchUpAsync(CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return PatientlyAsync("reading", _catchUp.RunAsync, cancel);
    }

    private Task PatientlyAsync(string doing, Func<CancellationToken, Task> work, CancellationToken cancel) =>
        PatientlyAsync(doing, _segments, _options, _time, work, cancel);

    private static Task PatientlyAsync(
        string doing,
        LogSegments segments,
        BlobLogOptions options,
        TimeProvider time,
        Func<CancellationToken, Task> work,
        CancellationToken cancel
    ) => AzureErrors.OutlastAsync($"{doing} the log {segments.Name}", options.BackOff, options.Retries, time, () => work(cancel), cancel);
}
