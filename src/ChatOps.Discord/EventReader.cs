using System.Collections.Immutable;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>Reads the events that we use. Others, and those that say too little, are passed over.</summary>
internal static class EventReader
{
    public static DiscordEvent? Read(string? name, JsonElement data, DateTimeOffset now) =>
        name switch
        {
            "READY" => new DiscordEvent.Ready(
                Person.Read(data.Object("user"), null),
                data.Object("application")?.Id("id"),
                [.. data.List("guilds").Select(g => g.Id("id")).OfType<Snowflake>()]
            ),
            "RESUMED" => new DiscordEvent.Resumed(),
            "GUILD_CREATE" => Guild.Read(data) is { } guild ? new DiscordEvent.GuildSeen(guild) : null,
            "INTERACTION_CREATE" => InteractionReader.Read(data, now) is { } interaction ? new DiscordEvent.Interacted(interaction) : null,
            "MESSAGE_CREATE" => Message.Read(data) is { } message ? new DiscordEvent.MessageCreated(message) : null,
            // Also sent when Discord has made a picture of a link: then nobody has edited anything.
            "MESSAGE_UPDATE" => data.Text("edited_timestamp") is { Length: > 0 } at && Message.Read(data) is { } message
                ? new DiscordEvent.MessageEdited(message, at)
                : null,
            "MESSAGE_DELETE" => Deleted(data, data.Id("id") is { } id ? [id] : []),
            "MESSAGE_DELETE_BULK" => Deleted(data, data.Ids("ids")),
            _ => null,
        };

    private static DiscordEvent.MessagesDeleted? Deleted(JsonElement data, ImmutableArray<Snowflake> messages) =>
        data.Id("channel_id") is { } channel && !messages.IsEmpty ? new(channel, messages) : null;
}
