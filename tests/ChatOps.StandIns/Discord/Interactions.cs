using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>An interaction that a person has begun.</summary>
internal sealed class Open(string id, string token, int type, User by, Room room, Post? on, DateTimeOffset at)
{
    public string Id => id;

    public string Token => token;

    public int Type => type;

    public User By => by;

    public Room Room => room;

    /// <summary>The message whose button began it.</summary>
    public Post? On => on;

    public DateTimeOffset At => at;

    /// <summary>The message that is the first answer: its own, or the one with the button.</summary>
    public Post? Original { get; set; }

    /// <summary>The first answer; fails when it does not come in time.</summary>
    public TaskCompletionSource<JsonObject> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// The life of interactions: the first answer within 3 seconds, exactly one; edits and follow-ups for 15 minutes, by a clock of the
/// stand-in's own.
/// </summary>
internal sealed class Interactions(World world, Posting posting, Behaviour behaviour, TimeProvider clock)
{
    private const int Ephemeral = 1 << 6;

    private static readonly TimeSpan FirstAnswerIn = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Open> _byToken = [];

    public Open Begin(int type, User by, Room room, Post? on)
    {
        lock (world.Lock)
        {
            var id = world.NewId();
            var open = new Open(id, $"interaction-token-of-{id}", type, by, room, on, clock.GetUtcNow());
            _byToken[open.Token] = open;
            _ = ExpireAsync(open);
            return open;
        }
    }

    public Open? Of(string token)
    {
        lock (world.Lock)
            return _byToken.GetValueOrDefault(token);
    }

    public bool IsOver(Open open) => clock.GetUtcNow() - open.At > behaviour.TokenLifetime;

    /// <summary>Takes the first answer.</summary>
    public Reply Answer(Open? open, string id, Upload upload, bool wantsResponse)
    {
        if (open is null || open.Id != id || clock.GetUtcNow() - open.At > FirstAnswerIn)
            return Reply.UnknownInteraction;
        lock (world.Lock)
        {
            if (open.Answered.Task.IsCompleted)
                return open.Answered.Task.IsCompletedSuccessfully ? Reply.AlreadyAnswered : Reply.UnknownInteraction;
            if (AnswerCheck.Problem(upload, open.Type, open.On is not null) is { } problem)
                return problem;
            var made = Do(open, upload);
            open.Answered.TrySetResult(upload.Json.DeepClone().AsObject());
            if (!wantsResponse)
                return Reply.Empty;
            var resource = new JsonObject { ["type"] = upload.Json["type"]!.DeepClone() };
            if (made is not null)
                resource["message"] = made.Json.DeepClone();
            return Reply.Ok(
                new JsonObject
                {
                    ["interaction"] = new JsonObject { ["id"] = open.Id, ["type"] = open.Type },
                    ["resource"] = resource,
                }
            );
        }
    }

    private Post? Do(Open open, Upload upload)
    {
        var (type, data) = ((int)upload.Json["type"]!, upload.Json["data"] as JsonObject ?? []);
        var onlyFor = (((int?)data["flags"] ?? 0) & Ephemeral) != 0 ? open.By.Id : null;
        var content = upload with { Json = data };
        switch (type)
        {
            case 4:
                return open.Original = posting.Create(open.Room, world.Bot, content, true, onlyFor, false, j => Metadata(open, j));
            case 5:
                open.Original = posting.Create(open.Room, world.Bot, new Upload([], []), true, onlyFor, true, j => Metadata(open, j));
                return null;
            case 6:
                open.Original = open.On;
                return null;
            case 7:
                open.Original = open.On;
                posting.Edit(open.Room, open.On!, content);
                return open.On;
            default:
                return null;
        }
    }

    public Post FollowUp(Open open, Upload upload)
    {
        var onlyFor = (((int?)upload.Json["flags"] ?? 0) & Ephemeral) != 0 ? open.By.Id : null;
        return posting.Create(open.Room, world.Bot, upload, true, onlyFor);
    }

    private static void Metadata(Open open, JsonObject message) =>
        message["interaction_metadata"] = new JsonObject
        {
            ["id"] = open.Id,
            ["type"] = open.Type,
            ["user"] = open.By.ToJson(),
        };

    private async Task ExpireAsync(Open open)
    {
        await Task.WhenAny(open.Answered.Task, Task.Delay(FirstAnswerIn, clock));
        lock (world.Lock)
            open.Answered.TrySetException(new TimeoutException($"The application did not respond: {open.Type} of {open.By.Name}"));
        _ = open.Answered.Task.Exception;
        await Task.Delay(behaviour.TokenLifetime + FirstAnswerIn, clock);
        lock (world.Lock)
            _byToken.Remove(open.Token);
    }
}
