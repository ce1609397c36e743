using System.Runtime.CompilerServices;
using ChatOps.Bot.Chat;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Specs.Hosting;

/// <summary>What is dear is done once: reading the log at a start, and making a plan for a change.</summary>
public sealed class CountedSpecs : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private SqliteEventLog _stored = null!;
    private CountingLog _log = null!;
    private int _lines;

    public async Task InitializeAsync()
    {
        _stored = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        _log = new CountingLog(_stored);
    }

    public async Task DisposeAsync()
    {
        await _stored.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_start_reads_the_log_once_and_shows_what_is_open_in_it()
    {
        await using (var before = await HostAsync())
        {
            await SayAsync(before, Given.Operator, "vm add vm2 400::100:0:0:2");
            await SayAsync(before, Given.Approver, "approve 1");
            await SayAsync(before, Given.Operator, "expose vm2:8080 on 80");
        }

        var records = await _stored.ReadAllAsync(0, default).CountAsync();
        _log.Read = 0;
        await using var again = await HostAsync();
        Assert.Equal(records, _log.Read);
        Assert.Equal(await _stored.HeadAsync(default), again.Core.ShownUpTo);
        Assert.Contains(await again.Core.Room.FollowAsync(default).Take(2).ToListAsync(), e => e.Message.Key == "gw1#2");
        await SayAsync(again, Given.Approver, "approve 2");
        Assert.IsType<ChangeStatus.Accepted>((await again.Core.Ledger.LoadAsync(Given.Gateway().Name, default)).Changes[2].Status);
    }

    [Fact]
    public async Task A_plan_is_made_once_for_its_decision_its_card_its_approval_and_the_card_of_that()
    {
        await using var host = await HostAsync();
        await SayAsync(host, Given.Operator, "vm add vm2 400::100:0:0:2");
        await SayAsync(host, Given.Approver, "approve 1");
        Assert.Equal(1, host.Core.Ledger.Plans.Made);
        await SayAsync(host, Given.Operator, "expose vm2:8080 on 80");
        Assert.Equal(2, host.Core.Ledger.Plans.Made);
        Assert.Contains(
            "8080",
            (await host.Core.Room.FollowAsync(default).FirstAsync(e => e.Message.Key == "gw1#2")).Message.Diff,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_plan_is_made_anew_when_what_will_run_has_changed()
    {
        await using var host = await HostAsync();
        await SayAsync(host, Given.Operator, "vm add vm2 400::100:0:0:2");
        await SayAsync(host, Given.Operator, "vm add vm3 400::100:0:0:3");
        await SayAsync(host, Given.Approver, "approve 2");
        Assert.Equal(2, host.Core.Ledger.Plans.Made);
        await SayAsync(host, Given.Approver, "approve 1");
        Assert.Equal(3, host.Core.Ledger.Plans.Made);
    }

    private Task<ConversationHost> HostAsync() => new ConversationHost(_log, _folder.In("past.db"), [Given.Gateway()]).StartAsync();

    private async Task SayAsync(ConversationHost host, Speaker speaker, string line) =>
        Assert.True(await host.Core.Conversation.HandleAsync(new ChatLine($"line:{++_lines}", speaker, line, null), default), line);

    private sealed class CountingLog(IEventLog log) : IEventLog
    {
        private int _read;

        public int Read
        {
            get => _read;
            set => _read = value;
        }

        public Task<AppendResult> AppendAsync(
            string stream,
            long expectedVersion,
            IReadOnlyList<NewRecord> records,
            CancellationToken cancel
        ) => log.AppendAsync(stream, expectedVersion, records, cancel);

        public IAsyncEnumerable<Recorded> ReadStreamAsync(string stream, long afterVersion, CancellationToken cancel) =>
            Counted(log.ReadStreamAsync(stream, afterVersion, cancel), cancel);

        public IAsyncEnumerable<Recorded> ReadAllAsync(long afterPosition, CancellationToken cancel) =>
            Counted(log.ReadAllAsync(afterPosition, cancel), cancel);

        public IAsyncEnumerable<Recorded> FollowAsync(long afterPosition, CancellationToken cancel) =>
            Counted(log.FollowAsync(afterPosition, cancel), cancel);

        public IAsyncEnumerable<RecordText> ReadTextsAsync(long afterPosition, CancellationToken cancel) =>
            Counted(log.ReadTextsAsync(afterPosition, cancel), cancel);

        public Task<long> HeadAsync(CancellationToken cancel) => log.HeadAsync(cancel);

        public Task<Recorded?> FindAsync(string id, CancellationToken cancel) => log.FindAsync(id, cancel);

        private async IAsyncEnumerable<T> Counted<T>(IAsyncEnumerable<T> records, [EnumeratorCancellation] CancellationToken cancel)
        {
            await foreach (var record in records.WithCancellation(cancel))
            {
                Interlocked.Increment(ref _read);
                yield return record;
            }
        }
    }
}
