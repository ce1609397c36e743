using System.Collections.Immutable;

namespace ChatOps.Discord;

/// <summary>
/// What comes over the gateway, as far as the bot uses it. The same event can come twice: after a lost connection, from Discord itself.
/// </summary>
public abstract record DiscordEvent
{
    private DiscordEvent() { }

    /// <summary>A session has begun: events may have been missed before it.</summary>
    /// <param name="Bot">The bot's own user; null when that was not said.</param>
    /// <param name="Application">The application; null when that was not said.</param>
    /// <param name="Guilds">The servers that the bot is in.</param>
    public sealed record Ready(Person? Bot, Snowflake? Application, ImmutableArray<Snowflake> Guilds) : DiscordEvent;

    /// <summary>The session goes on after a lost connection: nothing was missed.</summary>
    public sealed record Resumed : DiscordEvent;

    /// <summary>The connection was lost; the gateway is connecting again by itself.</summary>
    /// <param name="Wait">How long nothing is tried, where that is long and known; null else.</param>
    public sealed record Lost(string Why, TimeSpan? Wait = null) : DiscordEvent;

    /// <summary>A server that the bot is in, or that it was just added to.</summary>
    public sealed record GuildSeen(Guild Guild) : DiscordEvent;

    /// <summary>A person did something with what the bot offers.</summary>
    public sealed record Interacted(Interaction Interaction) : DiscordEvent;

    /// <summary>Somebody wrote a message: a person, a bot (this one too), a webhook.</summary>
    public sealed record MessageCreated(Message Message) : DiscordEvent;

    /// <summary>Somebody changed the text of a message that was there.</summary>
    /// <param name="At">When, as Discord writes it.</param>
    public sealed record MessageEdited(Message Message, string At) : DiscordEvent;

    /// <summary>Messages were deleted.</summary>
    public sealed record MessagesDeleted(Snowflake Channel, ImmutableArray<Snowflake> Messages) : DiscordEvent;
}
