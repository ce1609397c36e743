using System.Runtime.CompilerServices;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Changes;
using ChatOps.Hosting;
using ChatOps.Operations.Hosting;
using ChatOps.Operations.Reconciling;
using ChatOps.Specs.Chat;
using ChatOps.Storage;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Specs.Hosting;

/// <summary>A process whose background has died must not look alive.</summary>
public sealed class LoopSpecs : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _complaints = [];
    private SqliteEventLog _stored = null!;
    private DyingLog _log = null!;
    private ConversationHost _host = null!;

    public async Task InitializeAsync()
    {
        _stored = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        _log = new DyingLog(_stored);
        _host = await new ConversationHost(_log, _folder.In("past.db"), [Given.Gateway()]).StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _stored.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_a_process_does_ends_when_a_loop_dies()
    {
        var die = new TaskCompletionSource();
        using var host = await StartedAsync(s => s.AddLoop("counting sheep", (_, _) => die.Task));
        var acting = EndOf(host).WhileRunningAsync(ForeverAsync, default);
        die.SetException(new IOException("no sheep"));
        var ended = await Assert.ThrowsAsync<LoopEndedException>(() => acting);
        Assert.Equal(
            "counting sheep has ended: no sheep. Nothing is lost: what was accepted is in the log. Next: start again",
            ended.Message
        );
        Assert.Equal(LoopEnd.Broken, EndOf(host).ExitCode);
        Assert.StartsWith(ended.Message, Assert.Single(_complaints), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_that_just_returns_has_died_too_also_for_who_ends_well_when_it_is_cancelled()
    {
        using var host = await StartedAsync(s => s.AddLoop("counting sheep", (_, _) => Task.CompletedTask));
        var acting = EndOf(host)
            .WhileRunningAsync(
                async cancel =>
                {
                    await Task.Delay(Timeout.Infinite, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return 0;
                },
                default
            );
        await Assert.ThrowsAsync<LoopEndedException>(() => acting);
    }

    [Fact]
    public async Task A_loop_that_is_stopped_has_not_died()
    {
        using var host = await StartedAsync(s => s.AddLoop("counting sheep", (_, stop) => Task.Delay(Timeout.Infinite, stop)));
        Assert.Equal(7, await EndOf(host).WhileRunningAsync(_ => Task.FromResult(7), default));
        await host.StopAsync();
        Assert.Equal((null, 0), (EndOf(host).First, EndOf(host).ExitCode));
    }

    [Fact]
    public async Task When_the_log_cannot_be_followed_any_more_the_conversation_is_over()
    {
        var acting = _host.Loops.WhileRunningAsync(ForeverAsync, default);
        _log.Die.SetException(new LogCorruptException("record 3 is not what it was"));
        var ended = await Assert.ThrowsAsync<LoopEndedException>(() => acting);
        Assert.Equal("showing the log", ended.Loop);
        Assert.IsType<LogCorruptException>(ended.InnerException);
    }

    [Fact]
    public async Task When_nudges_are_not_taken_any_more_the_worker_is_over()
    {
        var queue = new DyingQueue();
        using var host = await StartedAsync(s => AddWorker(s, queue, new FakeTimeProvider()));
        queue.Die.SetException(new InvalidOperationException("no queue"));
        Assert.Equal(
            "taking nudges",
            (await Assert.ThrowsAsync<LoopEndedException>(() => EndOf(host).WhileRunningAsync(ForeverAsync, default))).Loop
        );
    }

    [Fact]
    public async Task A_look_that_gives_up_waiting_does_not_end_the_timer()
    {
        var clock = new FakeTimeProvider();
        _log.Failure = new OperationCanceledException("something gave up waiting");
        using var host = await StartedAsync(s => AddWorker(s, new DyingQueue(), clock));
        var seen = 0;
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(ReconcileOptions.Default.Every);
            lock (_complaints)
                seen = _complaints.Count(c => c.StartsWith("reconciling: something gave up waiting", StringComparison.Ordinal));
            return seen > 2;
        });
        Assert.Null(EndOf(host).First);
    }

    private async Task<IHost> StartedAsync(Action<IServiceCollection> register)
    {
        var builder = HostingServices.NewBuilder(SentenceLog.To(Complain));
        register(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static LoopEnd EndOf(IHost host) => host.Services.GetRequiredService<LoopEnd>();

    private void AddWorker(IServiceCollection services, INudgeQueue queue, TimeProvider clock) =>
        services
            .AddSingleton(clock)
            .AddSingleton<IEventLog>(_log)
            .AddSingleton(queue)
            .AddSingleton<IHealthBoard, HealthBoard>()
            .AddSingleton<IGatewayClient, ScriptedGateway>()
            .AddSingleton(ChangePolicy.Default)
            .AddSingleton(_host.Services.GetRequiredService<IConfigRenderer>())
            .AddSingleton(_host.Services.GetRequiredService<IApplyProgress>())
            .AddOperations()
            .AddGatewayWorker();

    private void Complain(string sentence)
    {
        lock (_complaints)
            _complaints.Add(sentence);
    }

    private static async Task<int> ForeverAsync(CancellationToken cancel)
    {
        await Task.Delay(Timeout.Infinite, cancel);
        return 0;
    }

    private sealed class DyingLog(IEventLog log) : IEventLog
    {
        public TaskCompletionSource Die { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Failure { get; set; }

        public Task<AppendResult> AppendAsync(
            string stream,
            long expectedVersion,
            IReadOnlyList<NewRecord> records,
            CancellationToken cancel
        ) => log.AppendAsync(stream, expectedVersion, records, cancel);

        public IAsyncEnumerable<Recorded> ReadStreamAsync(string stream, long afterVersion, CancellationToken cancel) =>
            Failure is { } failure ? throw failure : log.ReadStreamAsync(stream, afterVersion, cancel);

        public IAsyncEnumerable<Recorded> ReadAllAsync(long afterPosition, CancellationToken cancel) =>
            Failure is { } failure ? throw failure : log.ReadAllAsync(afterPosition, cancel);

        public async IAsyncEnumerable<Recorded> FollowAsync(long afterPosition, [EnumeratorCancellation] CancellationToken cancel)
        {
            await foreach (var record in log.ReadAllAsync(afterPosition, cancel))
                yield return record;
            await Die.Task.WaitAsync(cancel);
        }

        public Task<long> HeadAsync(CancellationToken cancel) => log.HeadAsync(cancel);

        public Task<Recorded?> FindAsync(string id, CancellationToken cancel) => log.FindAsync(id, cancel);
    }

    private sealed class DyingQueue : INudgeQueue
    {
        public TaskCompletionSource Die { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task SendAsync(Nudge nudge, CancellationToken cancel) => Task.CompletedTask;

        public async IAsyncEnumerable<TakenNudge> ReceiveAsync([EnumeratorCancellation] CancellationToken cancel)
        {
            await Die.Task.WaitAsync(cancel);
            yield break;
        }
    }
}
