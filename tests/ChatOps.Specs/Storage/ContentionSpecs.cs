using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage.Sqlite;
using static ChatOps.Specs.Storage.Sample;

namespace ChatOps.Specs.Storage;

/// <summary>
/// Somebody else writes to the same stream just before us, forty times in a row: what was to be written is written all the same.
/// </summary>
public sealed class ContentionSpecs : IDisposable
{
    private const int Rivals = 40;
    private readonly TempFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_decision_is_made_anew_until_it_is_written()
    {
        await using var log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        using var ledger = new Ledger(new ContestedLog(log), TimeProvider.System);
        var seen = new List<long>();
        var outcome = await ledger.DecideAsync(
            Text.Parse<Name<Gateway>>("gw1"),
            new Origin("ours", Ann),
            state =>
            {
                seen.Add(state.Version);
                return new Decision.Accepted([new QuestionAsked("ours")]);
            },
            default
        );
        Assert.Equal(Rivals + 1, Assert.Single(Assert.IsType<Outcome.Decided>(outcome).Records).Version);
        Assert.Equal(Enumerable.Range(0, Rivals + 1).Select(i => (long)i), seen);
    }

    [Fact]
    public async Task A_question_is_written_down()
    {
        await using var log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        await new QuestionLog(new ContestedLog(log), TimeProvider.System).RecordAsync(new Origin("ours", Ann), "who opened 80", default);
        Assert.Equal("ours.asked", (await log.Stream(QuestionAsked.Stream))[Rivals].Id);
    }

    [Fact]
    public async Task What_happens_to_the_log_is_written_down()
    {
        await using var log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        var written = await LogStream.WriteAsync(
            new ContestedLog(log),
            new Origin("ours", Ann),
            new PersonForgotten("local", "ann", []),
            Noon,
            default
        );
        Assert.Equal(Rivals + 1, written.Version);
    }

    private sealed class ContestedLog(IEventLog log) : IEventLog
    {
        private int _rivals;

        public async Task<AppendResult> AppendAsync(
            string stream,
            long expectedVersion,
            IReadOnlyList<NewRecord> records,
            CancellationToken cancel
        )
        {
            if (_rivals < Rivals)
                await log.AppendAsync(
                    stream,
                    _rivals,
                    [new NewRecord($"rival{_rivals++}", Noon, Ann, null, null, new QuestionAsked("theirs"))],
                    cancel
                );
            return await log.AppendAsync(stream, expectedVersion, records, cancel);
        }

        public IAsyncEnumerable<Recorded> ReadStreamAsync(string stream, long afterVersion, CancellationToken cancel) =>
            log.ReadStreamAsync(stream, afterVersion, cancel);

        public IAsyncEnumerable<Recorded> ReadAllAsync(long afterPosition, CancellationToken cancel) =>
            log.ReadAllAsync(afterPosition, cancel);

        public IAsyncEnumerable<Recorded> FollowAsync(long afterPosition, CancellationToken cancel) =>
            log.FollowAsync(afterPosition, cancel);

        public Task<long> HeadAsync(CancellationToken cancel) => log.HeadAsync(cancel);

        public Task<Recorded?> FindAsync(string id, CancellationToken cancel) => log.FindAsync(id, cancel);
    }
}
