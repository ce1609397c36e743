namespace ChatOps.StandIns.Discord;

/// <summary>A channel of the stand-in.</summary>
public sealed class StandInChannel
{
    private readonly StandInDiscord _discord;

    internal StandInChannel(StandInDiscord discord, Room room) => (_discord, Room) = (discord, room);

    /// <summary>Its id.</summary>
    public string Id => Room.Id;

    /// <summary>For threads: true when it is put away.</summary>
    public bool IsArchived => Room.IsArchived;

    internal Room Room { get; }

    /// <summary>
    /// Takes a permission from the bot here: <c>VIEW_CHANNEL</c>, <c>SEND_MESSAGES</c>, <c>EMBED_LINKS</c>, <c>ATTACH_FILES</c>,
    /// <c>CREATE_PUBLIC_THREADS</c>.
    /// </summary>
    public void Deny(string permission)
    {
        lock (_discord.World.Lock)
            Room.Denied.Add(permission);
    }

    /// <summary>Gives it back.</summary>
    public void Allow(string permission)
    {
        lock (_discord.World.Lock)
            Room.Denied.Remove(permission);
    }

    /// <summary>Somebody deletes a message.</summary>
    public void Delete(SeenMessage message)
    {
        lock (_discord.World.Lock)
        {
            if (Room.Posts.FirstOrDefault(p => p.Id == message.Id) is { } post)
                _discord.Posting.Delete(Room, post);
        }
    }

    /// <summary>A webhook of somebody else's posts here.</summary>
    public void PostByWebhook(string name, string content)
    {
        lock (_discord.World.Lock)
        {
            var hook = new User(_discord.World.NewId(), name, true, []);
            _discord.Posting.Create(Room, hook, new Upload(new() { ["content"] = content }, []), extra: j => j["webhook_id"] = hook.Id);
        }
    }
}
