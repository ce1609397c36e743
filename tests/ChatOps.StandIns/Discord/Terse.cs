using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>Says the same in another way: ids as numbers, and null for what could have been left out.</summary>
internal static class Terse
{
    private static readonly string[] Optional =
    [
        "guild_id",
        "member",
        "webhook_id",
        "mentions",
        "embeds",
        "components",
        "attachments",
        "nick",
        "global_name",
        "avatar",
        "bot",
        "flags",
        "type",
        "application",
        "roles",
    ];

    public static Reply Reply(Reply reply) => reply with { Body = reply.Body is null ? null : Of(reply.Body) };

    /// <summary>The same data, terser. Lists that are empty and flags that are false become null.</summary>
    public static JsonNode? Of(JsonNode? node, string name = "") =>
        node switch
        {
            JsonObject from => new JsonObject(from.Select(p => KeyValuePair.Create(p.Key, Of(p.Value, p.Key)))),
            JsonArray { Count: 0 } when Optional.Contains(name) => null,
            JsonArray list => new JsonArray([.. list.Select(i => Of(i, name is "roles" or "ids" ? "id" : ""))]),
            JsonValue value when name is "bot" or "flags" && value.ToString() is "false" or "0" => null,
            JsonValue value
                when (name == "id" || name.EndsWith("_id", StringComparison.Ordinal))
                    && ulong.TryParse(value.ToString(), out var id)
                    && id > 1_000_000 => JsonValue.Create(id),
            _ => node?.DeepClone(),
        };
}
