using System.Globalization;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Proof.Keeping;

/// <summary>What was known of a log when this program started on it without reading all of it, and what has been read since.</summary>
/// <param name="records">How many records had been read and found whole at some time before.</param>
public sealed class StartCheck(long records, DateTimeOffset at)
{
    private DateTimeOffset? _again;

    /// <summary>What is wrong with the log or with what the program started from; null as long as nothing was found.</summary>
    public string? Fault { get; private set; }

    /// <summary>What was verified when, in a sentence.</summary>
    public string Sentence =>
        Fault is not null ? $"reading all of it since the start has found: {Fault}"
        : _again is { } again
            ? $"this program started from what {Counts.Of(Records, "record")} came to; all of it was read and verified again by {Time(again)}"
        : $"this program started from what its records came to: {(records == 1 ? $"the one that there was by {Time(at)} was" : $"all {Records} that there were by {Time(at)} were")} verified then, those after it at the start, and all are being read again";

    private string Records => records.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>All was read again and is whole.</summary>
    public void Pass(DateTimeOffset now) => _again = now;

    /// <summary>Something is wrong.</summary>
    public void Fail(string fault) => Fault = fault;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
