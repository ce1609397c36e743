using System.Collections.Concurrent;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Local;
using ChatOps.Bot.Terminal;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Ssh;
using ChatOps.Hosting;
using ChatOps.Local;
using ChatOps.Operations.Applying;
using ChatOps.Operations.Reconciling;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Lab;

/// <summary>The local edition in this process, against the lab's gateway, with people who speak.</summary>
internal sealed class Team : IAsyncDisposable
{
    public static readonly string Templates = Path.Combine(AppContext.BaseDirectory, "templates");

    private readonly LocalEdition _edition;
    private readonly IAsyncDisposable? _shell;
    private readonly PolicyFile _policy;
    private readonly string _log;
    private readonly StringWriter _transcript = new();
    private readonly TextWriter _output;
    private readonly CancellationTokenSource _printing = new();
    private readonly Task _printed;

    private Team(LocalEdition edition, IAsyncDisposable? shell, PolicyFile policy, string log, ConcurrentQueue<string> complaints)
    {
        (_edition, _shell, _policy, _log, Complaints) = (edition, shell, policy, log, complaints);
        _output = TextWriter.Synchronized(_transcript);
        _printed = new TerminalWriter(_output, isTerminal: false).RunAsync(edition.Room, _printing.Token);
    }

    public ConcurrentQueue<string> Complaints { get; }

    public ConversationCore Core => _edition.Core;

    public string Transcript
    {
        get
        {
            // A synchronized writer locks itself.
            lock (_output)
                return _transcript.ToString();
        }
    }

    /// <summary>Waits until it is said in the room, which prints in its own time: also after the log has it.</summary>
    public Task SaidAsync(string text) =>
        Eventually.TrueAsync(() => Transcript.Contains(text, StringComparison.Ordinal), () => $"not said: {text}\n{Transcript}");

    /// <param name="log">The log's file.</param>
    /// <param name="templates">The templates' folder; null for ours.</param>
    /// <param name="options">How long to wait; null for the usual.</param>
    /// <param name="gateways">What configuration names; null for the lab's.</param>
    /// <param name="shell">Another way to the gateways, which is the caller's to dispose of; null for SSH.</param>
    /// <param name="clock">Another clock.</param>
    /// <param name="looks">How often to look at the gateways, and for what; null for the usual.</param>
    /// <param name="repairsByItself">What policy says about drift.</param>
    public static async Task<Team> StartAsync(
        string log,
        string? templates,
        ApplyOptions? options,
        IReadOnlyList<Gateway>? gateways,
        IGatewayClient? shell = null,
        TimeProvider? clock = null,
        ReconcileOptions? looks = null,
        bool repairsByItself = false
    )
    {
        var lab = Lab.File;
        var policy = PolicyFile.Load(Path.Combine(AppContext.BaseDirectory, "policy.json"));
        var own = shell is null ? new SshGatewayClient(lab.Access with { ConnectTimeout = TimeSpan.FromSeconds(5) }) : null;
        var complaints = new ConcurrentQueue<string>();
        var edition = await LocalEdition.StartAsync(
            log,
            gateways ?? lab.Gateways,
            shell ?? own!,
            policy.Policy with
            {
                RepairsByItself = repairsByItself,
            },
            templates ?? Templates,
            options ?? ApplyOptions.Default,
            clock ?? TimeProvider.System,
            SentenceLog.To(complaints.Enqueue),
            default,
            looks
        );
        return new Team(edition, own, policy, log, complaints);
    }

    /// <summary>What was last handed to a speaker alone.</summary>
    public PrivateFile? Whispered { get; private set; }

    /// <summary>Someone says a line: <c>operator: expose vm2:8080 on 80</c>. False when it was refused.</summary>
    public async Task<bool> SayAsync(string line)
    {
        var (speaker, text) = NamedLine.Read(line, _policy.Users, _policy.Users.First(u => u.Actor.Id == "admin"))!.Value;
        return (await _edition.Chat.SayAsync(speaker, text, file => Whispered = file, default)).IsTaken;
    }

    /// <summary>The operator proposes, the approver approves; returns before it is applied.</summary>
    public async Task<int> AcceptAsync(string line)
    {
        var number = (await StateAsync()).NextNumber;
        Assert.True(await SayAsync($"operator: {line}"), Transcript);
        Assert.True(await SayAsync($"approver: approve {number}"), Transcript);
        return number;
    }

    /// <summary>The same, until it has its end.</summary>
    public async Task<ChangeStatus> DoAsync(string line)
    {
        var number = await AcceptAsync(line);
        await SettledAsync();
        return (await StateAsync()).Changes[number].Status;
    }

    /// <summary>The same, and it must have been applied.</summary>
    public async Task AppliedAsync(params string[] lines)
    {
        foreach (var line in lines)
        {
            var status = await DoAsync(line);
            Assert.True(status is ChangeStatus.Applied, $"{line}: {status}\n{Transcript}\n{string.Join('\n', Complaints)}");
        }
    }

    public Task SettledAsync() =>
        Eventually.TrueAsync(async () => (await StateAsync()).Head is null, () => $"{Transcript}\n{string.Join('\n', Complaints)}");

    /// <summary>What the log says now, folded by someone who has nothing to do with the edition.</summary>
    public Task<GatewayState> StateAsync(string gateway = "gw1") => StateOfAsync(_log, gateway);

    /// <summary>All records, read by someone who has nothing to do with the edition.</summary>
    public async IAsyncEnumerable<Recorded> ReadLogAsync()
    {
        await using var log = await SqliteEventLog.OpenAsync(_log);
        await foreach (var recorded in log.ReadAllAsync(0, default))
            yield return recorded;
    }

    public static async Task<GatewayState> StateOfAsync(string path, string gateway = "gw1")
    {
        await using var log = await SqliteEventLog.OpenAsync(path);
        using var ledger = new Ledger(log, TimeProvider.System);
        return await ledger.LoadAsync(Text.Parse<Name<Gateway>>(gateway), default);
    }

    public async ValueTask DisposeAsync()
    {
        await _edition.DisposeAsync();
        if (_shell is not null)
            await _shell.DisposeAsync();
        await _printing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _printed);
        _printing.Dispose();
        await _transcript.DisposeAsync();
    }
}
