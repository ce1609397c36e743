namespace ChatOps.Discord;

/// <summary>
/// Discord will not have this bot as it is configured, and trying again cannot help: the token is wrong, an intent is not switched on.
/// </summary>
/// <param name="next">What to do about it.</param>
public sealed class DiscordStopException(string sentence, string next) : Exception($"{sentence} Next: {next}")
{
    /// <summary>A sentence that says what is wrong, for whoever runs the bot.</summary>
    public string Sentence { get; } = sentence;

    /// <summary>What to do about it.</summary>
    public string Next { get; } = next;

    /// <summary>The token is not one, or not any more.</summary>
    internal static DiscordStopException WrongToken() =>
        new(
            "Discord does not accept the bot's token.",
            "copy a new one from the developer portal (your application, Bot, Reset Token) into the configuration"
        );
}
