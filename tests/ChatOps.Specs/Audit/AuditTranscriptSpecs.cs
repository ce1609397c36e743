using System.Text.RegularExpressions;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Terminal;
using ChatOps.Hosting;
using ChatOps.Local;
using ChatOps.Operations.Applying;
using ChatOps.Specs.Chat;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Specs.Audit;

/// <summary>
/// A team's questions about its past as they stand on a terminal, word for word, with the times of a clock that moves by hand.
/// </summary>
public sealed partial class AuditTranscriptSpecs : IDisposable
{
    private const string Policy = """
        {
          "users": [
            { "id": "operator", "roles": ["operator"], "timeZone": "Europe/Berlin" },
            { "id": "approver", "roles": ["approver"], "timeZone": "America/New_York" },
            { "id": "admin", "roles": ["admin"], "timeZone": "Europe/Berlin" },
            { "id": "viewer", "roles": ["viewer"] }
          ],
          "timeZone": "Europe/Berlin",
          "recordQuestions": RECORDED
        }
        """;

    private static readonly string[] Story =
    [
        "operator: vm add vm2 400::100:0:0:2",
        "approver: approve 1",
        "operator: vm add vm1 10.1.0.2 because \"the old shop\"",
        "approver: approve 2",
        "operator: peer add laptop 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.77",
        "approver: approve 3",
        "operator: expose vm2:8443 on 443 because \"launch, incident 812\"",
        "approver: approve 4",
        "operator: expose vm2:5353 on 53 udp for 2h",
        "approver: deny 5 because \"wrong machine\"",
        "operator: unexpose 443 because \"over\"",
        "approver: approve 6",
        "operator: expose vm1:8443 on 443",
        "approver: approve 7",
        "operator: vm add vm3 400::100:0:0:3",
        "operator: withdraw 8",
    ];

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new(2026, 10, 24, 7, 0, 0, TimeSpan.Zero));

    private string _recorded = "false";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Asking_the_log() =>
        MatchAsync(
            "questions.txt",
            "audit",
            "audit page 2",
            "audit vm2 since 2026-10-24 13:00",
            "audit port 443",
            "audit by operator denied",
            "audit denials",
            "audit gw1 between 2026-10-24 and 2026-10-24",
            "approver: audit gw1 between 2026-10-24 and 2026-10-24",
            "audit failed",
            "audit approvals by approver",
            "audit text \"incident 812\"",
            "audit approvals by approver text incident since 30d",
            "audit #5",
            "audit last",
            "who approved 4",
            "who denied 5",
            "when was vm2 last changed",
            "when was 443 closed",
            "audit 53/udp withdrawn expired",
            "audit vm2 vm1 last",
            "audit 443 53/udp approved",
            "audit vm2 port 443 port 53/udp denied",
            "audit #4 gw1#5 denied approved"
        );

    [Fact]
    public Task Travelling_in_time() =>
        MatchAsync(
            "travels.txt",
            "history 443",
            "history 53/udp",
            "history 443 on 2026-10-24 14:30",
            "who opened 443",
            "why is 443 open",
            "why is 53/udp open",
            "what was open on 2026-10-24",
            "what was open on 2026-10-24 14:30",
            "what was open on 2026-10-23",
            "at 2026-10-24 14:30 status",
            "at 2026-10-24 12:30 pending",
            "at 1d vms",
            "diff rev 3 rev 6",
            "diff rev 4 rev 4"
        );

    [Fact]
    public Task Questions_that_cannot_be_answered() =>
        MatchAsync(
            "misunderstandings.txt",
            "audit vm22",
            "audit by aprover",
            "audit vm2 sinse 7d",
            "audit sinse 7d",
            "audit between 2026-10-24",
            "audit between 2026-10-25 and 2026-10-24",
            "audit since 99:00",
            "audit page 9",
            "audit \"unfinished",
            "who opened vm2",
            "who aproved 4",
            "why is 99999 open",
            "history 8080",
            "at 2026-10-24",
            "at noon status",
            "at 2026-10-24 expose vm2:80 on 80",
            "at 2030-01-01 status",
            "what was open on 2030-01-01",
            "diff rev 3 rev 99",
            "export audit",
            "export status as csv",
            "export audit sinse 7d as csv",
            "export audit as xml"
        );

    [Fact]
    public Task A_viewer_sees_no_key_and_no_address_of_a_peer() =>
        MatchAsync(
            "viewer.txt",
            "viewer: peers",
            "viewer: show 3",
            "viewer: audit laptop",
            "viewer: audit text 10.1.0.77",
            "viewer: audit text 77",
            "admin: audit text 10.1.0.77",
            "admin: audit text 77",
            "viewer: at 10m peers",
            "viewer: diff rev 2 rev 3",
            "viewer: history 443",
            "viewer: plan peer add other 4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.78"
        );

    [Fact]
    public Task Asking_is_recorded_where_policy_says_so()
    {
        _recorded = "true";
        return MatchAsync(
            "recorded.txt",
            "viewer: history 443",
            "viewer: help status",
            "operator: audit questions",
            "audit questions by viewer"
        );
    }

    private async Task MatchAsync(string name, params string[] questions)
    {
        var output = new StringWriter();
        var writer = new TerminalWriter(output, isTerminal: false);
        await File.WriteAllTextAsync(_folder.In("policy.json"), Policy.Replace("RECORDED", _recorded, StringComparison.Ordinal));
        var policy = PolicyFile.Load(_folder.In("policy.json"));
        await using var edition = await LocalEdition.StartAsync(
            _folder.In("log.db"),
            [Given.Gateway()],
            new ScriptedGateway(),
            policy.Policy,
            Path.Combine(AppContext.BaseDirectory, "templates"),
            ApplyOptions.Default,
            new QuietClock(_clock),
            SentenceLog.To(writer.Say),
            default
        );
        using var printing = new CancellationTokenSource();
        var admin = policy.Users.First(u => u.Actor.Id == "admin");
        var printed = writer.RunAsync(edition.Room, printing.Token, new(edition.Core, policy.Users, admin));
        var session = new PipeSession(edition.Core, writer, policy.Users, admin, Patience.Limit);

        // An hour a line, so that every line of the answers has a time of its own; the night between is the one in which clocks were set
        // back.
        foreach (var line in Story)
        {
            Assert.Equal(0, await session.RunAsync(new StringReader(line), default));
            _clock.Advance(TimeSpan.FromHours(1));
        }

        _clock.Advance(TimeSpan.FromHours(10));
        var before = output.GetStringBuilder().Length;
        await session.RunAsync(new StringReader(string.Join('\n', questions)), default);
        await printing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => printed);
        Snapshot.Match(name, Durations().Replace(output.ToString()[before..], "0 ms"));
    }

    [GeneratedRegex(@"\b\d+ ms\b")]
    private static partial Regex Durations();
}
