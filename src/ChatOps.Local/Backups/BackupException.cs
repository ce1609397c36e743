namespace ChatOps.Local.Backups;

/// <summary>
/// A backup cannot be made, or is not one that can be restored; the message says why and what to do. Nothing was replaced.
/// </summary>
internal sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
