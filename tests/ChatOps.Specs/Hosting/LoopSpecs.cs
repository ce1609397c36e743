using System.Runtime.CompilerServices;
using ChatOps.Bot.Hosting;
using ChatOps.Core.Changes;
using ChatOps.Core.Log;
using ChatOps.Core.Loops;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Operations.Applying;
using ChatOps.Operations.Reconciling;
using ChatOps.Operations.Running;
using ChatOps.Specs.Chat;
using ChatOps.Storage;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Specs.Hosting;

/// <summary>A process whose background has died must not look alive.</summary>
public sealed class LoopSpecs : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _complaints = [];
    private SqliteEventLog _stored = null!;
    private DyingLog _log = null!;
    private ConversationCore _core = null!;

    public async Task InitializeAsync()
    {
        _stored = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        _log = new DyingLog(_stored);
        var templates = Path.Combine(AppContext.BaseDirectory, "templates");
        _core = new ConversationCore(_log, new InProcessNudgeQueue(), new HealthBoard(), ChangePolicy.Default, templates, _folder.In("past.db"), TimeProvider.System, SentenceLog.To(Complain));
        await _core.StartAsync([Given.Gateway()], default);
    }

    public async Task DisposeAsync()
    {
        await _core.DisposeAsync();
        await _stored.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_a_process_does_ends_when_a_loop_dies()
    {
        await using var loops = new BackgroundLoops();
        var die = new TaskCompletionSource();
        loops.Start("counting sheep", _ => die.Task);
        var acting = loops.WhileRunningAsync(ForeverAsync, default);
        die.SetException(new IOException("no sheep"));
        var ended = await Assert.ThrowsAsync<LoopEndedException>(() => acting);
        Assert.Equal("counting sheep has ended: no sheep. Nothing is lost: what was accepted is in the log. Next: start again", ended.Message);
    }

    [Fact]
    public async Task A_loop_that_just_returns_has_died_too()
    {
        await using var loops = new BackgroundLoops();
        loops.Start("counting sheep", _ => Task.CompletedTask);
        await Assert.ThrowsAsync<LoopEndedException>(() => loops.WhileRunningAsync(ForeverAsync, default));
    }

    [Fact]
    public async Task A_loop_that_is_stopped_has_not_died()
    {
        await using var loops = new BackgroundLoops();
        loops.Start("counting sheep", stop => Task.Delay(Timeout.Infinite, stop));
        Assert.Equal(7, await loops.WhileRunningAsync(_ => Task.FromResult(7), default));
        await loops.StopAsync();
        Assert.False(loops.Broken.IsCompleted);
    }

    [Fact]
    public async Task When_the_log_cannot_be_followed_any_more_the_conversation_is_over()
    {
        var acting = _core.Loops.WhileRunningAsync(ForeverAsync, default);
        _log.Die.SetException(new LogCorruptException("record 3 is not what it was"));
        var ended = await Assert.ThrowsAsync<LoopEndedException>(() => acting);
        Assert.Equal("showing the log", ended.Loop);
        Assert.IsType<LogCorruptException>(ended.InnerException);
    }

    [Fact]
    public async Task When_nudges_are_not_taken_any_more_the_worker_is_over()
    {
        var queue = new DyingQueue();
        await using var loops = new BackgroundLoops();
        WorkerOver(queue, new FakeTimeProvider()).Start(loops);
        queue.Die.SetException(new InvalidOperationException("no queue"));
        Assert.Equal("taking nudges", (await Assert.ThrowsAsync<LoopEndedException>(() => loops.WhileRunningAsync(ForeverAsync, default))).Loop);
    }

    [Fact]
    public async Task A_look_that_gives_up_waiting_does_not_end_the_timer()
    {
        var clock = new FakeTimeProvider();
        await using var loops = new BackgroundLoops();
        _log.Failure = new OperationCanceledException("something gave up waiting");
        WorkerOver(new DyingQueue(), clock).Start(loops);
        var seen = 0;
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(ReconcileOptions.Default.Every);
            lock (_complaints)
                seen = _complaints.Count(c => c.StartsWith("reconciling: something gave up waiting", StringComparison.Ordinal));
            return seen > 2;
        });
        Assert.False(loops.Broken.IsCompleted);
    }

    private GatewayWorker WorkerOver(INudgeQueue queue, TimeProvider clock)
    {
        var (gateway, board) = (new ScriptedGateway(), new HealthBoard());
        var tools = new ApplyTools(_core.Renderer, gateway, _core.Progress, clock, ApplyOptions.Default);
        return GatewayWorker.Create(new Ledger(_log, clock), tools, queue, board, ChangePolicy.Default, ReconcileOptions.Default, SentenceLog.To(Complain));
    }

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

        public Task<AppendResult> AppendAsync(string stream, long expectedVersion, IReadOnlyList<NewRecord> records, CancellationToken cancel) => log.AppendAsync(stream, expectedVersion, records, cancel);

        public IAsyncEnumerable<Recorded> ReadStreamAsync(string stream, long afterVersion, CancellationToken cancel) => Failure is { } failure ? throw failure : log.ReadStreamAsync(stream, afterVersion, cancel);

        public IAsyncEnumerable<Recorded> ReadAllAsync(long afterPosition, CancellationToken cancel) => Failure is { } failure ? throw failure : log.ReadAllAsync(afterPosition, cancel);

        public async IAsyncEnumerable<Recorded> FollowAsync(long afterPosition, [EnumeratorCancellation] CancellationToken cancel)
        {
            await foreach (var record in log.ReadAllAsync(afterPosition, cancel))
                yield return record;
            await Die.Task.WaitAsync(cancel);
        }

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
