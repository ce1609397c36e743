namespace ChatOps.Azure.StorageQueue;

/// <summary>How nudges are received from a storage queue.</summary>
internal sealed record StorageQueueOptions
{
    public static StorageQueueOptions Default { get; } = new();

    /// <summary>
    /// How long a message stays invisible to others once it was taken; it is renewed meanwhile. When its taker dies it comes again after
    /// this.
    /// </summary>
    public TimeSpan Held { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often to look when something has just come.</summary>
    public TimeSpan PollQuick { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan PollSlow { get; init; } = TimeSpan.FromSeconds(1);
}
