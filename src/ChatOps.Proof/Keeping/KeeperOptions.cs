namespace ChatOps.Proof.Keeping;

/// <summary>When a checkpoint is signed: whichever comes first, and never without new records.</summary>
/// <param name="Records">After so many records.</param>
/// <param name="Every">After so much time.</param>
public sealed record KeeperOptions(int Records, TimeSpan Every)
{
    /// <summary>256 records or 10 minutes.</summary>
    public static KeeperOptions Default { get; } = new(256, TimeSpan.FromMinutes(10));
}
