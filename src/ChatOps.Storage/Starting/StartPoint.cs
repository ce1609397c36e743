using System.Collections.Immutable;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Storage.Starting;

/// <summary>What a start goes on from: what all records up to a place came to.</summary>
/// <param name="People">Whose keys the records up to there need, by the id of the key.</param>
/// <param name="Verified">When all of some records were last read and verified, and how many they were.</param>
public sealed record StartPoint(LogMark Mark, FoldedLog Folded, ImmutableDictionary<string, Actor> People, VerifiedLog Verified);

/// <summary>That a log was read from its beginning and found whole.</summary>
public sealed record VerifiedLog(long Records, DateTimeOffset At);
