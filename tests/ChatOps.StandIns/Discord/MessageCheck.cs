using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>Discord's rules for messages, strictly: also a field that is merely unknown is refused.</summary>
internal static class MessageCheck
{
    public static readonly string[] Post =
    [
        "content",
        "nonce",
        "enforce_nonce",
        "tts",
        "embeds",
        "allowed_mentions",
        "message_reference",
        "components",
        "sticker_ids",
        "attachments",
        "flags",
        "poll",
    ];
    public static readonly string[] Edit = ["content", "embeds", "flags", "allowed_mentions", "components", "attachments"];
    public static readonly string[] Answer = ["tts", "content", "embeds", "allowed_mentions", "flags", "components", "attachments", "poll"];
    public static readonly string[] Webhook =
    [
        "content",
        "username",
        "avatar_url",
        "tts",
        "embeds",
        "allowed_mentions",
        "components",
        "attachments",
        "flags",
        "thread_name",
        "applied_tags",
        "poll",
    ];

    private const int MaxContent = 2000;
    private const int MaxEmbeds = 10;
    private const int MaxInEmbeds = 6000;
    private const int MaxRows = 5;
    private const int MaxFiles = 10;

    public static void Check(Findings found, JsonObject message, string path, string[] allowed, int files)
    {
        found.Fields(message, path, [], allowed);
        found.Text(message, path, "content", 0, MaxContent);
        found.Text(message, path, "nonce", 0, 25);
        found.Number(message, path, "flags", 0, int.MaxValue);
        var characters = 0;
        foreach (var (embed, at) in found.List(message, path, "embeds", MaxEmbeds))
            characters += Embed(found, embed, at);
        if (characters > MaxInEmbeds)
            found.Add($"{path}.embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000");
        var ids = new HashSet<string>();
        foreach (var (row, at) in found.List(message, path, "components", MaxRows))
            ComponentCheck.Row(found, row, at, ids);
        Mentions(found, message, path);
        foreach (var (attachment, at) in found.List(message, path, "attachments", MaxFiles))
            Attachment(found, attachment, at, files);
        if (message["message_reference"] is JsonObject reference)
            found.Fields(reference, $"{path}.message_reference", ["message_id"], "type", "channel_id", "guild_id", "fail_if_not_exists");
    }

    /// <summary>True when nothing would be seen of it.</summary>
    public static bool IsEmpty(JsonObject message, int files) =>
        files == 0
        && string.IsNullOrWhiteSpace(message["content"]?.GetValue<string>())
        && message["embeds"] is not JsonArray { Count: > 0 }
        && message["components"] is not JsonArray { Count: > 0 }
        && message["attachments"] is not JsonArray { Count: > 0 };

    private static int Embed(Findings found, JsonObject embed, string path)
    {
        found.Fields(
            embed,
            path,
            [],
            "title",
            "type",
            "description",
            "url",
            "timestamp",
            "color",
            "footer",
            "image",
            "thumbnail",
            "author",
            "fields"
        );
        found.Text(embed, path, "title", 0, 256);
        found.Text(embed, path, "description", 0, 4096);
        found.Number(embed, path, "color", 0, 0xFFFFFF);
        var characters = Length(embed, "title") + Length(embed, "description");
        foreach (var (field, at) in found.List(embed, path, "fields", 25))
        {
            found.Fields(field, at, ["name", "value"], "inline");
            found.Text(field, at, "name", 1, 256);
            found.Text(field, at, "value", 1, 1024);
            found.Flag(field, at, "inline");
            characters += Length(field, "name") + Length(field, "value");
        }

        if (embed["footer"] is JsonObject footer)
        {
            found.Fields(footer, $"{path}.footer", ["text"], "icon_url");
            found.Text(footer, $"{path}.footer", "text", 1, 2048);
            characters += Length(footer, "text");
        }

        if (embed["timestamp"] is { } time && !DateTimeOffset.TryParse(time.ToString(), out _))
            found.Add($"{path}.timestamp", "DATE_TIME_TYPE_PARSE", "Could not parse as an ISO8601 date.");
        return characters;
    }

    private static void Mentions(Findings found, JsonObject message, string path)
    {
        if (message["allowed_mentions"] is not JsonObject mentions)
            return;
        found.Fields(mentions, $"{path}.allowed_mentions", [], "parse", "roles", "users", "replied_user");
        if (mentions["parse"] is JsonArray parse && parse.Any(p => p?.ToString() is not ("roles" or "users" or "everyone")))
            found.Add($"{path}.allowed_mentions.parse", "BASE_TYPE_CHOICES", "Value must be one of ('roles', 'users', 'everyone').");
    }

    // A number below 100 is the place of a new file, anything longer the id of one that is there.
    private static void Attachment(Findings found, JsonObject attachment, string path, int files)
    {
        found.Fields(attachment, path, ["id"], "filename", "description");
        // Discord takes a number too; its document has a string.
        if (attachment["id"] is JsonValue written && !written.TryGetValue<string>(out _))
            found.Add($"{path}.id", "BASE_TYPE_STRING", "Must be a string.");
        if (ulong.TryParse(attachment["id"]?.ToString(), out var id) && id < 100 && (int)id >= files)
            found.Add($"{path}.id", "ATTACHMENT_NOT_FOUND", $"There is no files[{id}]");
    }

    private static int Length(JsonObject of, string name) =>
        of[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text.Length : 0;
}
