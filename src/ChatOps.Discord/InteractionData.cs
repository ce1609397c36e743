using System.Collections.Immutable;

namespace ChatOps.Discord;

/// <summary>What a person did in an interaction.</summary>
public abstract record InteractionData
{
    private InteractionData() { }

    /// <summary>Discord asks whether the endpoint is there (HTTPS only); the endpoint answers that itself.</summary>
    public sealed record Ping : InteractionData;

    /// <summary>A slash command was sent.</summary>
    /// <param name="Name">The command; with its subcommand after a space, where it has one.</param>
    public sealed record CommandSent(string Name, ImmutableArray<OptionValue> Options) : InteractionData;

    /// <summary>A slash command is being typed: at most 25 choices can be suggested for the option in focus.</summary>
    /// <param name="Name">The command; with its subcommand after a space, where it has one.</param>
    /// <param name="Options">What is there so far.</param>
    public sealed record CommandTyped(string Name, ImmutableArray<OptionValue> Options) : InteractionData
    {
        /// <summary>The option that is being typed; null when that was not said.</summary>
        public OptionValue? Focused => Options.FirstOrDefault(o => o.IsFocused);
    }

    /// <summary>A button was pressed.</summary>
    /// <param name="CustomId">What we gave the button, at most 100 characters. A modified client can send any.</param>
    /// <param name="On">The message that the button is on; null when that was not said.</param>
    public sealed record ButtonPressed(string CustomId, Message? On) : InteractionData;

    /// <summary>A form was sent off.</summary>
    /// <param name="CustomId">What we gave the form.</param>
    /// <param name="Values">What was typed, by the custom id of the field.</param>
    /// <param name="On">The message whose button opened the form; null for none.</param>
    public sealed record FormSubmitted(string CustomId, ImmutableDictionary<string, string> Values, Message? On) : InteractionData;

    /// <summary>A kind that we do not know.</summary>
    /// <param name="Type">Discord's number of it.</param>
    public sealed record Unknown(long Type) : InteractionData;
}

/// <summary>What was given for an option of a command.</summary>
/// <param name="Value">The value as text, whatever its type: <c>8080</c>, <c>true</c>, an id.</param>
/// <param name="IsFocused">True for the option that is being typed.</param>
public sealed record OptionValue(string Name, string Value, bool IsFocused);
