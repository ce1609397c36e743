using System.Text.Json;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Exports;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Rendering;
using ChatOps.Storage.ReadModels;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Specs.Audit;

/// <summary>Answers as files: whole, harmless to the programs that open them, and without what the asker may not see.</summary>
public sealed class ExportSpecs : IAsyncLifetime
{
    private static readonly WireGuardKey Key = Text.Parse<WireGuardKey>("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=");

    private readonly TempFolder _folder = new();
    private readonly ChatRoom _room = new(TimeProvider.System);
    private SqliteEventLog _log = null!;
    private SqliteReadModel _past = null!;

    public async Task InitializeAsync()
    {
        _log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        _past = new SqliteReadModel(_folder.In("past.db"), _log);
    }

    public async Task DisposeAsync()
    {
        await _past.DisposeAsync();
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("=\"a\"", "\"'=\"\"a\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("open tcp 80 -> vm2:8080", "open tcp 80 -> vm2:8080")]
    public void A_cell_of_a_spreadsheet_is_text(string text, string cell) => Assert.Equal(cell, Cells.Csv(text));

    [Theory]
    [InlineData("a|b", "a\\|b")]
    [InlineData("two\nlines", "two lines")]
    [InlineData("[x](http://e.org)", "\\[x\\]\\(http\\://e\\.org\\)")]
    [InlineData("<script>", "\\<script\\>")]
    [InlineData("**b** `c` \\", "\\*\\*b\\*\\* \\`c\\` \\\\")]
    [InlineData("@everyone", "\\@everyone")]
    public void A_cell_of_a_Markdown_table_is_text(string text, string cell) => Assert.Equal(cell, Cells.Markdown(text));

    [Fact]
    public async Task Every_line_is_in_the_file()
    {
        await PortStory.TellAsync(_log, 700, reason: "=cmd|calc");
        var lines = await ExportAsync("export audit as csv");
        var all = await _past.ReadAsync(new(), default).CountAsync();
        Assert.Equal(all + 1, lines.Length);
        Assert.Equal("time,gateway,change,what,who,details", lines[0]);
        Assert.Equal(
            "2026-11-01T01:01:00.000+01:00,gw1,1,proposed,operator,\"open tcp 1025 -> vm2:8080 because \"\"=cmd|calc 1\"\"\"",
            lines[3]
        );
        Assert.Contains("lines as csv, ", await LastMessageAsync(), StringComparison.Ordinal);
        Assert.Contains("written to ", await LastMessageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_are_exported_as_they_are_stored_with_their_hashes()
    {
        await PortStory.TellAsync(_log, 700);
        using var json = JsonDocument.Parse(string.Join('\n', await ExportAsync("export audit denied as json")));
        Assert.Equal(140, json.RootElement.GetArrayLength());
        foreach (var element in json.RootElement.EnumerateArray())
            Assert.Equal(element.GetProperty("hash").GetString(), RecordFormat.HashOf(element.GetProperty("record").GetRawText()));
    }

    [Fact]
    public async Task A_history_is_exported_with_who_and_why()
    {
        await PortStory.TellAsync(_log, 20);
        var lines = await ExportAsync("export history 1026 as md");
        Assert.Equal(
            "| state | from | until | gateway | endpoint | targets | change | who | approvers | why | closes | outcome |",
            lines[0]
        );
        Assert.Equal(
            @"| closed | 2026\-11\-01T01\:02\:00\.000\+01\:00 | 2026\-11\-01T01\:03\:00\.000\+01\:00 | gw1 | 1026 | vm2\:8080 | 2 | operator | approver | first 2 |  | closed by operator, approved by approver\: "
                + "\"first 3\" |",
            lines[2]
        );
        using var json = JsonDocument.Parse(string.Join('\n', await ExportAsync("export history 1026 as json")));
        Assert.Equal("approver", json.RootElement[0].GetProperty("approvers").GetString());
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("md")]
    [InlineData("json")]
    public async Task What_is_hidden_from_the_asker_is_not_in_their_file(string format)
    {
        await WithAPeerAsync();
        var text = string.Join('\n', await ExportAsync($"export audit as {format}", Given.Viewer));
        Assert.DoesNotContain("5zpVn1D2vgl", text, StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.0.77", text.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("hidden", text, StringComparison.Ordinal);
        Assert.Contains(
            "10.1.0.77",
            string.Join('\n', await ExportAsync($"export audit as {format}", Given.Operator)).Replace("\\", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_surface_with_a_way_to_hand_over_files_is_given_it()
    {
        await PortStory.TellAsync(_log, 3);
        AnswerFile? given = null;
        await SayAsync("export audit as csv", Given.Operator, (file, _) =>
        {
            given = file;
            return Task.FromResult("for operator, here");
        });
        Assert.Equal("text/csv", given!.MediaType);
        Assert.Equal(new FileInfo(given.Path).Length, given.Size);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(given.Path));
        Assert.EndsWith("for operator, here", await LastMessageAsync(), StringComparison.Ordinal);
    }

    private async Task WithAPeerAsync()
    {
        await PortStory.TellAsync(_log, 0);
        GatewayEvent[] events =
        [
            new ChangeProposed(
                1,
                $"peer add laptop {Key} 10.1.0.77",
                null,
                [new PeerAdded(1, Text.Parse<Name<Peer>>("laptop"), Key, Text.Parse<Address>("10.1.0.77"))],
                "",
                new(1, "approver")
            ),
        ];
        var records = events.Select((e, i) => new NewRecord($"peer.{i}", PortStory.Start, Given.Operator.Actor, null, null, e));
        Assert.IsType<AppendResult.Appended>(await _log.AppendAsync(Gateway.StreamOf(PortStory.Gw1), 2, [.. records], default));
    }

    private async Task<string[]> ExportAsync(string line, Speaker? speaker = null)
    {
        AnswerFile? file = null;
        await SayAsync(line, speaker ?? Given.Operator, (given, _) =>
        {
            file = given;
            return Task.FromResult($"written to {given.Path}");
        });
        return await File.ReadAllLinesAsync(file!.Path);
    }

    private async Task SayAsync(string line, Speaker speaker, Func<AnswerFile, CancellationToken, Task<string>> hand)
    {
        using var ledger = new Ledger(_log, TimeProvider.System);
        var states = await ledger.LoadAllAsync(default);
        var zoned = speaker with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };
        var asker = new QueryContext(zoned, states, Redaction.For(zoned, ChangePolicy.Default, states.Values), TimeProvider.System);
        var writer = new ReplyWriter(new Templates(Path.Combine(AppContext.BaseDirectory, "templates")));
        var desk = new ExportDesk(new ExportFolder(_folder.In("exports")), _past, _log, writer, _room);
        var export = Assert.IsType<Export>(Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command);
        Assert.Null(await desk.WriteAsync(new ChatLine("1", zoned, line, null, Hand: hand), asker, export, default));
    }

    private async Task<string> LastMessageAsync() => (await _room.FollowAsync(default).FirstAsync()).Message.Text;
}
