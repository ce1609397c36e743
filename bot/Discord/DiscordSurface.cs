using System.Collections.Concurrent;
using System.Threading.Channels;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Discord.Cards;
using ChatOps.Bot.Discord.Commands;
using ChatOps.Bot.Local;
using ChatOps.Core.Language.Commands;
using ChatOps.Discord;
using ChatOps.Hosting;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Discord;

/// <summary>
/// Discord as a surface of the conversation: takes what people say there, and shows the room's changes and alerts. Starting does not wait
/// for Discord, and while it cannot be reached everything else works.
/// </summary>
internal sealed partial class DiscordSurface : IAsyncDisposable
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly BackOff Registering = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));

    private readonly DiscordSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger<DiscordSurface> _log;
    private readonly StartupCheck _introduction;
    private readonly DiscordRest _rest;
    private readonly SqliteNotes _notes;
    private readonly CardBoard _board;
    private readonly CardFeed _feed;
    private readonly MessageHandler _messages;
    private readonly ConnectionWatch _outage;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _listening = new();
    private readonly ConcurrentDictionary<Task, bool> _handling = new();
    private readonly Channel<bool> _guildSeen = System.Threading.Channels.Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly TaskCompletionSource<Application> _known = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DiscordSurface(DiscordSettings settings, ConversationCore core, string notes, TimeProvider clock, ILoggerFactory logs)
    {
        (_settings, _clock, _log) = (settings, clock, logs.CreateLogger<DiscordSurface>());
        _rest = new DiscordRest(settings.Api, clock, Random.Shared);
        _rest.Waiting += (pause, why) => Waits(clock.GetUtcNow() + pause, why);
        _notes = SqliteNotes.Open(notes);
        var places = new CardPositions(_notes);
        var post = new CardPost(
            settings,
            _rest,
            places,
            new AlertThreads(_rest, places, logs.CreateLogger<AlertThreads>()),
            core.Ledger,
            logs.CreateLogger<CardPost>()
        );
        _board = new CardBoard(settings, post, places, clock, logs.CreateLogger<CardBoard>(), _stop.Token);
        var lines = new DiscordLineHandler(core.Conversation, core.Ledger, settings.LargestFile, logs.CreateLogger<DiscordLineHandler>());
        var direct = new DirectMessages(_rest);
        _feed = new CardFeed(core, _board, places, clock);
        _outage = new ConnectionWatch(clock, logs.CreateLogger<ConnectionWatch>());
        _introduction = new StartupCheck(settings, _rest, clock, logs.CreateLogger<StartupCheck>());
        _messages = new MessageHandler(settings, lines, _board, direct, _rest, logs.CreateLogger<MessageHandler>());
        Interactions = new InteractionHandler(settings, lines, _board, direct, _rest, core, clock, logs.CreateLogger<InteractionHandler>());
    }

    /// <summary>What takes interactions, whichever way they come in.</summary>
    public IInteractionHandler Interactions { get; }

    /// <summary>
    /// Ends only with an error: <see cref="ConfigurationException"/> when Discord will not have the bot as it is configured.
    /// </summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Starts, and returns before anything was sent.</summary>
    /// <param name="notes">The file in which it is kept where the cards stand.</param>
    /// <param name="logs">Where it is logged what goes wrong behind the scenes.</param>
    public static DiscordSurface Start(
        DiscordSettings settings,
        ConversationCore core,
        string notes,
        TimeProvider clock,
        ILoggerFactory logs
    )
    {
        var surface = new DiscordSurface(settings, core, notes, clock, logs);
        surface.Running = surface.RunAsync();
        return surface;
    }

    /// <param name="key">The application's public key, which they are signed with.</param>
    public InteractionEndpoint EndpointFor(ApplicationKey key) =>
        new(new InteractionSignature(key, InteractionSignature.UsualAge, _clock), Interactions, _rest, _clock, _stop.Token);

    /// <summary>Completes when Discord has said who the bot is; fails as <see cref="Running"/> does.</summary>
    public Task KnownAsync(CancellationToken cancel) => Task.WhenAny(_known.Task, Running).Unwrap().WaitAsync(cancel);

    /// <summary>Takes nothing new, finishes what it has begun as far as that takes seconds, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listening.CancelAsync();
        using var timeout = new CancellationTokenSource(DrainTimeout);
        await Task.WhenAll(_handling.Keys).WaitAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_known.Task.IsCompletedSuccessfully)
            await _feed.DrainAsync(PollInterval, timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_handling.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _board.EndedAsync();
        _feed.Dispose();
        _rest.Dispose();
        _notes.Dispose();
        _stop.Dispose();
        _listening.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        try
        {
            var application = await _introduction.KnowAsync(_stop.Token);
            _known.SetResult(application);
            await AllAsync(
                _feed.RunAsync(_stop.Token),
                RegisterAsync(application),
                _settings.UsesGateway ? ListenAsync() : Task.CompletedTask
            );
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (DiscordStopException e)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }

    // One that fails stops the others.
    private async Task AllAsync(params Task[] parts)
    {
        try
        {
            await foreach (var part in Task.WhenEach(parts))
                await part;
        }
        finally
        {
            await _stop.CancelAsync();
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Until they are there, and again whenever the server is seen anew: the bot may have been invited since, or once more.
    private async Task RegisterAsync(Application application)
    {
        var commands = SlashCommands.Of(Catalogue.All);
        var seen = _guildSeen.Reader.ReadAsync(_stop.Token).AsTask();
        for (var failures = 0; ; )
        {
            var error = (await _rest.RegisterAsync(application.Id, _settings.Guild, commands, _stop.Token)).Error;
            if (error is null && failures > 0)
                CommandsThere();
            else if (error is not null && failures == 0)
                NoCommands(
                    error.Sentence,
                    error.Kind is Refusing.Forbidden or Refusing.Gone
                        ? "; invite the bot with the scope applications.commands; docs/discord.md"
                        : ""
                );
            failures = error is null ? 0 : failures + 1;
            var pause = error is null ? Timeout.InfiniteTimeSpan : Registering.After(failures);
            if (await Task.WhenAny(seen, Task.Delay(pause, _clock, _stop.Token)) == seen)
            {
                await seen;
                seen = _guildSeen.Reader.ReadAsync(_stop.Token).AsTask();
            }

            _stop.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task ListenAsync()
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _listening.Token);
        var (bot, role) = ((Snowflake?)null, (Snowflake?)null);
        try
        {
            await foreach (
                var @event in new DiscordGateway(
                    _settings.Api,
                    Intents.Guilds | Intents.GuildMessages,
                    _rest,
                    _clock,
                    Random.Shared
                ).ListenAsync(either.Token)
            )
            {
                _outage.See(@event);
                switch (@event)
                {
                    case DiscordEvent.Ready ready:
                        bot = ready.Bot?.Id ?? bot;
                        break;
                    case DiscordEvent.GuildSeen { Guild: var guild } when guild.Id == _settings.Guild:
                        role = guild.Roles.FirstOrDefault(r => r.Bot is not null && r.Bot == bot)?.Id ?? role;
                        _guildSeen.Writer.TryWrite(true);
                        break;
                    case DiscordEvent.Interacted { Interaction: var interaction }:
                        Track(Interactions.HandleAsync(interaction, new CallbackAnswer(_rest, interaction), _stop.Token));
                        break;
                    case DiscordEvent.MessageCreated { Message: var message } when bot is { } self:
                        Track(_messages.HandleAsync(message, self, role, _stop.Token));
                        break;
                    case DiscordEvent.MessageEdited { Message: var message, At: var at } when bot is { } self:
                        Track(_messages.HandleEditedAsync(message, at, self, _stop.Token));
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (_listening.IsCancellationRequested && !_stop.IsCancellationRequested)
        {
            // Takes nothing new.
        }
    }

    private void Track(Task handling)
    {
        var watched = Supervised.RunAsync("handling something from Discord", handling, _log, _stop.Token);
        _handling[watched] = true;
        _ = watched.ContinueWith(
            t => _handling.TryRemove(t, out _),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
    }

    [LoggerMessage(1, LogLevel.Warning, "no slash commands on Discord: {Problem}. It is tried again{Next}")]
    private partial void NoCommands(string problem, string next);

    [LoggerMessage(2, LogLevel.Information, "the slash commands are there now.")]
    private partial void CommandsThere();

    [LoggerMessage(
        3,
        LogLevel.Warning,
        "Discord takes no requests of this kind before {Until:yyyy-MM-dd HH:mm:ss}: {Problem}. They wait; everything else works."
    )]
    private partial void Waits(DateTimeOffset until, string problem);
}
