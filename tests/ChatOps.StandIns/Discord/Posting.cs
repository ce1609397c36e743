using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ChatOps.StandIns.Discord;

/// <summary>A body that came in: the object, and the files that came with it.</summary>
internal sealed record Upload(JsonObject Json, IReadOnlyList<(string Name, byte[] Content)> Files);

/// <summary>Makes messages, and changes them, as Discord does.</summary>
internal sealed partial class Posting(World world, TimeProvider clock)
{
    private const int Ephemeral = 1 << 6;
    private const int Loading = 1 << 7;

    /// <summary>Everything that changes messages calls this with the name of the event and its data.</summary>
    public Action<string, JsonObject>? Changed { get; set; }

    /// <summary>A new message.</summary>
    public Post Create(
        Room room,
        User author,
        Upload upload,
        bool isWebhook = false,
        string? onlyFor = null,
        bool isLoading = false,
        Action<JsonObject>? extra = null
    )
    {
        lock (world.Lock)
        {
            var body = upload.Json;
            var json = new JsonObject
            {
                ["id"] = world.NewId(),
                ["channel_id"] = room.Id,
                ["author"] = author.ToJson(),
                ["content"] = body["content"]?.ToString() ?? "",
                ["timestamp"] = Now(),
                ["edited_timestamp"] = null,
                ["tts"] = false,
                ["mention_everyone"] = false,
                ["mentions"] = new JsonArray(),
                ["mention_roles"] = new JsonArray(),
                ["attachments"] = new JsonArray(),
                ["embeds"] = EmbedsOf(room, body),
                ["components"] = body["components"]?.DeepClone() ?? new JsonArray(),
                ["pinned"] = false,
                ["type"] = body["message_reference"] is null ? 0 : 19,
                ["flags"] = (onlyFor is null ? 0 : Ephemeral) | (isLoading ? Loading : 0),
            };
            if (body["message_reference"] is { } reference)
                json["message_reference"] = reference.DeepClone();
            if (body["nonce"] is { } nonce)
                json["nonce"] = nonce.DeepClone();
            if (isWebhook)
                (json["webhook_id"], json["application_id"]) = (world.Application, world.Application);
            extra?.Invoke(json);
            var post = new Post(json, onlyFor);
            AddFiles(post, upload);
            Ping(post, body);
            room.Posts.Add(post);
            if (onlyFor is null)
                Changed?.Invoke("MESSAGE_CREATE", Event(room, json, author));
            return post;
        }
    }

    /// <summary>Changes what is in the body and leaves the rest.</summary>
    public void Edit(Room room, Post post, Upload upload, User? by = null)
    {
        lock (world.Lock)
        {
            var (json, body) = (post.Json, upload.Json);
            if (body.ContainsKey("content"))
                json["content"] = body["content"]?.ToString() ?? "";
            if (by is not null)
            {
                (json["mentions"], json["mention_roles"]) = (new JsonArray(), new JsonArray());
                Ping(post, body);
            }

            if (body.ContainsKey("embeds"))
                json["embeds"] = EmbedsOf(room, body);
            if (body.ContainsKey("components"))
                json["components"] = body["components"]?.DeepClone() ?? new JsonArray();
            if (body["attachments"] is JsonArray kept)
            {
                var ids = kept.Select(k => k!["id"]!.ToString()).ToHashSet();
                json["attachments"] = new JsonArray([
                    .. json["attachments"]!.AsArray().Where(a => ids.Contains(a!["id"]!.ToString())).Select(a => a!.DeepClone()),
                ]);
            }

            AddFiles(post, upload);
            json["flags"] = (int)json["flags"]! & ~Loading;
            json["edited_timestamp"] = Now();
            if (post.OnlyFor is null)
                Changed?.Invoke("MESSAGE_UPDATE", Event(room, json, by ?? world.Bot));
        }
    }

    /// <summary>Takes a message away.</summary>
    public void Delete(Room room, Post post)
    {
        lock (world.Lock)
        {
            room.Posts.Remove(post);
            var gone = new JsonObject { ["id"] = post.Id, ["channel_id"] = room.Id };
            if (room.Guild is not null)
                gone["guild_id"] = room.Guild;
            Changed?.Invoke("MESSAGE_DELETE", gone);
        }
    }

    private static JsonObject Event(Room room, JsonObject message, User author)
    {
        var json = message.DeepClone().AsObject();
        if (room.Guild is not null)
            (json["guild_id"], json["member"]) = (room.Guild, author.ToMember());
        return json;
    }

    private static JsonArray EmbedsOf(Room room, JsonObject body) =>
        room.Denied.Contains("EMBED_LINKS") || body["embeds"] is not JsonArray embeds
            ? []
            : new JsonArray([
                .. embeds.Select(e =>
                {
                    var embed = e!.DeepClone().AsObject();
                    embed["type"] ??= "rich";
                    return (JsonNode)embed;
                }),
            ]);

    private void AddFiles(Post post, Upload upload)
    {
        foreach (var (name, content) in upload.Files)
        {
            var id = world.NewId();
            post.Files[id] = content;
            post.Json["attachments"]!
                .AsArray()
                .Add(
                    new JsonObject
                    {
                        ["id"] = id,
                        ["filename"] = name,
                        ["size"] = content.Length,
                    }
                );
        }
    }

    // Who is pinged: without allowed_mentions everyone whom the text names.
    private void Ping(Post post, JsonObject body)
    {
        var content = post.Json["content"]!.ToString();
        foreach (var id in UserMention().Matches(content).Select(m => m.Groups[1].Value).Distinct().Where(world.Users.ContainsKey))
            post.Json["mentions"]!.AsArray().Add(world.Users[id].ToJson());
        foreach (var id in RoleMention().Matches(content).Select(m => m.Groups[1].Value).Distinct().Where(world.Roles.ContainsKey))
            post.Json["mention_roles"]!.AsArray().Add(id);
        if (post.Json["author"]!["id"]!.ToString() != world.Bot.Id)
            return;
        var parse = body["allowed_mentions"] is JsonObject allowed
            ? (allowed["parse"] as JsonArray)?.Select(p => p!.ToString()).ToList() ?? []
            : ["users", "roles", "everyone"];
        if (
            parse.Contains("everyone")
            && (content.Contains("@everyone", StringComparison.Ordinal) || content.Contains("@here", StringComparison.Ordinal))
        )
            world.Pinged.Add("everyone");
        if (parse.Contains("users"))
            world.Pinged.AddRange(UserMention().Matches(content).Select(m => m.Groups[1].Value));
        if (parse.Contains("roles"))
            world.Pinged.AddRange(RoleMention().Matches(content).Select(m => m.Groups[1].Value));
    }

    private string Now() =>
        clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+00:00'", System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("<@!?([0-9]+)>")]
    private static partial Regex UserMention();

    [GeneratedRegex("<@&([0-9]+)>")]
    private static partial Regex RoleMention();
}
