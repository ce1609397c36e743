using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatOps.StandIns.Discord;

/// <summary>
/// Discord on loopback: REST and gateway of version 10 as documented, strict about what the bot sends, with one server, its channels and
/// people, and faults on request.
/// </summary>
public sealed class StandInDiscord : IAsyncDisposable
{
    /// <summary>The bot's token. It opens nothing but this.</summary>
    public const string Token = "stand-in.bot.token";

    private readonly WebApplication _app;
    private readonly Api _api;

    private StandInDiscord(TimeProvider clock, Behaviour behaviour, WebApplication app)
    {
        (_app, Behaviour, Clock) = (app, behaviour, clock);
        var posting = new Posting(World, clock);
        Gateway = new GatewayServer(World, behaviour, clock, Token, () => GatewayUrl);
        posting.Changed = Gateway.Message;
        Posting = posting;
        Interactions = new Interactions(World, posting, behaviour, clock);
        Limiter = new Limiter(behaviour, clock);
        _api = new Api(app, Token, behaviour, Limiter, Faults);
        new MessageRoutes(World, posting).Map(_api);
        new InteractionRoutes(World, posting, Interactions).Map(_api);
        new CommandRoutes(World, behaviour, Key.PublicKey, () => GatewayUrl).Map(_api);
        app.Map("/gateway", Gateway.HandleAsync);
        app.Map("/resume", Gateway.HandleAsync);
        app.MapFallback(Api.NotFoundAsync);
    }

    /// <summary>The setting <c>Discord:ApiBase</c>.</summary>
    public Uri ApiBase => new($"{Address}/api/v10/");

    /// <summary>The setting <c>Discord:GatewayUrl</c>.</summary>
    public Uri GatewayUrl => new($"{Address.Replace("http", "ws", StringComparison.Ordinal)}/gateway");

    /// <summary>The key that signs posted interactions, in hex.</summary>
    public string PublicKey => Key.PublicKey;

    /// <summary>The id of the server.</summary>
    public string Guild => World.Guild;

    /// <summary>The id of the application.</summary>
    public string Application => World.Application;

    /// <summary>The id of the bot's user.</summary>
    public string Bot => World.Bot.Id;

    /// <summary>How it behaves.</summary>
    public Behaviour Behaviour { get; }

    /// <summary>Faults of REST.</summary>
    public Faults Faults { get; } = new();

    /// <summary>The gateway.</summary>
    public GatewayServer Gateway { get; }

    /// <summary>How many requests were answered 429 because the bot sent too many.</summary>
    public int TooMany => Limiter.Refused;

    /// <summary>Whom the bot's messages have pinged: ids, or <c>everyone</c>.</summary>
    public IReadOnlyList<string> Pinged => World.Pinged;

    /// <summary>The commands that are registered, as Discord has them.</summary>
    public JsonArray Commands => World.Commands;

    /// <summary>All requests so far: <c>PATCH /api/v10/channels/...</c>.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_api.Requests)
                return [.. _api.Requests];
        }
    }

    internal World World { get; } = new();

    internal Posting Posting { get; }

    internal Interactions Interactions { get; }

    internal Limiter Limiter { get; }

    internal SigningKey Key { get; } = SigningKey.OfStandIn();

    internal TimeProvider Clock { get; }

    internal HttpClient Http { get; } = new() { Timeout = Timeout.InfiniteTimeSpan };

    private string Address { get; set; } = "http://127.0.0.1";

    /// <summary>Starts it on a free port of loopback.</summary>
    public static async Task<StandInDiscord> StartAsync(TimeProvider? clock = null, Action<Behaviour>? configure = null)
    {
        var behaviour = new Behaviour();
        configure?.Invoke(behaviour);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http1));
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.UseWebSockets();
        app.UseRouting();
        var discord = new StandInDiscord(clock ?? TimeProvider.System, behaviour, app);
        await app.StartAsync();
        discord.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return discord;
    }

    /// <summary>Signs a time and a body, as the header <c>X-Signature-Ed25519</c> has it.</summary>
    public string Sign(string time, byte[] body) => Key.Sign(time, body);

    /// <summary>A text channel, or one of another type.</summary>
    public StandInChannel AddChannel(string name, int type = 0)
    {
        lock (World.Lock)
        {
            var room = new Room(World.NewId(), World.Guild, name, type);
            World.Rooms[room.Id] = room;
            return new StandInChannel(this, room);
        }
    }

    /// <summary>A thread that somebody begins in a channel.</summary>
    public StandInChannel AddThread(StandInChannel channel, string name)
    {
        lock (World.Lock)
        {
            var room = new Room(World.NewId(), World.Guild, name, 11) { Parent = channel.Id };
            World.Rooms[room.Id] = room;
            return new StandInChannel(this, room);
        }
    }

    /// <summary>The thread at a message; null when there is none.</summary>
    public StandInChannel? ThreadAt(SeenMessage message)
    {
        lock (World.Lock)
            return World.Rooms.TryGetValue(message.Id, out var room) ? new StandInChannel(this, room) : null;
    }

    /// <summary>A role; gives its id.</summary>
    public string AddRole(string name)
    {
        lock (World.Lock)
        {
            var id = World.NewId();
            World.Roles[id] = name;
            return id;
        }
    }

    /// <summary>The bot's own role, as Discord makes it; gives its id.</summary>
    public string AddOwnRole()
    {
        lock (World.Lock)
            return World.OwnRole = AddRole("ChatOps");
    }

    /// <summary>A person with roles, by their ids.</summary>
    public StandInPerson AddPerson(string name, params string[] roles) => Add(name, false, roles);

    /// <summary>Another bot.</summary>
    public StandInPerson AddBot(string name) => Add(name, true, []);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Gateway.Drop();
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private StandInPerson Add(string name, bool isBot, string[] roles)
    {
        lock (World.Lock)
        {
            var user = new User(World.NewId(), name, isBot, roles);
            World.Users[user.Id] = user;
            return new StandInPerson(this, user);
        }
    }
}
