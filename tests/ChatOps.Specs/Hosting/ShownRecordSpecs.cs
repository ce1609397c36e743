using ChatOps.Hosting;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace ChatOps.Specs.Hosting;

/// <summary>Whatever is in the log, the program goes on showing it.</summary>
public sealed class ShownRecordSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_record_that_cannot_be_shown_costs_one_message_and_not_the_conversation()
    {
        var (complaints, faults) = (new List<string>(), new List<string>());
        await using var log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        var heard = SentenceLog.To((level, sentence) => (level >= LogLevel.Error ? faults : complaints).Add(sentence));
        await using var host = await new ConversationHost(
            log,
            _folder.In("past.db"),
            [Given.Gateway()],
            heard,
            templates: TemplatesWithoutProposals()
        ).StartAsync();
        var core = host.Core;
        Assert.True(await core.Conversation.HandleAsync(new("1", Given.Operator, "vm add vm2 400::100:0:0:2", null), default));
        Assert.StartsWith("showing gw1#1: ", Assert.Single(faults), StringComparison.Ordinal);
        Assert.StartsWith(
            "gw1#1 could not be shown: ",
            (await core.Room.FollowAsync(default).FirstAsync()).Message.Text,
            StringComparison.Ordinal
        );
        Assert.True(await core.Conversation.HandleAsync(new("2", Given.Approver, "approve 1", null), default));
        Assert.False(host.Loops.First is not null);
        Assert.Empty(complaints);
    }

    private string TemplatesWithoutProposals()
    {
        var templates = Path.Combine(AppContext.BaseDirectory, "templates");
        foreach (var file in Directory.GetFiles(templates, "*", SearchOption.AllDirectories))
        {
            var copy = _folder.In(Path.Combine("templates", Path.GetRelativePath(templates, file)));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        File.WriteAllText(_folder.In("templates/replies/change-proposed.sbn"), "{{ nobody_knows }}");
        return _folder.In("templates");
    }
}
