using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChatOps.Azure.Shared;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Local;
using ChatOps.Bot.Terminal;
using ChatOps.CloudBot;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;
using ChatOps.Integration.Azurites;
using ChatOps.Integration.FunctionsHost;
using ChatOps.Rendering;
using ChatOps.Specs;
using ChatOps.Specs.Conventions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatOps.Integration.Faults;

/// <summary>
/// The Azurite edition: an Azurite of its own, what changes gateways as processes, and the bot's half in this process, with a gateway that
/// is a folder.
/// </summary>
internal sealed class Edition : IAsyncDisposable
{
    public const string Key = "the tests' key";

    public static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");

    private static readonly string Templates = Path.Combine(AppContext.BaseDirectory, "templates");
    private static readonly ChangePolicy NoApprovals = new([
        new(["expose", "unexpose", "vm add"], null, null, null, Role.Operator, new Approvals(0, "approver")),
    ]);
    private static readonly Speaker Operator = new(new Actor("local", "operator", "operator"), [Role.Operator]);

    private readonly TempFolder _folder = new();
    private readonly List<IFunctionProcess> _functions = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _transcript = new();
    private readonly TextWriter _output;
    private readonly List<Task> _running = [];
    private SharedStores? _stores;
    private ConversationHost? _host;
    private AuditedLog? _kept;
    private HttpNotifyingQueue? _hurried;

    private Edition(Azurite azurite) => (Azurite, _output) = (azurite, TextWriter.Synchronized(_transcript));

    public Azurite Azurite { get; }

    public ConversationCore Core => _host!.Core;

    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Where the gateway's files are.</summary>
    public string GatewayFolder => _folder.In("gateways/gw1");

    public string Transcript
    {
        get
        {
            // A synchronized writer locks itself.
            lock (_output)
                return _transcript.ToString();
        }
    }

    /// <param name="functions">How many processes change gateways.</param>
    /// <param name="through">Puts something in front of the queue; then nothing is nudged but through it. Null to nudge by request
    /// too.</param>
    /// <param name="more">Their settings besides the usual.</param>
    /// <param name="hosted">True for the function app under a host, false for the worker that needs none.</param>
    public static async Task<Edition> StartAsync(
        int functions = 1,
        Func<INudgeQueue, INudgeQueue>? through = null,
        IReadOnlyDictionary<string, string>? more = null,
        bool hosted = false
    )
    {
        var folder = new TempFolder();
        var edition = new Edition(await Azurite.StartAsync(Checkout.Root, folder.Path)) { Owned = folder };
        try
        {
            for (var i = 0; i < functions; i++)
            {
                var settings = new Dictionary<string, string>(
                    edition.SettingsOf($"functions{i}").Concat(more ?? new Dictionary<string, string>())
                );
                edition._functions.Add(
                    hosted ? await HostedFunctions.StartAsync(settings, Key) : await WorkerProcess.StartAsync(settings, Key)
                );
            }

            await edition.TalkAsync(through);
            return edition;
        }
        catch
        {
            await edition.DisposeAsync();
            throw;
        }
    }

    private TempFolder? Owned { get; init; }

    public IReadOnlyList<IFunctionProcess> Functions => _functions;

    /// <summary>The operator says a line, which policy approves by itself; false when it was refused.</summary>
    public async Task<bool> SayAsync(string line, params Role[] asWell) =>
        (await Core.Chat.SayAsync(Operator with { Roles = [.. Operator.Roles, .. asWell] }, line, null, _stop.Token)).IsTaken;

    /// <summary>Waits until nothing that was accepted is left to do.</summary>
    public Task SettledAsync() => Eventually.TrueAsync(async () => await StateAsync() is not { Head: not null, Stuck: null }, Said);

    /// <summary>What the log says, folded by someone who has nothing to do with bot or functions.</summary>
    public async Task<GatewayState> StateAsync()
    {
        await using var stores = await OpenAsync("witness");
        using var ledger = new Ledger(stores.Log, TimeProvider.System);
        return await ledger.LoadAsync(Gw1, default);
    }

    /// <summary>
    /// What has to be so after every fault: the folded log is what the gateway runs and has confirmed, to the byte, and each accepted
    /// change has exactly one end.
    /// </summary>
    public async Task<GatewayState> AgreedAsync()
    {
        var state = await StateAsync();
        Assert.Equal(state.RunningRevision.ToString(), PointerOf("confirmed"));
        Assert.Equal(state.RunningRevision.ToString(), PointerOf("current"));
        foreach (var (name, content) in new ConfigRenderer(new Templates(Templates)).Render(state.Running))
            Assert.Equal(content, await File.ReadAllTextAsync(Path.Combine(GatewayFolder, "current", name)));
        var (accepted, ends) = (new List<int>(), new List<int>());
        await using var stores = await OpenAsync("witness");
        await foreach (var recorded in stores.Log.ReadAllAsync(0, default))
        {
            if (recorded.Event is ChangeAccepted a)
                accepted.Add(a.Number);
            else if (recorded.Event is ChangeApplied or ChangeFailed)
                ends.Add(recorded.Event is ChangeApplied applied ? applied.Number : ((ChangeFailed)recorded.Event).Number);
        }

        Assert.Equal(accepted.Order(), ends.Order());
        Assert.Equal(ends.Distinct().Count(), ends.Count);
        return state;
    }

    /// <summary>Waits until it is said in the room, which prints in its own time: also after the log has it.</summary>
    public Task SaidAsync(string text) =>
        Eventually.TrueAsync(() => Transcript.Contains(text, StringComparison.Ordinal), () => $"not said: {text}\n{Said()}");

    public string Said() => $"{Transcript}\n{string.Join('\n', Complaints)}\n{string.Join('\n', _functions.SelectMany(f => f.Said))}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Select(t => t.ContinueWith(_ => { }, TaskScheduler.Default)));
        if (_host is not null)
            await _host.DisposeAsync();
        if (_kept is not null)
            await _kept.DisposeAsync();
        if (_hurried is not null)
            await _hurried.DisposeAsync();
        if (_stores is not null)
            await _stores.DisposeAsync();
        foreach (var functions in _functions)
            await functions.DisposeAsync();
        await Azurite.DisposeAsync();
        _stop.Dispose();
        _folder.Dispose();
        Owned?.Dispose();
        await _transcript.DisposeAsync();
    }

    private async Task TalkAsync(Func<INudgeQueue, INudgeQueue>? through)
    {
        _stores = await OpenAsync("bot");
        INudgeQueue queue = through?.Invoke(_stores.Queue)
            ?? (
                _hurried = new HttpNotifyingQueue(
                    _stores.Queue,
                    _functions[0].At,
                    Key,
                    SentenceLog.To(Complaints.Enqueue).CreateLogger<HttpNotifyingQueue>()
                )
            );
        _kept = await SharedLog.OpenAsync(
            _stores,
            _folder.In("bot"),
            null,
            TimeProvider.System,
            SentenceLog.To(Complaints.Enqueue),
            _stop.Token
        );
        _host = new ConversationHost(
            _kept.Events,
            _folder.In($"{Guid.CreateVersion7():N}.db"),
            KnownGateways.OfFolders,
            SentenceLog.To(Complaints.Enqueue),
            services => services.AddSingleton(queue).AddSingleton(NoApprovals).AddLogTalk(_ => _kept.Keeping).AddBoardReader(_stores)
        );
        _running.Add(new TerminalWriter(_output, isTerminal: false).RunAsync(Core.Room, _stop.Token));
        await _host.StartAsync(_stop.Token);
        Assert.True(await SayAsync("vm add vm2 400::100:0:0:2"), Said());
        await SettledAsync();
    }

    private Task<SharedStores> OpenAsync(string process) =>
        new SharedStores(
            StoreSettings.Read(n => SettingsOf(process).GetValueOrDefault(n), []),
            process,
            SentenceLog.To(Complaints.Enqueue)
        ).OpenAsync(default);

    private Dictionary<string, string> SettingsOf(string process) =>
        new()
        {
            ["CHATOPS:Storage"] = Azurite.ConnectionString,
            ["CHATOPS:Data"] = _folder.In(process),
            ["CHATOPS:Gateways:Folder"] = _folder.In("gateways"),
        };

    private string PointerOf(string name) => Path.GetFileName(new FileInfo(Path.Combine(GatewayFolder, name)).LinkTarget ?? "0");
}
