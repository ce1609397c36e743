namespace ChatOps.Discord;

/// <summary>Which events the bot asks for; Discord's bits.</summary>
[Flags]
public enum Intents
{
    /// <summary>Only what comes without asking: interactions.</summary>
    None = 0,

    /// <summary>Servers, their roles, channels and threads.</summary>
    Guilds = 1 << 0,

    /// <summary>Messages in servers. What is in them is seen only when they mention the bot.</summary>
    GuildMessages = 1 << 9,

    /// <summary>Direct messages to the bot.</summary>
    DirectMessages = 1 << 12,

    /// <summary>
    /// What is in messages that do not mention the bot. Has to be switched on in the developer portal; the bot works without.
    /// </summary>
    MessageContent = 1 << 15,
}
