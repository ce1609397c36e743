namespace ChatOps.Storage;

/// <summary>How far the check of a log has come.</summary>
/// <param name="Verified">Records checked.</param>
/// <param name="Total">Records there are.</param>
public readonly record struct LogProgress(long Verified, long Total);
