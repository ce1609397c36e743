using System.Runtime.CompilerServices;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Specs.Discord;

/// <summary>A log that can take its time, and can fail.</summary>
internal sealed class StallingLog(IEventLog log) : IEventLog
{
    /// <summary>How long an append takes.</summary>
    public TimeSpan Stall { get; set; }

    /// <summary>How long each record of a reading through all of them takes.</summary>
    public TimeSpan StallOfReading { get; set; }

    /// <summary>Why the next append fails; null when it does not.</summary>
    public Exception? Failure { get; set; }

    public async Task<AppendResult> AppendAsync(
        string stream,
        long expectedVersion,
        IReadOnlyList<NewRecord> records,
        CancellationToken cancel
    )
    {
        await Task.Delay(Stall, cancel);
        return Failure is { } failure ? throw failure : await log.AppendAsync(stream, expectedVersion, records, cancel);
    }

    public IAsyncEnumerable<Recorded> ReadStreamAsync(string stream, long afterVersion, CancellationToken cancel) =>
        log.ReadStreamAsync(stream, afterVersion, cancel);

    public async IAsyncEnumerable<Recorded> ReadAllAsync(long afterPosition, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var record in log.ReadAllAsync(afterPosition, cancel))
        {
            await Task.Delay(StallOfReading, cancel);
            yield return record;
        }
    }

    public IAsyncEnumerable<Recorded> FollowAsync(long afterPosition, CancellationToken cancel) => log.FollowAsync(afterPosition, cancel);

    public Task<long> HeadAsync(CancellationToken cancel) => log.HeadAsync(cancel);

    public Task<Recorded?> FindAsync(string id, CancellationToken cancel) => log.FindAsync(id, cancel);
}
