using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Discord;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Local;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Discord;
using ChatOps.Hosting;
using ChatOps.Operations.Hosting;
using ChatOps.Specs.Chat;
using ChatOps.StandIns.Discord;
using ChatOps.Storage;
using ChatOps.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Role = ChatOps.Core.Domain.Authority.Role;

namespace ChatOps.Specs.Discord;

/// <summary>
/// A team at the stand-in Discord with the bot: a real conversation over a real log. The bot can be stopped and started again. A gateway
/// that only this team's script answers for applies what is accepted.
/// </summary>
internal sealed class DiscordTeam : IAsyncDisposable
{
    public static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");

    private readonly TempFolder _folder = new();
    private readonly Func<IEventLog, IEventLog> _around;
    private readonly Way _way;
    private SqliteEventLog? _log;
    private ProvedLog? _proved;
    private ConversationHost? _host;
    private DiscordSurface? _surface;
    private WebApplication? _endpoint;

    private DiscordTeam(StandInDiscord discord, Way way, Func<IEventLog, IEventLog> around)
    {
        (Discord, _way, _around) = (discord, way, around);
        Edge = discord.AddChannel("edge");
        Notices = discord.AddChannel("edge-notices");
        var (operators, approvers, viewers) = (discord.AddRole("operators"), discord.AddRole("approvers"), discord.AddRole("viewers"));
        Olga = discord.AddPerson("Olga", operators);
        Ada = discord.AddPerson("Ada", approvers);
        Ben = discord.AddPerson("Ben", approvers);
        Vic = discord.AddPerson("Vic", viewers);
        Eve = discord.AddPerson("Eve");
        var admins = discord.AddRole("admins");
        Amy = discord.AddPerson("Amy", admins);
        Roles = ImmutableDictionary<Snowflake, Role>
            .Empty.Add(Id(operators), Role.Operator)
            .Add(Id(approvers), Role.Approver)
            .Add(Id(viewers), Role.Viewer)
            .Add(Id(admins), Role.Admin);
    }

    public StandInDiscord Discord { get; }

    public StandInChannel Edge { get; }

    public StandInChannel Notices { get; }

    public StandInPerson Olga { get; }

    public StandInPerson Ada { get; }

    public StandInPerson Ben { get; }

    public StandInPerson Vic { get; }

    public StandInPerson Eve { get; }

    public StandInPerson Amy { get; }

    public ScriptedGateway Gateway { get; } = new();

    public ImmutableDictionary<Snowflake, Role> Roles { get; }

    /// <summary>The gateway has a WireGuard key, so that peers can be given a configuration.</summary>
    public void HasWireGuard() => Gateway.WireGuardKey = Text.Parse<WireGuardKey>("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=");

    public ChangePolicy Policy { get; set; } = ChangePolicy.Default;

    public HealthBoard Board { get; } = new();

    public ConcurrentQueue<string> Complaints { get; } = new();

    public ConversationCore Core => _host!.Core;

    /// <summary>True while nothing in the background has died.</summary>
    public bool IsRunning => _host!.Loops.First is null;

    public DiscordSurface Bot => _surface!;

    /// <summary>True: what is accepted is applied, and the gateway is looked at. Takes effect at the next start.</summary>
    public bool Applies { get; set; } = true;

    /// <summary>
    /// How long the bot waits for an answer before it acknowledges. A machine that is busy with other tests is slow. Takes effect at the
    /// next start.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What Discord takes. Takes effect at the next start.</summary>
    public long LargestFile { get; set; } = 10_000_000;

    /// <summary>True: the log is sealed, signed and proved, as that of the local edition. Takes effect at the next start.</summary>
    public bool ProvesItsLog { get; set; }

    /// <summary>The files that wait on the bot's machine to be handed out.</summary>
    public string[] FilesLeft => Directory.Exists(_folder.In("exports")) ? Directory.GetFiles(_folder.In("exports")) : [];

    /// <summary>False: no channel for notices. Takes effect at the next start.</summary>
    public bool HasNotices { get; set; } = true;

    /// <summary>A team with the bot there, a gateway gw1 in the log, and vm2 behind it.</summary>
    public static async Task<DiscordTeam> StartAsync(
        Way way,
        Func<IEventLog, IEventLog>? around = null,
        Action<DiscordTeam>? configure = null
    )
    {
        // What Discord counts is counted in its specs; here it would only take time.
        var discord = await StandInDiscord.StartAsync(configure: b => (b.HasRateLimits, b.BetweenSessions) = (false, TimeSpan.Zero));
        var team = new DiscordTeam(discord, way, around ?? (log => log));
        configure?.Invoke(team);
        await team.StartBotAsync();
        return team;
    }

    public async Task StartBotAsync(string token = StandInDiscord.Token)
    {
        await StartCoreAsync();
        _surface = DiscordSurface.Start(
            Settings(token),
            Core,
            _folder.In("discord.db"),
            TimeProvider.System,
            SentenceLog.To(Complaints.Enqueue)
        );
        if (_way == Way.Https)
            await ListenAsync();
        await _surface.KnownAsync(default);
        await Eventually.TrueAsync(() => Discord.Commands.Count > 0 && (_way == Way.Https || Discord.Gateway.IsConnected));
    }

    /// <summary>
    /// Something that a process does with Discord beside it, as an edition starts it. False when Discord will not have the bot.
    /// </summary>
    public async Task<bool> BesideDiscordAsync(string token, Func<Task> act)
    {
        var roles = Roles.ToImmutableDictionary(r => r.Key.ToString(), r => r.Value);
        var section = new DiscordSection(
            Discord.Guild,
            [Edge.Id],
            null,
            roles,
            Discord.ApiBase.ToString(),
            Discord.GatewayUrl.ToString(),
            null,
            null,
            null
        );
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Discord:Token", token)]).Build();
        await StartCoreAsync(services =>
            services
                .AddSingleton<IConfiguration>(settings)
                .AddSingleton(new PolicyFile([], Policy, section))
                .AddDiscord(_folder.In("discord.db"))
        );
        await act();
        return await _host!.Services.GetRequiredService<DiscordService>().IsWelcomeAsync();
    }

    /// <summary>The log, the conversation and who applies; without Discord.</summary>
    /// <param name="more">Registers what else there is.</param>
    public async Task StartCoreAsync(Action<IServiceCollection>? more = null)
    {
        var logs = SentenceLog.To(Complaints.Enqueue);
        _log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        _proved = ProvesItsLog ? await ProvedLog.OpenAsync(_around(_log), _folder.In("log.db"), _folder.In("exports"), logs) : null;
        _host = new ConversationHost(_proved?.Events ?? _around(_log), _folder.In("past.db"), [Given.Gateway()], logs, Register);
        await _host.StartAsync();
        if ((await StateAsync()).Running.Vms.IsEmpty)
            await HappensAsync(new VmAdded(0, Given.Vm("vm2"), [Text.Parse<Address>("400::100:0:0:2")]));

        void Register(IServiceCollection services)
        {
            services.AddSingleton(Policy).AddSingleton<IHealthBoard>(Board);
            if (_proved is { Keeping: var keeping })
                services.AddLogTalk(_ => keeping);
            if (Applies)
                services.AddSingleton<IGatewayClient>(Gateway).AddOperations().AddGatewayWorker();
            more?.Invoke(services);
        }
    }

    public async Task StopBotAsync()
    {
        if (_endpoint is not null)
            await _endpoint.DisposeAsync();
        if (_surface is not null)
            await _surface.DisposeAsync();
        await StopCoreAsync();
        (_endpoint, _surface) = (null, null);
    }

    public Task<GatewayState> StateAsync() => Core.Ledger.LoadAsync(Gw1, default);

    /// <summary>Writes events as the other steps of the program would.</summary>
    public Task HappensAsync(params ImmutableArray<GatewayEvent> events) =>
        Core.Ledger.DecideAsync(Gw1, new Origin(Guid.NewGuid().ToString(), Actor.Apply), _ => new Decision.Accepted(events), default);

    /// <summary>Somebody at the terminal or the page says a line.</summary>
    public async Task<bool> SayElsewhereAsync(Speaker speaker, string line) =>
        (await Core.Chat.SayAsync(speaker, line, null, default)).IsTaken;

    /// <summary>The card of a change, once it reads like this.</summary>
    public Task<SeenMessage> CardAsync(int change, string text, StandInChannel? channel = null) =>
        Vic.SeesAsync(channel ?? Edge, m =>
            m.Text.StartsWith($"#{change} ", StringComparison.Ordinal) && m.Text.Contains(text, StringComparison.Ordinal)
        );

    /// <summary>All cards of a change that there are.</summary>
    public int CardsOf(int change) => Vic.Sees(Edge).Count(m => m.Text.StartsWith($"#{change} ", StringComparison.Ordinal));

    /// <summary>Everything that a person can read.</summary>
    public string SeenBy(StandInPerson person) =>
        string.Join('\n', new[] { Edge, Notices }.SelectMany(c => person.Sees(c)).Concat(person.SeesDirectly()).Select(m => m.Text));

    public static Snowflake Id(string text) => Snowflake.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    public DiscordSettings Settings(string token) =>
        new(
            new DiscordOptions(new Secret(token))
            {
                ApiBase = Discord.ApiBase,
                GatewayUrl = Discord.GatewayUrl,
                FirstPause = TimeSpan.FromMilliseconds(50),
            },
            Id(Discord.Guild),
            [Id(Edge.Id)],
            HasNotices ? Id(Notices.Id) : null,
            Roles,
            ApplicationKey.Parse(Discord.PublicKey),
            null,
            UsesGateway: _way == Way.Gateway
        )
        {
            Patience = Patience,
            LargestFile = LargestFile,
        };

    public async ValueTask DisposeAsync()
    {
        if (_surface is not null)
            await StopBotAsync();
        else
            await StopCoreAsync();
        await Discord.DisposeAsync();
        _folder.Dispose();
    }

    private static string Templates => Path.Combine(AppContext.BaseDirectory, "templates");

    private async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _endpoint = builder.Build();
        _endpoint.MapPost("/interactions", Bot.EndpointFor(ApplicationKey.Parse(Discord.PublicKey)!).HandleAsync);
        await _endpoint.StartAsync();
        Discord.Behaviour.InteractionsUrl = new Uri($"{_endpoint.Urls.First()}/interactions");
    }

    private async Task StopCoreAsync()
    {
        if (_host is null)
            return;
        await _host.DisposeAsync();
        if (_proved is not null)
            await _proved.DisposeAsync();
        await _log!.DisposeAsync();
        _host = null;
    }
}
