using ChatOps.Hosting;

namespace ChatOps.Azure.Blobs;

internal sealed record BlobLogOptions
{
    public static BlobLogOptions Default { get; } = new();

    /// <summary>After how many blocks (appends) a segment is closed. The service takes 50,000 a blob.</summary>
    public int BlocksPerSegment
    {
        get;
        init =>
            field = value is >= 1 and <= 50_000
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "expected 1 to 50000");
    } = 50_000;

    /// <summary>How often it is tried once more when the service does not answer, before the caller hears of it.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>The pauses before those.</summary>
    public BackOff BackOff { get; init; } = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1));

    /// <summary>
    /// The pauses between looks for what other processes append: the first when something has just happened, or is expected to; longer ones
    /// while nothing does.
    /// </summary>
    public BackOff Looks { get; init; } = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));

    /// <summary>How long something has just happened.</summary>
    public TimeSpan Lively { get; init; } = TimeSpan.FromSeconds(5);
}
