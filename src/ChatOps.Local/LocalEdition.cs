using System.Globalization;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Exports;
using ChatOps.Bot.Local;
using ChatOps.Bot.Peers;
using ChatOps.Bot.Replies;
using ChatOps.Core.Audit;
using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;
using ChatOps.Functions.Apply;
using ChatOps.Functions.Reconcile;
using ChatOps.Functions.Statistics;
using ChatOps.Rendering;
using ChatOps.Storage;
using ChatOps.Storage.ReadModels;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Local;

/// <summary>
/// Bot and functions in one process over an embedded log. It holds nothing that the log does not say: stop it anywhere, start it again, and it
/// goes on with what is unfinished.
/// </summary>
public sealed class LocalEdition : IAsyncDisposable
{
    private readonly SqliteEventLog _log;
    private readonly SqliteReadModel _past;
    private readonly ChangePolicy _policy;
    private readonly Ledger _ledger;
    private readonly Announcer _announcer;
    private readonly Reconcile _reconcile;
    private readonly GatewayWorker _worker;
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<string> _complain;
    private Task _running = Task.CompletedTask;

    private LocalEdition(string path, SqliteEventLog log, IGatewayShell shell, ChangePolicy policy, string templates, ApplyOptions options, ReconcileOptions looks, TimeProvider clock, Action<string> complain)
    {
        (_log, _complain) = (log, complain);
        _ledger = new Ledger(log, clock);
        Room = new ChatRoom(clock);
        var parsed = new Templates(templates);
        var renderer = new ConfigRenderer(parsed);
        var writer = new ReplyWriter(parsed);
        var previews = new Previews(renderer);
        var queue = new InProcessNudgeQueue();
        var board = new HealthBoard();
        _announcer = new Announcer(log, new ChangeCard(writer), new AlertCard(writer), previews, Room);
        _past = new SqliteReadModel(Path.ChangeExtension(path, "past.db"), log, new IndexNotice(Room));
        var answers = new Answers(_past, policy, previews, board, writer, clock);
        var exports = new ExportDesk(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "exports"), _past, log, writer, Room);
        var conversation = new Conversation(_ledger, queue, policy, answers, _announcer, new PeerKeys(board, writer, clock), exports, new QuestionLog(log, clock), writer, Room, clock);
        (Chat, _policy) = (new LocalChat(conversation, Room), policy);
        var apply = new Apply(_ledger, new ApplyTools(renderer, shell, _announcer, clock, options));
        _reconcile = new Reconcile(_ledger, queue, shell, board, policy, clock, looks);
        _worker = new GatewayWorker(apply, _reconcile, looks.Every, new Sampler(_ledger, shell, board, clock), queue, clock, complain);
    }

    /// <summary>The room that terminal and web page show.</summary>
    public ChatRoom Room { get; }

    /// <summary>Where lines are said.</summary>
    public LocalChat Chat { get; }

    /// <summary>What the log says, in an order in which questions are answered at once.</summary>
    public IReadModel Past => _past;

    /// <summary>What is hidden from someone, wherever they look.</summary>
    public async Task<Redaction> HiddenFromAsync(Speaker speaker, CancellationToken cancel) =>
        Redaction.For(speaker, _policy, (await _ledger.LoadAllAsync(cancel)).Values);

    /// <summary>How many changes have failed since the start.</summary>
    public int Failures => _announcer.Failures;

    /// <summary>The changes that are accepted and not finished.</summary>
    public IReadOnlyList<string> Unsettled => _announcer.Unsettled;

    /// <summary>Opens the log, makes the configured gateways known to it, and starts to work.</summary>
    /// <param name="logPath">The log's file; made when it is not there.</param>
    /// <param name="gateways">The gateways that configuration names.</param>
    /// <param name="shell">The way to them; not disposed of here.</param>
    /// <param name="policy">Who may what.</param>
    /// <param name="templates">The templates' folder.</param>
    /// <param name="options">How long to wait.</param>
    /// <param name="clock">The time.</param>
    /// <param name="complain">Hears of what goes wrong behind the scenes.</param>
    /// <param name="cancel">Gives up starting.</param>
    /// <param name="looks">How often to look at the gateways, and what is worth an alert; the usual for null.</param>
    /// <exception cref="LogCorruptException">The log cannot be trusted; nothing was started.</exception>
    /// <exception cref="ConfigurationException">The log knows a gateway under this name that is another machine.</exception>
    public static async Task<LocalEdition> StartAsync(
        string logPath,
        IReadOnlyList<Gateway> gateways,
        IGatewayShell shell,
        ChangePolicy policy,
        string templates,
        ApplyOptions options,
        TimeProvider clock,
        Action<string> complain,
        CancellationToken cancel,
        ReconcileOptions? looks = null
    )
    {
        var log = await SqliteEventLog.OpenAsync(logPath, cancel: cancel);
        var edition = new LocalEdition(logPath, log, shell, policy, templates, options, looks ?? ReconcileOptions.Default, clock, complain);
        try
        {
            foreach (var gateway in gateways)
                await edition.KnowAsync(gateway, cancel);
            await edition.BeginAsync(cancel);
            return edition;
        }
        catch
        {
            await edition.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops what runs; what is unfinished is in the log.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _reconcile.Dispose();
        _ledger.Dispose();
        await _past.DisposeAsync();
        await _log.DisposeAsync();
        _stop.Dispose();
    }

    private async Task KnowAsync(Gateway gateway, CancellationToken cancel)
    {
        var state = await _ledger.LoadAsync(gateway.Name, cancel);
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
        await _ledger.DecideAsync(gateway.Name, origin, _ => new Decision.Accepted([new GatewayAdded(0, gateway)]), cancel);
    }

    private async Task BeginAsync(CancellationToken cancel)
    {
        var now = 0L;
        await foreach (var recorded in _log.ReadAllAsync(0, cancel))
            now = recorded.Position;
        _running = Task.WhenAll(GuardAsync("showing the log", _announcer.RunAsync(now, _stop.Token)), GuardAsync("working", _worker.RunAsync(_stop.Token)));
        await _announcer.ReachedAsync(now, cancel);
    }

    private async Task GuardAsync(string what, Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception e)
        {
            _complain(string.Create(CultureInfo.InvariantCulture, $"{what} has ended: {e.Message}. Next: stop and start again; nothing is lost"));
        }
    }
}
