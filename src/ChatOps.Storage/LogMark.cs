using System.Collections.Immutable;

namespace ChatOps.Storage;

/// <summary>
/// A place in a log up to which every record was verified. The chain makes the hash of each stream's last record stand for all before it.
/// </summary>
/// <param name="Position">The position of the last record.</param>
/// <param name="Ends">Where each stream ends there.</param>
public sealed record LogMark(long Position, ImmutableArray<MarkedEnd> Ends);

/// <summary>Where a stream ends.</summary>
/// <param name="Version">The version of its last record.</param>
/// <param name="Hash">The hash of that.</param>
public sealed record MarkedEnd(string Stream, long Version, string Hash);
