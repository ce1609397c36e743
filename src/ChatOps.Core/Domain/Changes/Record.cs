using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>An event on its way into the log.</summary>
/// <param name="Id">Unique for ever; the same id is never written twice, whoever sends it again.</param>
/// <param name="Time">When it happened, by the writer's clock.</param>
/// <param name="Message">The chat message that it came from, or null.</param>
/// <param name="Causation">The id of the event that led to this one, or null.</param>
public sealed record NewRecord(string Id, DateTimeOffset Time, Actor Actor, string? Message, string? Causation, GatewayEvent Event);

/// <summary>A record as it lies in the log, for ever. Its canonical form and its hash are made by <see cref="RecordFormat"/>.</summary>
/// <param name="Position">Its place among all records of the log, from 1; not part of the hash.</param>
/// <param name="Version">Its place in the stream, from 1, without gaps.</param>
/// <param name="Time">When it happened, UTC, to the millisecond.</param>
/// <param name="Message">The chat message that it came from, or null.</param>
/// <param name="Causation">The id of the event that led to this one, or null.</param>
/// <param name="Previous">The hash of the record before it in the stream; 64 zeros for the first.</param>
/// <param name="Hash">SHA-256, lower-case hex, of the record's canonical JSON.</param>
public sealed record Recorded(
    long Position,
    string Id,
    string Stream,
    long Version,
    DateTimeOffset Time,
    Actor Actor,
    string? Message,
    string? Causation,
    GatewayEvent Event,
    string Previous,
    string Hash
);
