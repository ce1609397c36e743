using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ChatOps.StandIns.Discord;

/// <summary>The gateway of the stand-in: sessions, the events that each still has to be told, and what a test can do to them.</summary>
public sealed class GatewayServer
{
    private const int KnownIntents = (1 << 26) - 1;
    private const int MessageContent = 1 << 15;
    private const int GuildMessages = 1 << 9;
    private const int DirectMessages = 1 << 12;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = [];
    private readonly List<Link> _links = [];
    private readonly World _world;
    private readonly Behaviour _behaviour;
    private readonly TimeProvider _clock;
    private readonly string _token;
    private readonly Func<Uri> _address;
    private DateTimeOffset _lastIdentify = DateTimeOffset.MinValue;

    internal GatewayServer(World world, Behaviour behaviour, TimeProvider clock, string token, Func<Uri> address) =>
        (_world, _behaviour, _clock, _token, _address) = (world, behaviour, clock, token, address);

    /// <summary>True: heartbeats are no longer answered; the connection looks alive and is dead.</summary>
    public bool IsMute { get; set; }

    /// <summary>True: what is dispatched no longer arrives, though it counts; a resume brings it.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>The next so many connections are closed at once, before HELLO.</summary>
    public int ConnectionsToRefuse { get; set; }

    /// <summary>The close code that the next IDENTIFY gets; null for none.</summary>
    public int? CodeForIdentify { get; set; }

    /// <summary>What comes of a RESUME.</summary>
    public Resuming Resuming { get; set; }

    /// <summary>How many times a session was begun.</summary>
    public int Identified { get; private set; }

    /// <summary>How many times a session was resumed.</summary>
    public int Resumed { get; private set; }

    /// <summary>How many heartbeats came in.</summary>
    public int Heartbeats { get; internal set; }

    /// <summary>The paths that were connected to, with their query.</summary>
    public IReadOnlyList<string> Connections
    {
        get
        {
            lock (_lock)
                return [.. _connections];
        }
    }

    private readonly List<string> _connections = [];

    /// <summary>The codes with which the bot closed its connections.</summary>
    public List<int?> ClosedByBot { get; } = [];

    /// <summary>True while a session runs.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_lock)
                return _links.Any(l => l.Session is not null);
        }
    }

    /// <summary>Breaks all connections without a word.</summary>
    public void Drop() => Each(l => l.Abort());

    /// <summary>Closes all connections with a code.</summary>
    public Task CloseAsync(int code) => Task.WhenAll(All().Select(l => l.CloseAsync(code, "as the test wants it")));

    /// <summary>Op 7: connect again, please.</summary>
    public Task AskReconnectAsync() => SendAsync(7, null);

    /// <summary>Op 1: beat, please.</summary>
    public Task AskHeartbeatAsync() => SendAsync(1, null);

    /// <summary>Op 9: the session is invalid; it is forgotten unless it can be resumed.</summary>
    public Task InvalidateAsync(bool isResumable)
    {
        lock (_lock)
        {
            if (!isResumable)
                _sessions.Clear();
        }

        return SendAsync(9, isResumable);
    }

    /// <summary>Forgets all sessions: none can be resumed.</summary>
    public void ForgetSessions()
    {
        lock (_lock)
            _sessions.Clear();
    }

    /// <summary>Sends the last event once more, with the number that it had.</summary>
    public Task RepeatLastAsync() =>
        Task.WhenAll(All().Where(l => l.Session is { Sent.Count: > 0 }).Select(l => l.SendAsync(l.Session!.Sent[^1])));

    /// <summary>Dispatches any event.</summary>
    public void Dispatch(string name, JsonNode? data) => DispatchTo(_ => true, name, _ => data?.DeepClone());

    internal void Message(string name, JsonObject data)
    {
        var wanted = data.ContainsKey("guild_id") ? GuildMessages : DirectMessages;
        DispatchTo(s => (s.Intents & wanted) != 0, name, s => MaySee(s, data) ? data.DeepClone() : Blank(data));
    }

    internal async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !Api.IsBot(context.Request))
        {
            context.Response.StatusCode = 400;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var link = new Link(socket, this, _behaviour, _clock);
        lock (_lock)
        {
            _connections.Add($"{context.Request.Path}{context.Request.QueryString}");
            if (ConnectionsToRefuse > 0)
            {
                ConnectionsToRefuse--;
                link.Abort();
                return;
            }

            _links.Add(link);
        }

        try
        {
            if (context.Request.Query["v"] != "10" || context.Request.Query["encoding"] != "json")
                await link.CloseAsync(4012, "Invalid API version");
            else
                await link.RunAsync(context.RequestAborted);
        }
        finally
        {
            lock (_lock)
                _links.Remove(link);
        }
    }

    internal async Task IdentifyAsync(Link link, JsonObject data)
    {
        var intents = data["intents"] is JsonValue value && value.TryGetValue<int>(out var bits) ? bits : -1;
        var code =
            CodeForIdentify is { } asked ? asked
            : link.Session is not null ? 4005
            : data["token"]?.ToString() != _token ? 4004
            : data["properties"] is not JsonObject { Count: 3 } ? 4002
            : intents < 0 || intents > KnownIntents ? 4013
            : (intents & MessageContent) != 0 && !_behaviour.HasMessageContent ? 4014
            : (int?)null;
        CodeForIdentify = null;
        if (code is { } no)
        {
            await link.CloseAsync(no, "no");
            return;
        }

        Session session;
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            if (_behaviour.SessionsLeft <= 0 || now - _lastIdentify < _behaviour.BetweenSessions)
            {
                _ = link.SendAsync(9, false);
                return;
            }

            (_lastIdentify, Identified) = (now, Identified + 1);
            _behaviour.SessionsLeft--;
            session = new Session($"session-{Identified}", intents);
            _sessions[session.Id] = link.Session = session;
        }

        Send(session, "READY", ReadyFor(session));
        Send(session, "SOMETHING_NEW_UNDER_THE_SUN", new JsonArray(1, 2, null));
        Send(session, "GUILD_CREATE", _world.GuildJson());
    }

    internal async Task ResumeAsync(Link link, JsonObject data)
    {
        if (data["token"]?.ToString() != _token)
        {
            await link.CloseAsync(4004, "Authentication failed.");
            return;
        }

        if (Resuming == Resuming.Closes)
            await link.CloseAsync(4000, "Unknown error.");
        else if (Resuming == Resuming.Breaks)
            link.Abort();
        if (Resuming != Resuming.Works)
            return;
        lock (_lock)
        {
            var sequence = (long?)data["seq"] ?? 0;
            if (!_sessions.TryGetValue(data["session_id"]?.ToString() ?? "", out var session))
                _ = link.SendAsync(9, false);
            else if (sequence > session.Sequence)
                _ = link.CloseAsync(4007, "Invalid seq.");
            else
            {
                Resumed++;
                link.Session = session;
                foreach (var missed in session.Sent.Where(m => (long)m["s"]! > sequence).ToList())
                    _ = link.SendAsync(missed);
                Send(session, "RESUMED", new JsonObject { ["_trace"] = new JsonArray() });
            }
        }
    }

    private JsonObject ReadyFor(Session session) =>
        _behaviour.IsTerse
            ? new JsonObject
            {
                ["session_id"] = session.Id,
                ["user"] = new JsonObject { ["id"] = ulong.Parse(_world.Bot.Id, System.Globalization.CultureInfo.InvariantCulture) },
                ["guilds"] = null,
                ["application"] = null,
            }
            : new JsonObject
            {
                ["v"] = 10,
                ["user"] = _world.Bot.ToJson(),
                ["guilds"] = new JsonArray(new JsonObject { ["id"] = _world.Guild, ["unavailable"] = true }),
                ["session_id"] = session.Id,
                ["session_type"] = "normal",
                ["resume_gateway_url"] = new Uri(_address(), "/resume").ToString(),
                ["application"] = new JsonObject { ["id"] = _world.Application, ["flags"] = 0 },
                ["private_channels"] = new JsonArray(),
                ["_trace"] = new JsonArray("stand-in"),
            };

    private bool MaySee(Session session, JsonObject message) =>
        (session.Intents & MessageContent) != 0
        || !message.ContainsKey("guild_id")
        || message["author"]?["id"]?.ToString() == _world.Bot.Id
        || (message["mentions"] as JsonArray)?.Any(m => m?["id"]?.ToString() == _world.Bot.Id) == true;

    private static JsonObject Blank(JsonObject message)
    {
        var blank = message.DeepClone().AsObject();
        (blank["content"], blank["embeds"], blank["components"], blank["attachments"]) = (
            "",
            new JsonArray(),
            new JsonArray(),
            new JsonArray()
        );
        return blank;
    }

    private void DispatchTo(Func<Session, bool> wants, string name, Func<Session, JsonNode?> data)
    {
        lock (_lock)
        {
            foreach (var session in _sessions.Values.Where(wants))
            {
                for (var times = _behaviour.DispatchesTwice ? 2 : 1; times > 0; times--)
                    Send(session, name, data(session));
            }
        }
    }

    private void Send(Session session, string name, JsonNode? data)
    {
        lock (_lock)
        {
            var payload = session.Add(name, _behaviour.IsTerse ? Terse.Of(data) : data);
            foreach (var link in _links.Where(l => l.Session == session && !IsDeaf))
                _ = link.SendAsync(payload);
        }
    }

    private Task SendAsync(int op, JsonNode? data) => Task.WhenAll(All().Select(l => l.SendAsync(op, data?.DeepClone())));

    private List<Link> All()
    {
        lock (_lock)
            return [.. _links];
    }

    private void Each(Action<Link> act) => All().ForEach(act);
}
