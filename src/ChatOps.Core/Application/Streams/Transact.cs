using System.Diagnostics;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Telemetry;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Streams;

/// <summary>
/// Loads, decides and appends, again when someone else was faster. Each lost race means that somebody's record was written, so whoever
/// tries on gets through in the end; what ends the trying is time, and not how often others were faster.
/// </summary>
internal static class Transact
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>Tries until it is written, or until there is nothing to write.</summary>
    /// <param name="decide">
    /// Told the stream's version as far as a lost race told it (0 before the first), says at which version what is to be appended; null for
    /// nothing.
    /// </param>
    /// <param name="cancel">Gives up; what is under way may have been written.</param>
    /// <returns>What is in the log now; null when nothing was to be written.</returns>
    /// <exception cref="TimeoutException">Others were faster for a whole minute.</exception>
    public static async Task<IReadOnlyList<Recorded>?> RunAsync(
        IEventLog log,
        string stream,
        Func<long, Task<Intent?>> decide,
        CancellationToken cancel
    )
    {
        var (since, end) = (Stopwatch.GetTimestamp(), 0L);
        for (var lost = 1; ; lost++)
        {
            if (await decide(end) is not { } intent)
                return null;
            switch (await AppendAsync(log, stream, intent, cancel))
            {
                case AppendResult.Appended { Records: var written }:
                    Figures.Appended(written);
                    return written;
                case AppendResult.Conflict conflict:
                    end = conflict.ActualVersion;
                    break;
            }

            if (Stopwatch.GetElapsedTime(since) > Timeout)
                throw new TimeoutException(
                    $"{Counts.Of(lost, "time")} in {Timeout.TotalSeconds:0} s someone else wrote to {stream} first; nothing was written. Next: try again"
                );

            // Two who are equally fast must not meet for ever.
            await Task.Delay(Random.Shared.Next(Math.Min(lost, 20)), cancel);
        }
    }

    private static async Task<AppendResult> AppendAsync(IEventLog log, string stream, Intent intent, CancellationToken cancel)
    {
        using var span = Spans.Step("log.append");
        var began = Stopwatch.GetTimestamp();
        try
        {
            var result = await log.AppendAsync(stream, intent.Version, intent.Records, cancel);
            Figures.Append(Stopwatch.GetElapsedTime(began), null);
            return result;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Figures.Append(Stopwatch.GetElapsedTime(began), e);
            span.Fail("appending");
            throw;
        }
    }
}

/// <param name="Records">All of them, or none.</param>
internal sealed record Intent(long Version, IReadOnlyList<NewRecord> Records);
