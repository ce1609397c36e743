using System.Diagnostics;
using ChatOps.Storage;

namespace ChatOps.Local;

/// <summary>
/// Keeps what is done in the background at half of one core: at each report it rests for as long as the work since the last one took.
/// </summary>
internal sealed class Pace(CancellationToken cancel) : IProgress<LogProgress>, IProgress<long>
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private long _since = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public void Report(LogProgress value) => Rest();

    /// <inheritdoc/>
    public void Report(long value) => Rest();

    private void Rest()
    {
        var worked = Stopwatch.GetElapsedTime(_since);
        cancel.WaitHandle.WaitOne(worked < Longest ? worked : Longest);
        _since = Stopwatch.GetTimestamp();
    }
}
