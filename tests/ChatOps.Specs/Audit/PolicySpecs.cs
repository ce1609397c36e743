using ChatOps.Bot.Configuration;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Language.Commands;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Specs.Audit;

/// <summary>Who may ask what, by whose clock, and whether asking is recorded: all of it is configuration.</summary>
public sealed class PolicySpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everybody_has_a_clock()
    {
        var file = Load("""{ "users": [{ "id": "a", "timeZone": "Asia/Tokyo" }, { "id": "b" }], "timeZone": "Europe/Berlin" }""");
        Assert.Equal(["Asia/Tokyo", "Europe/Berlin"], file.Users.Select(u => u.Zone!.Id));
        Assert.Null(Load("""{ "users": [{ "id": "a" }] }""").Users[0].Zone);
    }

    [Theory]
    [InlineData("""{ "timeZone": "Mars/Base" }""", "timeZone: expected a time zone such as Europe/Berlin, found \"Mars/Base\"")]
    [InlineData(
        """{ "users": [{ "id": "a", "timeZone": "Mars" }] }""",
        "users[0].timeZone: expected a time zone such as Europe/Berlin, found \"Mars\""
    )]
    [InlineData(
        """{ "peersShownTo": ["everybody"] }""",
        "peersShownTo[0]: expected viewer, operator, approver or admin, found \"everybody\""
    )]
    public void What_is_wrong_is_said_with_its_place(string json, string sentence) =>
        Assert.EndsWith(sentence, Assert.Throws<ConfigurationException>(() => Load(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Who_sees_peers_is_configuration()
    {
        Assert.False(ChangePolicy.Default.ShowsPeersTo(Given.Viewer));
        Assert.False(ChangePolicy.Default.ShowsPeersTo(Given.Stranger));
        Assert.True(ChangePolicy.Default.ShowsPeersTo(Given.Operator));
        Assert.True(ChangePolicy.Default.ShowsPeersTo(Given.Approver));
        var strict = Load("""{ "peersShownTo": [] }""").Policy;
        Assert.False(strict.ShowsPeersTo(Given.Operator));
        Assert.True(strict.ShowsPeersTo(Given.Admin));
        Assert.True(Load("""{ "peersShownTo": ["viewer"] }""").Policy.ShowsPeersTo(Given.Viewer));
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("who approved 17")]
    [InlineData("when was vm2 last changed")]
    [InlineData("export audit as csv")]
    public void A_rule_about_audit_holds_in_whatever_order_it_is_asked(string line)
    {
        var policy = new ChangePolicy([new(["audit"], null, null, null, Role.Admin, new Approvals(0, "approver"))]);
        Assert.Equal(
            "audit needs the role admin; operator has the role operator.",
            policy.Refuses(Given.Operator, Understood(line))!.Sentence
        );
        Assert.Null(policy.Refuses(Given.Admin, Understood(line)));
        Assert.Null(ChangePolicy.Default.Refuses(Given.Viewer, Understood(line)));
    }

    [Fact]
    public void A_rule_about_peers_holds_for_the_past_too()
    {
        var policy = new ChangePolicy([new(["peers"], null, null, null, Role.Admin, new Approvals(0, "approver"))]);
        Assert.NotNull(policy.Refuses(Given.Operator, Understood("at 2026-11-01 14:00 peers")));
        Assert.Null(policy.Refuses(Given.Operator, Understood("at 2026-11-01 14:00 vms")));
    }

    [Fact]
    public async Task A_question_is_recorded_once()
    {
        await using var log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        var (one, two) = (new QuestionLog(log, TimeProvider.System), new QuestionLog(log, TimeProvider.System));
        await one.RecordAsync(new("1", Given.Viewer.Actor), "audit", default);
        await two.RecordAsync(new("2", Given.Viewer.Actor), "history 443", default);
        await one.RecordAsync(new("3", Given.Admin.Actor), "status", default);
        await two.RecordAsync(new("1", Given.Viewer.Actor), "audit", default);
        var records = await log.ReadStreamAsync(QuestionAsked.Stream, 0, default).ToListAsync();
        Assert.Equal(["audit", "history 443", "status"], records.Select(r => ((QuestionAsked)r.Event).Line));
    }

    private static Command Understood(string line) => Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command;

    private PolicyFile Load(string json)
    {
        File.WriteAllText(_folder.In("policy.json"), json);
        return PolicyFile.Load(_folder.In("policy.json"));
    }
}
