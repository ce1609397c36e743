namespace ChatOps.Hosting;

/// <summary>How long to wait before something that was in vain is done again: twice as long each time, up to a bound.</summary>
/// <param name="first">The pause after the first time.</param>
/// <param name="longest">The bound.</param>
/// <param name="spread">
/// Takes up to half from each pause, so that those that failed together do not come back together; null to leave pauses as they are. Safe
/// for many threads when the back-off is used by many.
/// </param>
public sealed class BackOff(TimeSpan first, TimeSpan longest, Random? spread = null)
{
    /// <summary>The pause after a number of times in vain, without a success between them.</summary>
    /// <param name="times">The number, from 1.</param>
    public TimeSpan After(int times)
    {
        var pause = TimeSpan.FromTicks((long)Math.Min(longest.Ticks, first.Ticks * Math.Pow(2, times - 1)));
        return spread is null ? pause : pause * (0.5 + spread.NextDouble() / 2);
    }

    /// <summary>Waits so long.</summary>
    /// <param name="times">How many times were in vain without a success between them, from 1.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancel">Ends the wait.</param>
    public Task WaitAsync(int times, TimeProvider clock, CancellationToken cancel) => Task.Delay(After(times), clock, cancel);
}
