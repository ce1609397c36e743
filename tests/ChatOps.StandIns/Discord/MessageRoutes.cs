using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>Channels, messages and threads.</summary>
internal sealed class MessageRoutes(World world, Posting posting)
{
    private readonly Dictionary<string, Post> _byNonce = [];

    public void Map(Api api)
    {
        api.Bot("GET", "channels/{channel}", "a1read", "channel", c => In(c, room => Reply.Ok(room.ToJson())));
        api.Bot("PATCH", "channels/{channel}", "f6modify", "channel", c => In(c, room => Modify(c, room), "SEND_MESSAGES"));
        api.Bot("POST", "channels/{channel}/messages", "b2post", "channel", c => In(c, room => Post(c, room), "SEND_MESSAGES"));
        api.Bot("GET", "channels/{channel}/messages/{message}", "a1read", "channel", c =>
            On(c, (_, post) => Reply.Ok(post.Json.DeepClone()))
        );
        api.Bot("PATCH", "channels/{channel}/messages/{message}", "c3edit", "channel", c => On(c, (room, post) => Edit(c, room, post)));
        api.Bot("DELETE", "channels/{channel}/messages/{message}", "d4delete", "channel", c => On(c, Delete));
        api.Bot("POST", "channels/{channel}/messages/{message}/threads", "b2post", "channel", c =>
            On(c, (room, post) => Thread(c, room, post), "CREATE_PUBLIC_THREADS")
        );
        api.Bot("POST", "users/@me/channels", "e5direct", "", Direct);
    }

    private Reply In(Call call, Func<Room, Reply> handle, string needs = "VIEW_CHANNEL")
    {
        lock (world.Lock)
        {
            if (!world.Rooms.TryGetValue(call["channel"], out var room))
                return Reply.UnknownChannel;
            if (room.Denied.Contains("VIEW_CHANNEL"))
                return Reply.MissingAccess;
            return room.Denied.Contains(needs) ? Reply.MissingPermissions : handle(room);
        }
    }

    // What only one person sees is not there for the bot as itself.
    private Reply On(Call call, Func<Room, Post, Reply> handle, string needs = "VIEW_CHANNEL") =>
        In(
            call,
            room =>
                room.Posts.FirstOrDefault(p => p.Id == call["message"] && p.OnlyFor is null) is { } post
                    ? handle(room, post)
                    : Reply.UnknownMessage,
            needs
        );

    private Reply Post(Call call, Room room)
    {
        var (upload, found) = (call.Upload, new Findings());
        MessageCheck.Check(found, upload.Json, "", MessageCheck.Post, upload.Files.Count);
        if (found.Any)
            return found.ToReply();
        if (MessageCheck.IsEmpty(upload.Json, upload.Files.Count))
            return Reply.EmptyMessage;
        if (upload.Files.Count > 0 && room.Denied.Contains("ATTACH_FILES"))
            return Reply.MissingPermissions;
        if (room.With is { } with && !world.Users[with].TakesDirectMessages)
            return Reply.Error(403, 50007, "Cannot send messages to this user");
        var nonce = upload.Json["enforce_nonce"]?.GetValue<bool>() == true ? upload.Json["nonce"]?.ToString() : null;
        if (nonce is not null && _byNonce.TryGetValue(nonce, out var there))
            return Reply.Ok(there.Json.DeepClone());
        room.IsArchived = false;
        var post = posting.Create(room, world.Bot, upload);
        if (nonce is not null)
            _byNonce[nonce] = post;
        return Reply.Ok(post.Json.DeepClone());
    }

    private Reply Edit(Call call, Room room, Post post)
    {
        if (post.Json["author"]!["id"]!.ToString() != world.Bot.Id)
            return Reply.Error(403, 50005, "Cannot edit a message authored by another user");
        var (upload, found) = (call.Upload, new Findings());
        MessageCheck.Check(found, upload.Json, "", MessageCheck.Edit, upload.Files.Count);
        if (found.Any)
            return found.ToReply();
        if (upload.Files.Count > 0 && room.Denied.Contains("ATTACH_FILES"))
            return Reply.MissingPermissions;
        posting.Edit(room, post, upload);
        return Reply.Ok(post.Json.DeepClone());
    }

    private Reply Delete(Room room, Post post)
    {
        posting.Delete(room, post);
        return Reply.Empty;
    }

    private Reply Thread(Call call, Room room, Post post)
    {
        var found = new Findings();
        found.Fields(call.Upload.Json, "", ["name"], "auto_archive_duration", "rate_limit_per_user");
        found.Text(call.Upload.Json, "", "name", 1, 100);
        if (found.Any)
            return found.ToReply();
        if (world.Rooms.ContainsKey(post.Id))
            return Reply.Error(400, 160004, "A thread has already been created for this message");
        var thread = new Room(post.Id, room.Guild, call.Upload.Json["name"]!.ToString(), 11) { Parent = room.Id };
        world.Rooms[thread.Id] = thread;
        return new(201, thread.ToJson());
    }

    // Of a channel only a thread's place among the archived ones can be changed here.
    private static Reply Modify(Call call, Room room)
    {
        var found = new Findings();
        found.Fields(call.Upload.Json, "", ["archived"]);
        found.Flag(call.Upload.Json, "", "archived");
        if (found.Any)
            return found.ToReply();
        if (room.Type != 11)
            return Reply.MissingPermissions;
        room.IsArchived = call.Upload.Json["archived"]!.GetValue<bool>();
        return Reply.Ok(room.ToJson());
    }

    private Reply Direct(Call call)
    {
        lock (world.Lock)
        {
            return call.Upload.Json["recipient_id"]?.ToString() is { } id && world.Users.TryGetValue(id, out var user)
                ? Reply.Ok(
                    new JsonObject(world.DirectRoom(user).ToJson().Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())))
                    {
                        ["recipients"] = new JsonArray(user.ToJson()),
                    }
                )
                : Reply.Error(400, 50033, "Invalid Recipient(s)");
        }
    }
}
