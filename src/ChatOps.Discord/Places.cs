using System.Collections.Immutable;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>The application that the bot belongs to.</summary>
/// <param name="PublicKey">The key that signs interactions which come by HTTPS, in hex; null when it is not said.</param>
public sealed record Application(Snowflake Id, string Name, string? PublicKey)
{
    internal static Application? Read(JsonElement from) =>
        from.Id("id") is { } id ? new(id, from.Text("name") ?? "", from.Text("verify_key")) : null;
}

/// <summary>A channel or thread.</summary>
/// <param name="Guild">Its server; null for direct messages.</param>
/// <param name="Name">Its name; null for direct messages.</param>
/// <param name="Type">Discord's number: 0 text, 1 direct messages, 11 a public thread, 15 a forum, 16 one of pictures.</param>
/// <param name="Parent">Of a thread the channel that it is in, of a channel its category; null for none.</param>
public sealed record Channel(Snowflake Id, Snowflake? Guild, string? Name, long Type, Snowflake? Parent = null)
{
    /// <summary>True for a thread of any kind.</summary>
    public bool IsThread => Type is 10 or 11 or 12;

    /// <summary>True where there are threads only.</summary>
    public bool IsForum => Type is 15 or 16;

    internal static Channel? Read(JsonElement from) =>
        from.Id("id") is { } id ? new(id, from.Id("guild_id"), from.Text("name"), from.Number("type") ?? 0, from.Id("parent_id")) : null;
}

/// <summary>A role in a server.</summary>
/// <param name="Name">Its name, which people may change.</param>
/// <param name="Bot">The bot whose own role it is, made when it was invited; null for the others.</param>
public sealed record GuildRole(Snowflake Id, string Name, Snowflake? Bot = null)
{
    internal static ImmutableArray<GuildRole> ReadAll(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array
            ?
            [
                .. list.EnumerateArray()
                    .Select(r => r.Id("id") is { } id ? new GuildRole(id, r.Text("name") ?? "", r.Object("tags")?.Id("bot_id")) : null)
                    .OfType<GuildRole>(),
            ]
            : [];
}

/// <summary>A Discord server with its roles, as the API tells it.</summary>
public sealed record Guild(Snowflake Id, string Name, ImmutableArray<GuildRole> Roles)
{
    internal static Guild? Read(JsonElement from) =>
        from.Id("id") is { } id ? new(id, from.Text("name") ?? "", from.Find("roles") is { } roles ? GuildRole.ReadAll(roles) : []) : null;
}

/// <summary>Where the gateway is, and how many sessions may be started.</summary>
/// <param name="Remaining">How many sessions may be started until the limit is reset; null when it is not said.</param>
/// <param name="ResetAfter">When the limit is reset.</param>
public sealed record GatewayStart(Uri Url, long? Remaining, TimeSpan ResetAfter)
{
    private const long Day = 24 * 60 * 60 * 1000;

    internal static GatewayStart? Read(JsonElement from)
    {
        var limit = from.Object("session_start_limit");
        return Uri.TryCreate(from.Text("url"), UriKind.Absolute, out var url)
            ? new(url, limit?.Number("remaining"), TimeSpan.FromMilliseconds(Math.Clamp(limit?.Number("reset_after") ?? 0, 0, Day)))
            : null;
    }
}
