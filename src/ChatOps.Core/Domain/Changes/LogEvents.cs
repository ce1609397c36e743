using System.Collections.Immutable;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>What happens to the log itself, and to no gateway. Its stream is <see cref="LogStream.Name"/>.</summary>
public abstract record LogEvent : GatewayEvent
{
    private protected LogEvent() { }
}

/// <summary>
/// A person's name and reasons were erased at their request: the keys that they were sealed under are destroyed. Whoever keeps opened text
/// of theirs, such as a read model, has to let go of it when this comes by.
/// </summary>
/// <param name="Platform">Where the id is valid.</param>
/// <param name="Id">The platform's id of the person, which stays in the log.</param>
/// <param name="Keys">The ids of the keys.</param>
public sealed record PersonForgotten(string Platform, string Id, ImmutableArray<string> Keys) : LogEvent
{
    /// <summary>True for the person.</summary>
    public bool Is(Actor actor) => actor.Platform == Platform && actor.Id == Id;

    /// <summary>The actor, without the name when it is the person.</summary>
    public Actor Erase(Actor actor) => Is(actor) ? actor with { Name = SealedText.Erased } : actor;
}

/// <summary>
/// Another policy file is in force. Who has changed it is not known here: whoever may write it on its machine, and nobody in the chat.
/// </summary>
/// <param name="Former">SHA-256 (hex) of the file until now.</param>
/// <param name="Hash">SHA-256 (hex) of the file from now on.</param>
/// <param name="Places">Where they differ, such as <c>rules[2].approvals</c>; never what stands there, which may name people.</param>
public sealed record PolicyChanged(string Former, string Hash, ImmutableArray<string> Places) : LogEvent;

/// <summary>Checkpoints are signed by another key from now on.</summary>
/// <param name="Former">The key until now, in its written form.</param>
/// <param name="Key">The key from now on, in its written form.</param>
public sealed record SigningKeyAnnounced(string Former, string Key) : LogEvent;
