using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>Where an event comes from.</summary>
/// <param name="Id">Unique for ever, and the same when the same thing arrives twice: event ids are made of it.</param>
/// <param name="Message">The chat message, or null.</param>
/// <param name="Causation">The id of the event that led here, or null.</param>
public sealed record Origin(string Id, Actor Actor, string? Message = null, string? Causation = null);
