using System.Globalization;
using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>
/// What there is in the stand-in: one server with its channels, people, roles, messages and commands. Ids are given in order, the same in
/// every run.
/// </summary>
internal sealed class World
{
    private const ulong FirstId = 1_100_000_000_000_000_000;

    private ulong _lastId = FirstId;

    public World()
    {
        Guild = NewId();
        Application = NewId();
        Bot = new User(NewId(), "ChatOps", true, []);
        Users[Bot.Id] = Bot;
    }

    public Lock Lock { get; } = new();

    public string Guild { get; }

    public string Application { get; }

    public User Bot { get; }

    public Dictionary<string, User> Users { get; } = [];

    public Dictionary<string, Room> Rooms { get; } = [];

    public Dictionary<string, string> Roles { get; } = [];

    /// <summary>
    /// The role that Discord makes for the bot when it is invited with permissions, and offers when somebody types its name; null for none.
    /// </summary>
    public string? OwnRole { get; set; }

    public JsonArray Commands { get; set; } = [];

    /// <summary>Whom messages of the bot have pinged: ids, <c>everyone</c>.</summary>
    public List<string> Pinged { get; } = [];

    public string NewId()
    {
        lock (Lock)
            return (++_lastId).ToString(CultureInfo.InvariantCulture);
    }

    public Post? Find(string channel, string message)
    {
        lock (Lock)
            return Rooms.GetValueOrDefault(channel)?.Posts.FirstOrDefault(p => p.Id == message);
    }

    public Room DirectRoom(User with)
    {
        lock (Lock)
        {
            if (Rooms.Values.FirstOrDefault(r => r.With == with.Id) is { } there)
                return there;
            var room = new Room(NewId(), null, null, 1) { With = with.Id };
            return Rooms[room.Id] = room;
        }
    }

    public JsonObject GuildJson()
    {
        lock (Lock)
        {
            return new JsonObject
            {
                ["id"] = Guild,
                ["name"] = "Edge team",
                ["unavailable"] = false,
                ["member_count"] = Users.Count,
                ["roles"] = RolesJson(),
                ["channels"] = new JsonArray([.. Rooms.Values.Where(r => r.Guild is not null).Select(r => (JsonNode)r.ToJson())]),
                ["members"] = new JsonArray(),
            };
        }
    }

    public JsonArray RolesJson()
    {
        lock (Lock)
            return new([
                .. Roles.Select(RoleJson),
                new JsonObject
                {
                    ["id"] = Guild,
                    ["name"] = "@everyone",
                    ["permissions"] = "0",
                    ["position"] = 0,
                },
            ]);
    }

    private JsonNode RoleJson(KeyValuePair<string, string> role)
    {
        var json = new JsonObject
        {
            ["id"] = role.Key,
            ["name"] = role.Value,
            ["permissions"] = "0",
            ["position"] = 1,
        };
        if (role.Key == OwnRole)
            json["tags"] = new JsonObject { ["bot_id"] = Bot.Id };
        return json;
    }
}
