namespace ChatOps.Discord;

/// <summary>How the first answer to an interaction goes out: as a callback, or as the answer to the request that brought it.</summary>
public interface IFirstAnswer
{
    /// <summary>Sends it. Call it once.</summary>
    /// <returns>The message that it made or changed, where Discord says so; else null.</returns>
    Task<RestResult<Message?>> SendAsync(InteractionResponse response, CancellationToken cancel);
}

/// <summary>Takes interactions, whichever way they came in.</summary>
public interface IInteractionHandler
{
    /// <summary>Handles one: sends the first answer within 3 seconds, and then does the rest.</summary>
    Task HandleAsync(Interaction interaction, IFirstAnswer first, CancellationToken cancel);
}

/// <summary>The first answer to an interaction that came over the gateway.</summary>
public sealed class CallbackAnswer(DiscordRest rest, Interaction interaction) : IFirstAnswer
{
    /// <inheritdoc/>
    public Task<RestResult<Message?>> SendAsync(InteractionResponse response, CancellationToken cancel) =>
        rest.AnswerAsync(interaction, response, cancel);
}
