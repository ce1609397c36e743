using System.Text;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using static ChatOps.Specs.Storage.Sample;

namespace ChatOps.Specs.Storage;

/// <summary>A file that somebody or something has changed is refused when it is opened, in words that name the record.</summary>
public sealed class SqliteCorruptionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string LogFile => _folder.In("log.db");

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    // The log: gw1 a, b, c at positions 1, 2, 4 and gw2 x at position 3.
    [Theory]
    [InlineData("body = replace(body, 'Ann', 'Bob') WHERE id = 'b'", "gateway/gw1 version 2 (id b, position 2)", "its text has the hash ")]
    [InlineData("body = CAST(x'ff' AS TEXT) WHERE id = 'b'", "gateway/gw1 version 2 (id b, position 2)", "its text has the hash ")]
    [InlineData(
        "hash = replace(hash, substr(hash, 1, 1), 'x') WHERE id = 'c'",
        "gateway/gw1 version 3 (id c, position 4)",
        "the log says x"
    )]
    [InlineData(
        "stream = 'gateway/gw9' WHERE id = 'x'",
        "gateway/gw9 version 1 (id x, position 3)",
        "that of gateway/gw2 version 1 (id x)"
    )]
    [InlineData("version = 7 WHERE id = 'c'", "gateway/gw1 version 7 (id c, position 4)", "that of gateway/gw1 version 3 (id c)")]
    [InlineData("id = 'y' WHERE id = 'x'", "gateway/gw2 version 1 (id y, position 3)", "that of gateway/gw2 version 1 (id x)")]
    [InlineData("position = 9 WHERE id = 'b'", "gateway/gw1 version 3 (id c, position 4)", "version 2 of its stream is missing before it")]
    [InlineData("position = 9 WHERE id = 'x'", "the record at position 3", "the last of its stream, is missing")]
    public async Task A_changed_record_is_refused(string change, string named, string why) =>
        await IsRefused($"UPDATE records SET {change}", named, why);

    [Theory]
    [InlineData("a", "gateway/gw1 version 2 (id b, position 2)", "version 1 of its stream is missing before it")]
    [InlineData("b", "gateway/gw1 version 3 (id c, position 4)", "version 2 of its stream is missing before it")]
    [InlineData("x", "the record at position 3", "4 records were written and 3 are there")]
    [InlineData("c", "the record at position 4", "4 records were written and 3 are there")]
    public async Task A_removed_record_is_refused(string id, string named, string why) =>
        await IsRefused($"DELETE FROM records WHERE id = '{id}'", named, why);

    [Fact]
    public async Task Records_whose_places_were_swapped_are_refused() =>
        await IsRefused(
            """
            UPDATE records SET position = 9 WHERE id = 'b';
            UPDATE records SET position = 2 WHERE id = 'c';
            UPDATE records SET position = 4 WHERE id = 'b'
            """,
            "gateway/gw1 version 3 (id c, position 2)",
            "version 2 of its stream is missing before it"
        );

    [Fact]
    public async Task Records_whose_texts_were_swapped_are_refused() =>
        await IsRefused(
            """
            CREATE TEMP TABLE was AS SELECT * FROM records;
            UPDATE records SET (body, hash) = (SELECT body, hash FROM was WHERE id = 'c') WHERE id = 'b';
            UPDATE records SET (body, hash) = (SELECT body, hash FROM was WHERE id = 'b') WHERE id = 'c'
            """,
            "gateway/gw1 version 2 (id b, position 2)",
            "that of gateway/gw1 version 3 (id c)"
        );

    [Fact]
    public async Task A_record_that_was_written_anew_with_its_hash_breaks_the_chain()
    {
        var (body, hash) = RecordFormat.Seal(Record("b", number: 99), Gw1, 2, (await Written())[0].Hash);
        await IsRefused(
            $"UPDATE records SET body = '{body}', hash = '{hash}' WHERE id = 'b'",
            "gateway/gw1 version 3 (id c, position 4)",
            $"but version 2 has the hash {hash}"
        );
    }

    [Theory]
    [InlineData("change-approved.v1", "change-undone.v9", "unknown event type \"change-undone.v9\"")]
    [InlineData("\"prev\"", "\"before\"", "a member of the record is missing")]
    [InlineData("{\"actor\"", "", "it cannot be read")]
    public async Task A_text_that_this_program_cannot_read_is_refused(string was, string now, string why)
    {
        var (body, _) = RecordFormat.Seal(Record("c"), Gw1, 3, (await Written())[1].Hash);
        var other = body.Replace(was, now, StringComparison.Ordinal);
        await IsRefused(
            $"UPDATE records SET body = '{other}', hash = '{RecordFormat.HashOf(other)}' WHERE id = 'c'",
            "gateway/gw1 version 3 (id c, position 4)",
            why
        );
    }

    [Fact]
    public async Task One_wrong_byte_in_the_file_is_refused()
    {
        await Written();
        var bytes = await File.ReadAllBytesAsync(LogFile);
        bytes[bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("plan of b"))] ^= 1;
        await File.WriteAllBytesAsync(LogFile, bytes);
        await IsRefused("SELECT 1", "gateway/gw1 version 2 (id b, position 2)", "its text has the hash ");
    }

    [Fact]
    public async Task A_damaged_index_is_refused()
    {
        await Written();
        await IsRefused(
            "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = "
                + "'sqlite_autoindex_records_2') WHERE name = 'sqlite_autoindex_records_1'",
            LogFile,
            "damaged"
        );
    }

    [Fact]
    public async Task A_change_while_the_log_is_open_is_noticed_by_reading_and_by_appending()
    {
        await Written();
        await using var log = await SqliteEventLog.OpenAsync(LogFile);
        Change("UPDATE records SET body = replace(body, 'Ann', 'Bob') WHERE id = 'c'");
        await Assert.ThrowsAsync<LogCorruptException>(() => log.Stream(Gw1));
        await Assert.ThrowsAsync<LogCorruptException>(() => log.All());
        await Assert.ThrowsAsync<LogCorruptException>(() => log.FindAsync("c", default));
        await Assert.ThrowsAsync<LogCorruptException>(() => log.AppendAsync(Gw1, 3, Records("d"), default));
        Change("DELETE FROM records WHERE id = 'b'");
        await Assert.ThrowsAsync<LogCorruptException>(() => log.Stream(Gw1));
    }

    // Everything that the message must say: the file, which record, what is wrong, and what to do.
    private async Task IsRefused(string sql, string named, string why)
    {
        if (!File.Exists(LogFile))
            await Written();
        Change(sql);
        var refusal = await Assert.ThrowsAsync<LogCorruptException>(() => SqliteEventLog.OpenAsync(LogFile));
        var next = $"Nothing was changed. Next: stop the program and restore {LogFile} from a copy";
        Assert.StartsWith(LogFile, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(next, refusal.Message, StringComparison.Ordinal);
    }

    private async Task<List<Recorded>> Written()
    {
        await using var log = await SqliteEventLog.OpenAsync(LogFile);
        await log.Append(Gw1, 0, "a", "b");
        await log.Append(Gw2, 0, "x");
        await log.Append(Gw1, 2, "c");
        return await log.Stream(Gw1);
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={LogFile};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"DROP TRIGGER IF EXISTS records_are_not_changed; DROP TRIGGER IF EXISTS records_are_not_removed; {sql}";
        command.ExecuteNonQuery();
    }
}
