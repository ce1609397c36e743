using System.Diagnostics;

namespace ChatOps.Core.Log;

/// <summary>
/// Appending where others append too. Each lost race means that somebody's record was written, so whoever tries on gets through in the end; what
/// ends the trying is time, and not how often others were faster.
/// </summary>
internal static class Contention
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    /// <summary>Tries until an attempt answers something else than null, which says that someone else was faster.</summary>
    /// <exception cref="TimeoutException">Others were faster for a whole minute.</exception>
    public static async Task<T> WinAsync<T>(string stream, Func<Task<T?>> attempt, CancellationToken cancel)
        where T : class
    {
        var since = Stopwatch.GetTimestamp();
        for (var lost = 1; ; lost++)
        {
            if (await attempt() is { } won)
                return won;
            if (Stopwatch.GetElapsedTime(since) > _patience)
                throw new TimeoutException($"{lost} times in {_patience.TotalSeconds:0} s someone else wrote to {stream} first; nothing was written. Next: try again");
            // Two who are equally fast must not meet for ever.
            await Task.Delay(Random.Shared.Next(Math.Min(lost, 20)), cancel);
        }
    }
}
