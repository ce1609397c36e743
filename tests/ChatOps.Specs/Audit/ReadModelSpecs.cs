using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Language.Audit;
using ChatOps.Storage.ReadModels;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Specs.Audit;

/// <summary>The read model is a fold of the log and nothing else, whatever has happened to its file or to the log.</summary>
public sealed class ReadModelSpecs : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly Followed _followed = new();
    private SqliteEventLog _log = null!;

    private string File => _folder.In("past.db");

    public async Task InitializeAsync() => _log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));

    public async Task DisposeAsync()
    {
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_state_that_ever_was_is_the_fold_of_the_log_up_to_then()
    {
        await PortStory.TellAsync(_log, 700);
        await using var past = Open();
        var state = GatewayState.Initial(PortStory.Gw1);
        var byMinute = new Dictionary<DateTimeOffset, GatewayState>();
        await foreach (var recorded in _log.ReadAllAsync(0, default))
            byMinute[recorded.Time] = state = state.With(recorded);
        foreach (var (time, expected) in byMinute.Where((_, i) => i % 37 == 0))
            AssertSame(expected, await past.StateAtAsync(PortStory.Gw1, time, default));
        foreach (var (revision, edge) in state.Revisions.Where(r => r.Key % 41 == 1))
            AssertSame(edge, (await past.RevisionAsync(PortStory.Gw1, new(revision), default))!.Running);
    }

    [Fact]
    public async Task What_was_followed_is_not_followed_again()
    {
        await PortStory.TellAsync(_log, 700);
        var before = await CountAsync();
        Assert.True(_followed.Last > 0);
        _followed.Last = 0;
        Assert.Equal(before, await CountAsync());
        Assert.Equal(0, _followed.Last);
    }

    [Fact]
    public async Task What_comes_later_is_there_when_it_is_asked_for()
    {
        await PortStory.TellAsync(_log, 3);
        await using var past = Open();
        var before = (await past.FindAsync(new(), 1, 10, default)).Count;
        await _log.AppendAsync(
            QuestionAsked.Stream,
            0,
            [new("q", PortStory.Start, new("local", "ann", "Ann"), null, null, new QuestionAsked("status"))],
            default
        );
        Assert.Equal(before + 1, (await past.FindAsync(new(), 1, 10, default)).Count);
        Assert.Equal(
            "status",
            Assert
                .Single((await past.FindAsync(new() { Words = [AuditWord.Find("questions")!], By = "ann" }, 1, 10, default)).Lines)
                .Details
        );
    }

    [Fact]
    public async Task A_file_with_another_schema_is_made_anew()
    {
        await PortStory.TellAsync(_log, 30);
        var before = await CountAsync();
        Tamper("PRAGMA user_version = 999; DELETE FROM lines");
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task A_damaged_file_is_made_anew()
    {
        await PortStory.TellAsync(_log, 30);
        var before = await CountAsync();
        await System.IO.File.WriteAllTextAsync(File, new string('x', 100_000));
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task A_file_that_is_damaged_inside_is_made_anew()
    {
        await PortStory.TellAsync(_log, 400);
        var before = await CountAsync();
        Tamper("PRAGMA wal_checkpoint(TRUNCATE)");
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        bytes.AsSpan(4096 * 2).Fill(0x5a);
        await System.IO.File.WriteAllBytesAsync(File, bytes);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task A_missing_file_is_made_anew()
    {
        await PortStory.TellAsync(_log, 30);
        var before = await CountAsync();
        System.IO.File.Delete(File);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task An_older_copy_of_the_log_is_noticed()
    {
        await PortStory.TellAsync(_log, 60);
        await CountAsync();
        await using var older = await SqliteEventLog.OpenAsync(_folder.In("older.db"));
        await PortStory.TellAsync(older, 20);
        await using var past = new SqliteReadModel(File, older);
        Assert.Empty((await past.FindAsync(new() { Changes = [new(null, 21)] }, 1, 10, default)).Lines);
        Assert.NotEmpty((await past.FindAsync(new() { Changes = [new(null, 20)] }, 1, 10, default)).Lines);
    }

    [Fact]
    public async Task Another_log_in_the_place_of_the_one_that_was_followed_is_noticed()
    {
        await PortStory.TellAsync(_log, 60);
        await CountAsync();
        await using var other = await SqliteEventLog.OpenAsync(_folder.In("other.db"));
        await PortStory.TellAsync(other, 60, "other", "another");
        await using var past = new SqliteReadModel(File, other);
        Assert.Equal(0, (await past.FindAsync(new() { Text = "first" }, 1, 10, default)).Count);
        Assert.NotEqual(0, (await past.FindAsync(new() { Text = "another" }, 1, 10, default)).Count);
    }

    [Fact]
    public async Task Two_on_one_file_come_to_the_same()
    {
        await PortStory.TellAsync(_log, 10);
        await using var one = Open();
        await using var two = Open();
        Assert.Equal((await one.FindAsync(new(), 1, 10, default)).Count, (await two.FindAsync(new(), 1, 10, default)).Count);
        await _log.AppendAsync(
            QuestionAsked.Stream,
            0,
            [new("q", PortStory.Start, new("local", "ann", "Ann"), null, null, new QuestionAsked("status"))],
            default
        );
        Assert.Equal((await one.FindAsync(new(), 1, 10, default)).Count, (await two.FindAsync(new(), 1, 10, default)).Count);
        Assert.Single((await two.FindAsync(new() { By = "Ann" }, 1, 10, default)).Lines);
    }

    [Fact]
    public async Task A_database_of_something_else_stays_as_it_is()
    {
        Tamper("CREATE TABLE mine (a); INSERT INTO mine VALUES (1)");
        var error = await Assert.ThrowsAsync<IOException>(CountAsync);
        Assert.Contains("is a database of something else", error.Message, StringComparison.Ordinal);
        Tamper("SELECT a FROM mine");
    }

    [Fact]
    public async Task Pages_and_the_whole_are_the_same_lines()
    {
        await PortStory.TellAsync(_log, 400);
        await using var past = Open();
        var search = new AuditSearch { Words = [AuditWord.Find("approvals")!, AuditWord.Find("denied")!], By = "approver" };
        var all = await past.ReadAsync(search, default).ToListAsync();
        var paged = new List<AuditLine>();
        for (var page = 1; await past.FindAsync(search, page, 7, default) is { Lines.Length: > 0 } found; page++)
            paged.InsertRange(0, found.Lines);
        Assert.Equal(all, paged);
        Assert.Equal(400, all.Count);
    }

    private static void AssertSame(GatewayState expected, GatewayState actual)
    {
        Assert.Equal(expected.Version, actual.Version);
        Assert.Equal(expected.RunningRevision, actual.RunningRevision);
        Assert.Equal(expected.Changes.Values.Where(c => c.IsOpen).Select(c => c.Number).Order(), actual.Changes.Keys.Order());
        AssertSame(expected.Running, actual.Running);
    }

    private static void AssertSame(Edge expected, Edge actual)
    {
        Assert.Equal(expected.Gateway?.HostKey, actual.Gateway?.HostKey);
        Assert.Empty(EdgeDifference.Between(expected, actual, 0));
        Assert.Equal(expected.Exposures.Values.Select(x => x.Change), actual.Exposures.Values.Select(x => x.Change));
    }

    private SqliteReadModel Open() => new(File, _log, _followed);

    private async Task<int> CountAsync()
    {
        await using var past = Open();
        return (await past.FindAsync(new(), 1, 10, default)).Count;
    }

    private void Tamper(string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class Followed : IProgress<long>
    {
        public long Last { get; set; }

        public void Report(long value) => Last = value;
    }
}
