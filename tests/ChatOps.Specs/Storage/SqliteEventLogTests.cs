using ChatOps.Core.Application.Ports;
using ChatOps.Storage;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using static ChatOps.Specs.Storage.Sample;

namespace ChatOps.Specs.Storage;

public sealed class SqliteEventLogTests : EventLogConformance, IDisposable
{
    private readonly TempFolder _folder = new();

    private string LogFile => _folder.In("log.db");

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    /// <inheritdoc/>
    protected override async Task<IEventLog> OpenStoreAsync() => await SqliteEventLog.OpenAsync(LogFile);

    [Fact]
    public async Task A_writer_that_was_killed_leaves_nothing()
    {
        await (await OpenAsync()).Append(Gw1, 0, "a");
        using (var killed = new SqliteConnection($"Data Source={LogFile};Pooling=false"))
        {
            killed.Open();
            // So little memory that its pages are in the write-ahead log before any commit.
            Execute(killed, "PRAGMA cache_size = 1; BEGIN IMMEDIATE");
            for (var i = 0; i < 100; i++)
                Execute(killed, $"INSERT INTO records (stream, version, id, hash, body) VALUES ('s', {i}, '{i}', '', hex(zeroblob(2000)))");
            File.Copy(LogFile, _folder.In("copy.db"));
            File.Copy(LogFile + "-wal", _folder.In("copy.db-wal"));
        }

        Assert.True(new FileInfo(_folder.In("copy.db-wal")).Length > 100_000);
        await using var copy = await SqliteEventLog.OpenAsync(_folder.In("copy.db"));
        Assert.Equal(["a"], (await copy.All()).Ids());
        await copy.Append(Gw1, 1, "b");
        Assert.Equal(["a"], (await (await OpenAsync()).All()).Ids());
    }

    [Fact]
    public async Task Many_may_open_a_new_file_at_once()
    {
        var logs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SqliteEventLog.OpenAsync(_folder.In("new.db"))));
        await Task.WhenAll(logs.Select((log, i) => Task.Run(() => log.AppendAnyhow(Gw1, $"r{i}"))));
        Assert.Equal(8, (await logs[0].All()).Count);
        foreach (var log in logs)
            await log.DisposeAsync();
    }

    [Fact]
    public async Task Positions_have_no_gaps_after_appends_that_came_to_nothing()
    {
        var log = await OpenAsync();
        await log.Append(Gw1, 0, "a");
        await Assert.ThrowsAsync<InvalidOperationException>(() => log.AppendAsync(Gw1, 1, Records("b", "a"), default));
        await log.Append(Gw1, 1, "c");
        Assert.Equal([1, 2], (await log.All()).Select(r => r.Position));
        await OpenAsync();
    }

    [Fact]
    public async Task Opening_says_how_far_it_is()
    {
        await (await OpenAsync()).Append(Gw1, 0, [.. Enumerable.Range(0, 5001).Select(i => $"r{i}")]);
        var progress = new Steps();
        await using var log = await SqliteEventLog.OpenAsync(LogFile, progress);
        Assert.Equal([new LogProgress(5000, 5001), new LogProgress(5001, 5001)], progress);
    }

    [Fact]
    public async Task The_file_refuses_to_change_or_remove_a_record()
    {
        await (await OpenAsync()).Append(Gw1, 0, "a");
        using var connection = new SqliteConnection($"Data Source={LogFile};Pooling=false");
        connection.Open();
        var update = Assert.Throws<SqliteException>(() => Execute(connection, "UPDATE records SET stream = 'x'"));
        Assert.Contains("records are never changed", update.Message, StringComparison.Ordinal);
        var delete = Assert.Throws<SqliteException>(() => Execute(connection, "DELETE FROM records"));
        Assert.Contains("records are never removed", delete.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_log_says_so()
    {
        var log = await SqliteEventLog.OpenAsync(LogFile);
        await log.DisposeAsync();
        await log.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => log.AppendAsync(Gw1, 0, Records("a"), default));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => log.FindAsync("a", default));
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class Steps : List<LogProgress>, IProgress<LogProgress>
    {
        public void Report(LogProgress value) => Add(value);
    }
}
