using ChatOps.Hosting;

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

    /// <summary>The pauses between looks: the first when something has just come, longer ones while nothing does.</summary>
    public BackOff Looks { get; init; } = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));
}
