using System.Collections.Immutable;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Exports;
using ChatOps.Bot.Local;
using ChatOps.Bot.Peers;
using ChatOps.Bot.Replies;
using ChatOps.Core.Audit;
using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;
using ChatOps.Core.Log;
using ChatOps.Core.Loops;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;
using ChatOps.Rendering;
using ChatOps.Storage.ReadModels;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>
/// The conversation with all that it takes, over whatever log, queue and board an edition has. It holds nothing that the log does not say.
/// </summary>
public sealed partial class ConversationCore : IAsyncDisposable
{
    private readonly IEventLog _log;
    private readonly SqliteReadModel _past;
    private readonly Announcer _announcer;
    private readonly Func<IChatRoom, Action?, Announcer> _announcerTo;
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger<ConversationCore> _logger;
    private ImmutableArray<string> _troubles = [];
    private Task _forgetting = Task.CompletedTask;

    /// <summary>Puts it together; <see cref="StartAsync"/> begins.</summary>
    /// <param name="log">The log; not disposed of here.</param>
    /// <param name="queue">Where nudges go.</param>
    /// <param name="board">What was last heard of the gateways.</param>
    /// <param name="policy">Who may what.</param>
    /// <param name="templates">The templates' folder.</param>
    /// <param name="past">The file of the read model, of this process alone; it can be lost. Exports go into a folder beside it.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logs">Where it is logged what goes wrong behind the scenes, and what breaks.</param>
    /// <param name="keeping">What is kept beside the log to prove and to erase; null for nothing. Not disposed of here.</param>
    public ConversationCore(
        IEventLog log,
        INudgeQueue queue,
        IHealthBoard board,
        ChangePolicy policy,
        string templates,
        string past,
        TimeProvider clock,
        ILoggerFactory logs,
        LogKeeping? keeping = null
    )
    {
        (_log, Authority, Board, Clock, _logger) = (log, new Authority(policy), board, clock, logs.CreateLogger<ConversationCore>());
        Questions = new QuestionLog(log, clock);
        Ledger = new Ledger(log, clock);
        Room = new ChatRoom(clock);
        var parsed = new Templates(templates);
        var writer = new ReplyWriter(parsed);
        Renderer = new ConfigRenderer(parsed);
        Previews = new Previews(Renderer);
        _announcerTo = (room, onForgotten) => new Announcer(log, new ChangeCard(writer), new AlertCard(writer), Previews, room, logs.CreateLogger<Announcer>(), onForgotten);
        _announcer = _announcerTo(Room, Forget);
        _past = new SqliteReadModel(past, log, new IndexNotice(Room));
        var answers = new Answers(_past, Authority, Previews, board, writer, clock, () => _troubles);
        var exports = new ExportDesk(new ExportFolder(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(past))!, "exports")), _past, log, writer, Room);
        var keys = new PeerKeys(board, writer, clock);
        keeping?.Keeper.AlsoPutIn(new ChatCheckpointSink(Room, writer));
        var logTalk = keeping is null ? null : new LogTalk(log, keeping, _past, writer, Room, clock);
        Conversation = new Conversation.Conversation(Ledger, queue, Authority, answers, _announcer, keys, exports, Questions, writer, Room, clock, logs.CreateLogger<Conversation.Conversation>(), logTalk);
        Chat = new LocalChat(Conversation, Room);
    }

    /// <summary>What runs in the background, of this and of whatever else the process has: when one of them ends, the process is to.</summary>
    public BackgroundLoops Loops { get; } = new();

    /// <summary>The room that terminal and web page show.</summary>
    public ChatRoom Room { get; }

    /// <summary>What takes lines, from any surface.</summary>
    public Conversation.Conversation Conversation { get; }

    /// <summary>Where lines of this machine's people are said.</summary>
    public LocalChat Chat { get; }

    /// <summary>What the log says, in an order in which questions are answered at once.</summary>
    public IReadModel Past => _past;

    /// <summary>Who may what, now.</summary>
    public Authority Authority { get; }

    /// <summary>The policy in force.</summary>
    public ChangePolicy Policy => Authority.Policy;

    /// <summary>What was last heard of the gateways.</summary>
    public IHealthBoard Board { get; }

    /// <summary>The file diffs of plans.</summary>
    public Previews Previews { get; }

    /// <summary>Where questions are written down, when policy says so.</summary>
    public QuestionLog Questions { get; }

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; }

    /// <summary>What is hidden from someone, wherever they look.</summary>
    public async Task<Redaction> HiddenFromAsync(Speaker speaker, CancellationToken cancel) =>
        Redaction.For(Authority.AsOfNow(speaker), Policy, (await Ledger.LoadAllAsync(cancel)).Values);

    /// <summary>The states of the gateways.</summary>
    public Ledger Ledger { get; }

    /// <summary>What makes the files, for previews and for whoever applies in the same process.</summary>
    public ConfigRenderer Renderer { get; }

    /// <summary>Shows the steps of an apply.</summary>
    public IApplyProgress Progress => _announcer;

    /// <summary>How many changes have failed since the start.</summary>
    public int Failures => _announcer.Failures;

    /// <summary>The changes that are accepted and not finished.</summary>
    public IReadOnlyList<string> Unsettled => _announcer.Unsettled;

    /// <summary>The position in the log up to which the room shows everything.</summary>
    public long ShownUpTo => _announcer.Position;

    /// <summary>Completes when the room shows everything up to a position in the log.</summary>
    public Task ShownAsync(long position, CancellationToken cancel) => _announcer.ReachedAsync(position, cancel);

    /// <summary>Makes the configured gateways known to the log, and shows what is open in it and all that comes.</summary>
    /// <exception cref="LogCorruptException">The log cannot be trusted.</exception>
    /// <exception cref="ConfigurationException">The log knows a gateway under this name that is another machine.</exception>
    public async Task StartAsync(IReadOnlyList<Gateway> gateways, CancellationToken cancel)
    {
        foreach (var gateway in gateways)
            await KnowAsync(gateway, cancel);
        var now = 0L;
        await foreach (var recorded in _log.ReadAllAsync(0, cancel))
            now = recorded.Position;
        Loops.Start("showing the log", stop => _announcer.RunAsync(now, stop));
        await _announcer.ReachedAsync(now, cancel);
    }

    /// <summary>Says everywhere that a part of this process does not work until somebody has done something: in its own log, in the room, and in <c>status</c>.</summary>
    /// <param name="sentence">What does not work, and what to do.</param>
    /// <param name="key">The key of its message; one like an alert's is shown where alerts are.</param>
    public void Trouble(string sentence, string? key = null)
    {
        LogTrouble(sentence);
        ImmutableInterlocked.Update(ref _troubles, t => t.Add(sentence));
        Room.Post(new(key ?? $"trouble:{sentence}", null, sentence, null, [], Tone.Bad));
    }

    /// <summary>What <see cref="Trouble"/> has said is over.</summary>
    /// <param name="sentence">What was said.</param>
    /// <param name="key">The key of its message.</param>
    public void Mended(string sentence, string key)
    {
        ImmutableInterlocked.Update(ref _troubles, t => t.Remove(sentence));
        Room.Post(new(key, null, $"over: {sentence}", null, [], Tone.Good));
    }

    /// <summary>Says everywhere what people should know, and need not do anything about.</summary>
    public void Notice(string key, string sentence)
    {
        LogNotice(sentence);
        Room.Post(new(key, null, sentence, null, [], Tone.Plain));
    }

    /// <summary>Puts another policy file in force, once that stands in the log.</summary>
    /// <param name="first">The file at the start, by which surfaces know people.</param>
    /// <param name="file">The file from now on.</param>
    /// <param name="change">What differs.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="LogUnavailableException">It does not; the former one stays in force.</exception>
    public async Task EnforceAsync(PolicyFile first, PolicyFile file, PolicyChanged change, CancellationToken cancel)
    {
        var now = Clock.GetUtcNow();
        await LogStream.WriteAsync(_log, new Origin($"policy:{change.Hash}@{now.UtcTicks}", Actor.Configuration), change, now, cancel);
        Authority.Take(first, file);
    }

    /// <summary>Shows a surface of its own what has happened after a position in the log, as far as the room shows it now.</summary>
    public async Task CatchUpAsync(IChatRoom surface, long after, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var announcer = _announcerTo(surface, null);
        var running = announcer.RunAsync(after, over.Token);
        try
        {
            await announcer.ReachedAsync(ShownUpTo, cancel);
        }
        finally
        {
            await over.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Stops what runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Loops.DisposeAsync();
        await _forgetting;
        Ledger.Dispose();
        await _past.DisposeAsync();
        _stop.Dispose();
    }

    // Whoever was forgotten elsewhere, or while this process was away, is so here at once, and not when somebody asks next.
    private void Forget() =>
        _forgetting = Task.WhenAll(_forgetting, Unattended.RunAsync("forgetting somebody", Task.Run(() => _past.CatchUpAsync(_stop.Token)), _logger, _stop.Token));

    private async Task KnowAsync(Gateway gateway, CancellationToken cancel)
    {
        var state = await Ledger.LoadAsync(gateway.Name, cancel);
        if (state.Reachable([]) is { } known)
        {
            if (gateway.HostKey is { } key && known.HostKey is { } pinned && key != pinned)
            {
                throw new ConfigurationException(
                    $"{gateway.Name} is a new machine: its host key is {key}, and the log pinned {pinned}. The log tells the story of the former one. Next: ./run --fresh"
                );
            }

            return;
        }

        var origin = new Origin($"configuration:{gateway.Name}", Actor.Configuration);
        await Ledger.DecideAsync(gateway.Name, origin, _ => new Decision.Accepted([new GatewayAdded(0, gateway)]), cancel);
    }

    /// <summary>Logs what of ours broke.</summary>
    /// <param name="work">What was being done.</param>
    /// <param name="problem">What came of it.</param>
    /// <param name="why">With its trace.</param>
    [LoggerMessage(3, LogLevel.Error, "{Work}: {Problem}")]
    public partial void Broke(string work, string problem, Exception why);

    [LoggerMessage(1, LogLevel.Warning, "{Sentence}")]
    private partial void LogTrouble(string sentence);

    [LoggerMessage(2, LogLevel.Information, "{Sentence}")]
    private partial void LogNotice(string sentence);
}
