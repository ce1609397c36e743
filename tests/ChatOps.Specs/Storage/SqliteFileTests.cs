using ChatOps.Core.Application.Ports;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Specs.Storage;

/// <summary>A file that is not a log of ours is refused, and stays as it is.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string LogFile => _folder.In("log.db");

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("hello")]
    [InlineData("hello, this is a longer text than the header of a database would be: one hundred bytes is how long that is, so go on.")]
    public async Task A_file_that_is_no_database_is_refused(string content)
    {
        await File.WriteAllTextAsync(LogFile, content);
        await IsRefused("it is not an SQLite database");
        Assert.Equal(content, await File.ReadAllTextAsync(LogFile));
    }

    [Fact]
    public async Task A_database_of_something_else_is_refused()
    {
        Execute("CREATE TABLE songs (title TEXT)");
        var before = await File.ReadAllBytesAsync(LogFile);
        await IsRefused("it is a database of something else");
        Assert.Equal(before, await File.ReadAllBytesAsync(LogFile));
    }

    [Fact]
    public async Task A_log_of_a_newer_program_is_refused()
    {
        await (await SqliteEventLog.OpenAsync(LogFile)).DisposeAsync();
        Execute("PRAGMA user_version = 2");
        await IsRefused("it has schema 2, and this program knows 1; a newer version of it wrote the file");
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var file = Path.Combine(_folder.In("nowhere"), "log.db");
        var error = await Assert.ThrowsAsync<IOException>(() => SqliteEventLog.OpenAsync(file));
        Assert.StartsWith($"opening {file}: ", error.Message, StringComparison.Ordinal);
    }

    private async Task IsRefused(string why)
    {
        var refusal = await Assert.ThrowsAsync<LogCorruptException>(() => SqliteEventLog.OpenAsync(LogFile));
        var start = $"{LogFile} cannot be used as an event log: {why}. Nothing was changed. Next: ";
        Assert.StartsWith(start, refusal.Message, StringComparison.Ordinal);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={LogFile};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
