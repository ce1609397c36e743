namespace ChatOps.Storage;

/// <summary>How far the check of a log has come.</summary>
public readonly record struct LogProgress(long Verified, long Total);
