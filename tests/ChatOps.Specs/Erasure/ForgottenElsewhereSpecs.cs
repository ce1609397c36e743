using System.Collections.Concurrent;
using System.Text;
using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Hosting;
using ChatOps.Storage.ReadModels;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Specs.Erasure;

/// <summary>
/// Two processes over one log: whom one of them forgets, the other forgets too, whether anybody asks it something or not.
/// </summary>
public sealed class ForgottenElsewhereSpecs : IAsyncLifetime
{
    private static readonly Speaker Ann = new(new Actor("local", "ann", "Ann Example"), [Role.Operator]);
    private static readonly AuditSearch Everything = new();

    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _complaints = [];
    private Process _here = null!;
    private Process _elsewhere = null!;

    public async Task InitializeAsync()
    {
        (_here, _elsewhere) = (await Process.OpenAsync(_folder, "here"), await Process.OpenAsync(_folder, "elsewhere"));
        await using var host = await HostAsync(_here);
        var core = host.Core;
        Assert.True((await core.Chat.SayAsync(Ann, "vm add vm2 400::100:0:0:2 because \"birthday shop\"", null, default)).IsTaken);
    }

    public async Task DisposeAsync()
    {
        await _here.DisposeAsync();
        await _elsewhere.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_process_that_runs_forgets_at_once_what_it_had_read()
    {
        await using var host = await HostAsync(_elsewhere);
        var core = host.Core;
        Assert.Contains((await core.Past.FindAsync(Everything, 1, 10, default)).Lines, l => l.Who == "Ann Example");
        Assert.True(Holds("elsewhere", "Ann Example"));
        await ForgetAsync(_here);
        await Eventually.TrueAsync(() => !Holds("elsewhere", "Ann Example"), () => "the name is still in the read model's file");
        Assert.False(Holds("elsewhere", "birthday"));
        var patience = Patience.Token;
        var card = (await core.Room.FollowAsync(patience).FirstAsync(e => e.Message.Key == "gw1#1", patience)).Message;
        Assert.Contains(SealedText.Erased, card.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("birthday", card.Text, StringComparison.Ordinal);
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task A_process_that_was_away_forgets_when_it_starts()
    {
        await using (var host = await HostAsync(_elsewhere))
            await host.Core.Past.CatchUpAsync(default);
        Assert.True(Holds("elsewhere", "Ann Example"));
        await ForgetAsync(_here);
        await using var again = await HostAsync(_elsewhere);
        await Eventually.TrueAsync(() => !Holds("elsewhere", "Ann Example"), () => "the name is still in the read model's file");
    }

    [Fact]
    public async Task Nobody_who_asks_finds_what_was_forgotten_elsewhere()
    {
        await using var past = new SqliteReadModel(_folder.In("elsewhere.past.db"), _elsewhere.Log);
        Assert.Single((await past.FindAsync(new() { By = "Ann Example" }, 1, 10, default)).Lines);
        await ForgetAsync(_here);
        Assert.Empty((await past.FindAsync(new() { By = "Ann Example" }, 1, 10, default)).Lines);
        Assert.Empty((await past.FindAsync(new() { Text = "birthday" }, 1, 10, default)).Lines);
        Assert.Contains((await past.FindAsync(new() { By = "ann" }, 1, 10, default)).Lines, l => l.Who == SealedText.Erased);
        Assert.DoesNotContain("Ann Example", (await past.VocabularyAsync(default)).People);
    }

    [Fact]
    public async Task What_is_made_anew_afterwards_has_nothing_of_it()
    {
        await ForgetAsync(_here);
        await using var past = new SqliteReadModel(_folder.In("elsewhere.past.db"), _elsewhere.Log);
        await past.CatchUpAsync(default);
        Assert.False(Holds("elsewhere", "Ann Example"));
        Assert.False(Holds("elsewhere", "birthday"));
    }

    // As the line "forget ann" does it; that line is an admin's, in LogTalkSpecs.
    private static async Task ForgetAsync(Process process)
    {
        var known = (await process.People.KnownAsync(default)).Single(k => k.Person.Id == "ann");
        await LogStream.WriteAsync(
            process.Log,
            new Origin("forget-ann", Actor.Configuration),
            new PersonForgotten("local", "ann", [known.Key]),
            DateTimeOffset.UtcNow,
            default
        );
    }

    private Task<ConversationHost> HostAsync(Process process) =>
        new ConversationHost(
            process.Log,
            _folder.In($"{process.Name}.past.db"),
            [Given.Gateway()],
            SentenceLog.To(_complaints.Enqueue)
        ).StartAsync();

    private bool Holds(string process, string text) =>
        Directory.GetFiles(_folder.Path, $"{process}.past.db*").Any(f => Bytes(f).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    private static byte[] Bytes(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or EndOfStreamException)
        {
            // It is being made anew.
            return "Ann Example"u8.ToArray();
        }
    }

    /// <summary>What a process has of the log: its own connections to the same files.</summary>
    private sealed record Process(string Name, SqliteEventLog Stored, SqlitePersonKeys People, ErasableLog Log) : IAsyncDisposable
    {
        public static async Task<Process> OpenAsync(TempFolder folder, string name)
        {
            var (stored, people) = (await SqliteEventLog.OpenAsync(folder.In("log.db")), SqlitePersonKeys.Open(folder.In("log.people")));
            return new(name, stored, people, new ErasableLog(stored, people));
        }

        public async ValueTask DisposeAsync()
        {
            Log.Dispose();
            await People.DisposeAsync();
            await Stored.DisposeAsync();
        }
    }
}
