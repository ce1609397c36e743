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

    /// <summary>The pauses between tries when the service does not answer. After the last of them the caller hears of it.</summary>
    public TimeSpan[] Retries { get; init; } = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400)];

    /// <summary>How often to look for what other processes append when something has just happened, or is expected to.</summary>
    public TimeSpan PollQuick { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan PollSlow { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Lively { get; init; } = TimeSpan.FromSeconds(5);
}
