using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>An interaction that a person has begun, and what becomes of it.</summary>
public sealed class Gesture
{
    private readonly StandInPerson _by;

    internal Gesture(StandInPerson by, Open open) => (_by, Open) = (by, open);

    /// <summary>The id of the interaction.</summary>
    public string Id => Open.Id;

    internal Open Open { get; }

    /// <summary>The first answer, as it came.</summary>
    /// <exception cref="TimeoutException">None came within 3 seconds.</exception>
    public Task<JsonObject> AnswerAsync() => Open.Answered.Task;

    /// <summary>The message that answers it, once it is no longer "thinking".</summary>
    public async Task<SeenMessage> MessageAsync()
    {
        await AnswerAsync();
        return await Eventually.ThereAsync(
            () => Open.Original is { } post && _by.Seen(Open.Room, post) is { IsLoading: false } seen ? seen : null,
            () => "the answer is still thinking, or there is no message"
        );
    }
}
