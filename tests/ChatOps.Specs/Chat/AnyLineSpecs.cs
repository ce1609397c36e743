using System.Collections.Concurrent;
using System.Text.Json;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Local;
using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Hosting;
using ChatOps.Storage;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Specs.Chat;

/// <summary>
/// Whatever somebody types gets an answer where it was typed, over a log that seals what people write, and the program goes on.
/// </summary>
public sealed class AnyLineSpecs : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly InProcessNudgeQueue _queue = new();
    private SqliteEventLog _stored = null!;
    private SqlitePersonKeys _people = null!;
    private ErasableLog _log = null!;
    private ConversationHost _host = null!;
    private int _lines;

    private ConversationCore Core => _host.Core;

    public async Task InitializeAsync()
    {
        _stored = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        _people = SqlitePersonKeys.Open(_folder.In("log.people"));
        _log = new ErasableLog(_stored, _people);
        _host = await new ConversationHost(_log, _folder.In("past.db"), [Given.Gateway()], SentenceLog.To(_complaints.Enqueue), more: s =>
            s.AddSingleton<INudgeQueue>(_queue)
        ).StartAsync();
        await SayAsync(Given.Operator, "vm add vm2 400::100:0:0:2 because \"the birthday shop\"");
        await SayAsync(Given.Approver, "approve 1");
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _log.Dispose();
        await _people.DisposeAsync();
        await _stored.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task No_example_of_the_catalogue_meets_a_fault()
    {
        foreach (var example in Catalogue.All.SelectMany(c => c.Examples))
            Assert.False(string.IsNullOrEmpty(await SayAsync(Given.Admin, example)), example);
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task An_export_holds_the_stored_texts_with_their_hashes_and_says_them_in_words()
    {
        AnswerFile? file = null;
        await SayAsync(Given.Operator, "export audit as json", f => file = f);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file!.Path));
        var proposed = json.RootElement.EnumerateArray().Single(e => e.GetProperty("line").GetProperty("what").GetString() == "proposed");
        Assert.Equal(proposed.GetProperty("hash").GetString(), RecordFormat.HashOf(proposed.GetProperty("record").GetRawText()));
        Assert.DoesNotContain("birthday", proposed.GetProperty("record").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("the birthday shop", proposed.GetProperty("line").GetProperty("details").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_is_answered_where_it_was_typed_and_tried()
    {
        await NudgedAsync();
        var stuck = new Decision.Accepted([new ChangeStuck(1, "the disk is full")]);
        await Core.Ledger.DecideAsync(Given.Gateway().Name, new("stuck", Actor.Apply), _ => stuck, default);
        Assert.Contains("#1", await SayAsync(Given.Operator, "retry"), StringComparison.Ordinal);
        Assert.Contains("retried", await SayAsync(Given.Operator, "audit retried"), StringComparison.Ordinal);
        Assert.Contains("the disk is full", await SayAsync(Given.Operator, "audit stuck"), StringComparison.Ordinal);
        Assert.Empty(_complaints);

        await NudgedAsync();
    }

    [Fact]
    public async Task A_retry_that_is_about_a_message_and_no_change_is_answered_and_nudges()
    {
        await NudgedAsync();
        var unread = new Decision.Accepted([UnreadMessage.Alert("x")]);
        await Core.Ledger.DecideAsync(Given.Gateway().Name, new("unread", Actor.Apply), _ => unread, default);
        Assert.Equal("gw1: a person has seen it; gw1 is nudged anew", await SayAsync(Given.Operator, "retry"));
        Assert.Empty(_complaints);
        await NudgedAsync();
    }

    [Fact]
    public async Task Several_changes_are_approved_by_one_line_and_answered_in_one()
    {
        await SayAsync(Given.Operator, "expose vm2:8080 on 80");
        await SayAsync(Given.Operator, "open port 81 to vm2:8081");
        var answer = await SayAsync(Given.Approver, "approve 2, 3 and 9");
        Assert.Contains("#9: no change #9.", answer, StringComparison.Ordinal);
        var changes = (await Core.Ledger.LoadAsync(Given.Gateway().Name, default)).Changes;
        Assert.All([2, 3], n => Assert.IsType<ChangeStatus.Accepted>(changes[n].Status));
        Assert.Equal("expose vm2:8081 on 81", changes[3].Line);
    }

    [Fact]
    public async Task What_was_understood_stands_before_the_answer()
    {
        Assert.StartsWith(
            "= expose vm2:8080 on 80\n#2 on gw1",
            await SayAsync(Given.Operator, "please open port 80 to vm2:8080"),
            StringComparison.Ordinal
        );
        Assert.StartsWith("= approve 2\n#2 on gw1", await SayAsync(Given.Approver, "approve"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_fails_ends_a_line_and_not_the_program()
    {
        await _stored.DisposeAsync();
        Assert.Contains("this could not be done", await SayAsync(Given.Operator, "expose vm2:8080 on 80"), StringComparison.Ordinal);
        Assert.NotEmpty(_complaints);
    }

    private async Task NudgedAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await foreach (var nudge in _queue.ReceiveAsync(patience.Token))
        {
            await nudge.CompleteAsync();
            return;
        }
    }

    private async Task<string> SayAsync(Speaker speaker, string line, Action<AnswerFile>? hand = null)
    {
        var said = new List<string>();
        await Core.Conversation.HandleAsync(
            new ChatLine(
                $"line:{++_lines}",
                speaker,
                line,
                _ => said.Add("private"),
                m => said.Add(m.Text),
                (file, _) =>
                {
                    hand?.Invoke(file);
                    return Task.FromResult("here");
                }
            ),
            default
        );
        return string.Join('\n', said);
    }
}
