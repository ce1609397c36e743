using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>The application, its commands, the server's roles, and where the gateway is.</summary>
internal sealed class CommandRoutes(World world, Behaviour behaviour, string publicKey, Func<Uri> gateway)
{
    public void Map(Api api)
    {
        api.Bot("GET", "users/@me", "g7me", "", _ => Reply.Ok(world.Bot.ToJson()));
        api.Bot("GET", "applications/@me", "g7me", "", _ => Reply.Ok(
                new JsonObject
                {
                    ["id"] = world.Application,
                    ["name"] = "ChatOps",
                    ["verify_key"] = publicKey,
                    ["flags"] = behaviour.HasMessageContent ? 1 << 19 : 0,
                }
            ));
        api.Bot("GET", "gateway/bot", "h8gateway", "", _ => Reply.Ok(Start()));
        api.Bot("GET", "guilds/{guild}/roles", "i9roles", "guild", c =>
            c["guild"] == world.Guild ? Reply.Ok(world.RolesJson()) : Reply.UnknownGuild
        );
        api.Bot("GET", "applications/{application}/guilds/{guild}/commands", "j0commands", "guild", c =>
            InGuild(c, () => Reply.Ok(world.Commands.DeepClone()))
        );
        api.Bot("PUT", "applications/{application}/guilds/{guild}/commands", "j0commands", "guild", c => InGuild(c, () => Put(c)));
    }

    private JsonObject Start() =>
        new()
        {
            ["url"] = gateway().ToString(),
            ["shards"] = 1,
            ["session_start_limit"] = new JsonObject
            {
                ["total"] = 1000,
                ["remaining"] = behaviour.SessionsLeft,
                ["reset_after"] = (long)behaviour.SessionsResetAfter.TotalMilliseconds,
                ["max_concurrency"] = 1,
            },
        };

    private Reply InGuild(Call call, Func<Reply> handle)
    {
        lock (world.Lock)
            return call["guild"] != world.Guild || !behaviour.TakesCommands ? Reply.MissingAccess
                : call["application"] != world.Application ? Reply.Error(404, 10002, "Unknown Application")
                : handle();
    }

    private Reply Put(Call call)
    {
        if (call.Body is not JsonArray commands)
            return Reply.Error(400, 50035, "Invalid Form Body");
        var found = CommandCheck.Check(commands);
        if (found.Any)
            return found.ToReply();
        world.Commands = new JsonArray([.. commands.Select(c => Stored(c!.DeepClone().AsObject()))]);
        return Reply.Ok(world.Commands.DeepClone());
    }

    // Discord adds what is its own, in fields that nobody sent.
    private JsonNode Stored(JsonObject command)
    {
        command["id"] = world.NewId();
        command["application_id"] = world.Application;
        command["guild_id"] = world.Guild;
        command["version"] = world.NewId();
        command["nsfw"] = false;
        command["default_member_permissions"] = null;
        command["contexts"] = null;
        command["name_localizations"] = null;
        command["type"] ??= 1;
        return command;
    }
}
