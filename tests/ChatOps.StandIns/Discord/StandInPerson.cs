using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>A person at the stand-in: types, sends commands, presses buttons, fills in forms, and sees what that person sees.</summary>
public sealed class StandInPerson
{
    private readonly StandInDiscord _discord;

    internal StandInPerson(StandInDiscord discord, User user) => (_discord, User) = (discord, user);

    /// <summary>The id.</summary>
    public string Id => User.Id;

    /// <summary>The roles, by their ids; can be changed.</summary>
    public IList<string> Roles => User.Roles;

    /// <summary>False: takes no direct messages from bots.</summary>
    public bool TakesDirectMessages
    {
        get => User.TakesDirectMessages;
        set => User.TakesDirectMessages = value;
    }

    internal User User { get; }

    /// <summary>Types a message. <c>@ChatOps</c> in it mentions the bot.</summary>
    public SeenMessage Type(StandInChannel channel, string text)
    {
        var content = text.Replace("@ChatOps", $"<@{_discord.Bot}>", StringComparison.Ordinal);
        lock (_discord.World.Lock)
            return Seen(
                channel.Room,
                _discord.Posting.Create(channel.Room, User, new Upload(new JsonObject { ["content"] = content }, []))
            );
    }

    /// <summary>Changes a message of one's own.</summary>
    public void Edit(StandInChannel channel, SeenMessage message, string text)
    {
        var content = text.Replace("@ChatOps", $"<@{_discord.Bot}>", StringComparison.Ordinal);
        lock (_discord.World.Lock)
            _discord.Posting.Edit(
                channel.Room,
                channel.Room.Posts.Single(p => p.Id == message.Id),
                new Upload(new JsonObject { ["content"] = content }, []),
                User
            );
    }

    /// <summary>Types a direct message to the bot.</summary>
    public SeenMessage TypeDirectly(string text)
    {
        var room = _discord.World.DirectRoom(User);
        lock (_discord.World.Lock)
            return Seen(room, _discord.Posting.Create(room, User, new Upload(new JsonObject { ["content"] = text }, [])));
    }

    /// <summary>Sends a slash command.</summary>
    /// <param name="channel">Where.</param>
    /// <param name="command">Its name: <c>status</c>; <c>peer add</c> for a subcommand.</param>
    /// <param name="options">What is given: strings, numbers, booleans.</param>
    public Task<Gesture> SendAsync(StandInChannel channel, string command, params (string Name, object Value)[] options) =>
        BeginAsync(2, channel.Room, Commands.Data(_discord.World, command, options, null), null);

    /// <summary>Types at a slash command; gives what is suggested for the last option.</summary>
    public async Task<ImmutableArray<(string Name, string Value)>> TypeAtAsync(
        StandInChannel channel,
        string command,
        params (string Name, object Value)[] options
    )
    {
        var gesture = await BeginAsync(4, channel.Room, Commands.Data(_discord.World, command, options, options[^1].Name), null);
        var answer = await gesture.AnswerAsync();
        return [.. answer["data"]!["choices"]!.AsArray().Select(c => (c!["name"]!.ToString(), c["value"]!.ToString()))];
    }

    /// <summary>Presses a button, by its label. It has to be on the message as it is now.</summary>
    public Task<Gesture> PressAsync(SeenMessage message, string label)
    {
        var (room, post) = Find(message);
        var now = Seen(room, post);
        var button = now.ButtonsJson.FirstOrDefault(b => b["label"]?.ToString() == label && b["disabled"]?.GetValue<bool>() != true)
            ?? throw new InvalidOperationException($"there is no button {label} to press; there are: {string.Join(", ", now.Buttons)}");
        return PressAsync(
            message,
            new JsonObject
            {
                ["custom_id"] = button["custom_id"]!.ToString(),
                ["component_type"] = 2,
                ["id"] = 1,
            }
        );
    }

    /// <summary>Sends a press of a button that need not be there any more, as a modified or slow client can.</summary>
    public Task<Gesture> PressAsync(SeenMessage message, JsonObject data)
    {
        var (room, post) = Find(message);
        return BeginAsync(3, room, data, post);
    }

    /// <summary>Sends off the form that a button or command has brought up.</summary>
    /// <param name="form">What brought it up.</param>
    /// <param name="values">What is typed, by the custom id of the field.</param>
    public async Task<Gesture> SubmitAsync(Gesture form, params (string Field, string Value)[] values)
    {
        var answer = await form.AnswerAsync();
        if ((int)answer["type"]! != 9)
            throw new InvalidOperationException($"there is no form: {answer.ToJsonString()}");
        return await BeginAsync(5, form.Open.Room, Commands.Submitted(answer["data"]!.AsObject(), values), form.Open.On);
    }

    /// <summary>What this person sees in a channel, oldest first.</summary>
    public ImmutableArray<SeenMessage> Sees(StandInChannel channel) => Sees(channel.Room);

    /// <summary>What is in the direct messages with the bot.</summary>
    public ImmutableArray<SeenMessage> SeesDirectly() => Sees(_discord.World.DirectRoom(User));

    /// <summary>Waits until a message is to be seen.</summary>
    public Task<SeenMessage> SeesAsync(StandInChannel channel, Func<SeenMessage, bool> which) => WaitAsync(() => Sees(channel), which);

    /// <summary>Waits until a message is to be seen in the direct messages.</summary>
    public Task<SeenMessage> SeesDirectlyAsync(Func<SeenMessage, bool> which) => WaitAsync(SeesDirectly, which);

    internal SeenMessage Seen(Room room, Post post)
    {
        lock (_discord.World.Lock)
        {
            var names = post.Json["attachments"]!.AsArray().ToDictionary(a => a!["id"]!.ToString(), a => a!["filename"]!.ToString());
            return new(
                post.Id,
                room.Id,
                post.Json.DeepClone().AsObject(),
                post.Files.Where(f => names.ContainsKey(f.Key))
                    .DistinctBy(f => names[f.Key])
                    .ToImmutableDictionary(f => names[f.Key], f => f.Value)
            );
        }
    }

    private ImmutableArray<SeenMessage> Sees(Room room)
    {
        lock (_discord.World.Lock)
            return [.. room.Posts.Where(p => p.OnlyFor is null || p.OnlyFor == Id).Select(p => Seen(room, p))];
    }

    private static Task<SeenMessage> WaitAsync(Func<ImmutableArray<SeenMessage>> look, Func<SeenMessage, bool> which) =>
        Eventually.ThereAsync(
            () => look().LastOrDefault(which),
            () => $"no such message came; there is:\n{string.Join("\n---\n", look().TakeLast(10).Select(m => m.Text))}"
        );

    private (Room Room, Post Post) Find(SeenMessage message)
    {
        lock (_discord.World.Lock)
        {
            var room = _discord.World.Rooms[message.Channel];
            return (room, room.Posts.FirstOrDefault(p => p.Id == message.Id) ?? throw new InvalidOperationException("the message is gone"));
        }
    }

    private async Task<Gesture> BeginAsync(int type, Room room, JsonObject data, Post? on)
    {
        var open = _discord.Interactions.Begin(type, User, room, on);
        await Delivery.SendAsync(_discord, open, data);
        return new Gesture(this, open);
    }
}
