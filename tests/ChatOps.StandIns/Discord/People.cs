using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>A user of the stand-in: a person, or the bot.</summary>
internal sealed class User(string id, string name, bool isBot, IReadOnlyList<string> roles)
{
    public string Id => id;

    public string Name => name;

    public bool IsBot => isBot;

    public List<string> Roles { get; } = [.. roles];

    /// <summary>False: takes no direct messages from bots.</summary>
    public bool TakesDirectMessages { get; set; } = true;

    public JsonObject ToJson() =>
        new()
        {
            ["id"] = id,
            ["username"] = name.ToLowerInvariant(),
            ["discriminator"] = "0",
            ["global_name"] = name,
            ["avatar"] = null,
            ["bot"] = isBot,
            ["avatar_decoration_data"] = null,
            ["public_flags"] = 0,
        };

    /// <summary>The member object, without the user.</summary>
    public JsonObject ToMember() =>
        new()
        {
            ["nick"] = null,
            ["roles"] = new JsonArray([.. Roles.Select(r => (JsonNode)r)]),
            ["joined_at"] = "2026-01-01T00:00:00.000000+00:00",
            ["deaf"] = false,
            ["mute"] = false,
            ["flags"] = 0,
        };
}

/// <summary>A channel, thread or direct channel.</summary>
internal sealed class Room(string id, string? guild, string? name, int type)
{
    public string Id => id;

    public string? Guild => guild;

    public int Type => type;

    /// <summary>For threads: the channel that it is in.</summary>
    public string? Parent { get; init; }

    /// <summary>For direct messages: with whom.</summary>
    public string? With { get; init; }

    /// <summary>What the bot may not do here: <c>VIEW_CHANNEL</c>, <c>SEND_MESSAGES</c>, ...</summary>
    public HashSet<string> Denied { get; } = [];

    /// <summary>For threads: true when it is put away. Whoever posts in it brings it back.</summary>
    public bool IsArchived { get; set; }

    /// <summary>The messages, oldest first.</summary>
    public List<Post> Posts { get; } = [];

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["id"] = id,
            ["type"] = type,
            ["last_message_id"] = Posts.LastOrDefault()?.Id,
            ["flags"] = 0,
        };
        if (guild is not null)
            json["guild_id"] = guild;
        if (name is not null)
            json["name"] = name;
        if (Parent is not null)
            json["parent_id"] = Parent;
        return json;
    }
}

/// <summary>A message with who may see it.</summary>
internal sealed class Post(JsonObject json, string? onlyFor)
{
    public string Id => json["id"]!.ToString();

    /// <summary>As Discord has it. Changed in place, under the world's lock.</summary>
    public JsonObject Json => json;

    /// <summary>The user who alone sees it; null for everybody in the channel.</summary>
    public string? OnlyFor => onlyFor;

    /// <summary>The bytes of its files, by the id of the attachment.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];
}
