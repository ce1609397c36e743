using System.Text.Json;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Local;
using ChatOps.Core.Domain.Authority;
using ChatOps.Hosting;
using ChatOps.Specs.Discord;
using ChatOps.Storage.Sqlite;
using ChatOps.Verify;

namespace ChatOps.Specs.Chat;

/// <summary>What an export of <c>audit</c> holds are the records as they lie in the log, names and reasons sealed.</summary>
public sealed class ExportedRecordSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _complaints = [];
    private int _lines;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_record_is_a_line_of_the_whole_export_that_chatops_verify_proves()
    {
        await using var stored = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        await using var proved = await ProvedLog.OpenAsync(
            stored,
            _folder.In("log.db"),
            _folder.In("exports"),
            SentenceLog.To(_complaints.Add)
        );
        var logs = SentenceLog.To(_complaints.Add);
        await using var host = await new ConversationHost(proved.Events, _folder.In("past.db"), [Given.Gateway()], logs, s =>
            s.AddLogTalk(_ => proved.Keeping)
        ).StartAsync();
        var core = host.Core;
        await SayAsync(core, Given.Operator, "vm add vm2 400::100:0:0:2 because \"the birthday shop\"");
        await SayAsync(core, Given.Approver, "approve 1");
        var some = await SayAsync(core, Given.Operator, "export audit as json");
        var whole = await SayAsync(core, Given.Admin, "export log");

        var said = new StringWriter();
        Assert.Equal(0, Command.Run([whole, "--key", _folder.In("log.vkey")], said, said));
        Assert.StartsWith("whole: ", said.ToString(), StringComparison.Ordinal);
        var lines = File.ReadLines(whole).ToHashSet(StringComparer.Ordinal);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(some));
        Assert.Equal(3, json.RootElement.GetArrayLength());
        Assert.All(json.RootElement.EnumerateArray(), e => Assert.Contains(e.GetProperty("record").GetRawText(), lines));
        Assert.Empty(_complaints);
    }

    private async Task<string> SayAsync(ConversationCore core, Speaker speaker, string line)
    {
        var path = "";
        Task<string> Hand(AnswerFile file, CancellationToken cancel)
        {
            path = file.Path;
            return Task.FromResult("here");
        }

        Assert.True(await core.Conversation.HandleAsync(new ChatLine($"line:{++_lines}", speaker, line, null, _ => { }, Hand), default));
        return path;
    }
}
