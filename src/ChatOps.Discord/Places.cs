using System.Collections.Immutable;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>The application that the bot belongs to.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="PublicKey">The key that signs interactions which come by HTTPS, in hex; null when it is not said.</param>
public sealed record Application(Snowflake Id, string Name, string? PublicKey)
{
    internal static Application? Read(JsonElement from) => from.Id("id") is { } id ? new(id, from.Text("name") ?? "", from.Text("verify_key")) : null;
}

/// <summary>A channel or thread.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Guild">Its server; null for direct messages.</param>
/// <param name="Name">Its name; null for direct messages.</param>
/// <param name="Type">Discord's number: 0 text, 1 direct messages, 11 a public thread.</param>
public sealed record Channel(Snowflake Id, Snowflake? Guild, string? Name, long Type)
{
    internal static Channel? Read(JsonElement from) =>
        from.Id("id") is { } id ? new(id, from.Id("guild_id"), from.Text("name"), from.Number("type") ?? 0) : null;
}

/// <summary>A role in a server.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, which people may change.</param>
public sealed record GuildRole(Snowflake Id, string Name)
{
    internal static ImmutableArray<GuildRole> ReadAll(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(r => r.Id("id") is { } id ? new GuildRole(id, r.Text("name") ?? "") : null).OfType<GuildRole>()]
            : [];
}

/// <summary>A server.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Roles">Its roles.</param>
public sealed record Guild(Snowflake Id, string Name, ImmutableArray<GuildRole> Roles)
{
    internal static Guild? Read(JsonElement from) =>
        from.Id("id") is { } id ? new(id, from.Text("name") ?? "", from.Find("roles") is { } roles ? GuildRole.ReadAll(roles) : []) : null;
}

/// <summary>Where the gateway is, and how many sessions may be started.</summary>
/// <param name="Url">Its address.</param>
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
