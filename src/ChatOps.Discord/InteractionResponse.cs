using System.Collections.Immutable;

namespace ChatOps.Discord;

/// <summary>
/// The first answer to an interaction. There is exactly one, within 3 seconds; everything later is an edit of it or a follow-up.
/// </summary>
public abstract record InteractionResponse
{
    private InteractionResponse() { }

    /// <summary>Yes, the endpoint is here.</summary>
    public sealed record Pong : InteractionResponse;

    /// <summary>Answers with a message.</summary>
    public sealed record Say(MessagePayload Message) : InteractionResponse;

    /// <summary>A message will come: until then the person sees that the bot is thinking.</summary>
    /// <param name="IsEphemeral">True when only the person may see it, now and when it is edited.</param>
    public sealed record SayLater(bool IsEphemeral) : InteractionResponse;

    /// <summary>
    /// The message that the button is on will be edited, or not; the person sees nothing meanwhile. Buttons and their forms only.
    /// </summary>
    public sealed record EditLater : InteractionResponse;

    /// <summary>The message that the button is on becomes this one. Buttons and their forms only.</summary>
    public sealed record Edit(MessagePayload Message) : InteractionResponse;

    /// <summary>What could be typed. Autocomplete only.</summary>
    /// <param name="Choices">At most 25.</param>
    public sealed record Suggest(params ImmutableArray<Choice> Choices) : InteractionResponse;

    /// <summary>A form to fill in. Not after a form.</summary>
    public sealed record Ask(Form Form) : InteractionResponse;
}

/// <summary>Something to choose.</summary>
/// <param name="Name">What the person sees; 1 to 100 characters.</param>
/// <param name="Value">What is typed then; at most 100 characters.</param>
public sealed record Choice(string Name, string Value);
