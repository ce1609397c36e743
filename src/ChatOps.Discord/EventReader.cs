using System.Collections.Immutable;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>Reads the events that we use. Others, and those that say too little, are passed over.</summary>
internal static class EventReader
{
    public static GatewayEvent? Read(string? name, JsonElement data, DateTimeOffset now) =>
        name switch
        {
            "READY" => new GatewayEvent.Ready(
                Person.Read(data.Object("user"), null),
                data.Object("application")?.Id("id"),
                [.. data.List("guilds").Select(g => g.Id("id")).OfType<Snowflake>()]
            ),
            "RESUMED" => new GatewayEvent.Resumed(),
            "GUILD_CREATE" => Guild.Read(data) is { } guild ? new GatewayEvent.GuildSeen(guild) : null,
            "INTERACTION_CREATE" => InteractionReader.Read(data, now) is { } interaction ? new GatewayEvent.Interacted(interaction) : null,
            "MESSAGE_CREATE" => Message.Read(data) is { } message ? new GatewayEvent.MessageCreated(message) : null,
            // Also sent when Discord has made a picture of a link: then nobody has edited anything.
            "MESSAGE_UPDATE" => data.Text("edited_timestamp") is { Length: > 0 } at && Message.Read(data) is { } message
                ? new GatewayEvent.MessageEdited(message, at)
                : null,
            "MESSAGE_DELETE" => Deleted(data, data.Id("id") is { } id ? [id] : []),
            "MESSAGE_DELETE_BULK" => Deleted(data, data.Ids("ids")),
            _ => null,
        };

    private static GatewayEvent.MessagesDeleted? Deleted(JsonElement data, ImmutableArray<Snowflake> messages) =>
        data.Id("channel_id") is { } channel && !messages.IsEmpty ? new(channel, messages) : null;
}
