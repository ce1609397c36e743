using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Rendering;
using ChatOps.Storage;
using ChatOps.Storage.ReadModels;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatOps.Specs.Chat;

/// <summary>What people read of alerts, drift and rules, word for word.</summary>
public sealed class AlertReplySpecs : IDisposable
{
    private static readonly AlertRaised Drifted = new(
        "drift",
        "gw1 is not what the log says: nftables differs",
        "nftables\n-old\n+new",
        ["drift", "repair at gw1"]
    );

    private readonly TempFolder _folder = new();
    private readonly HealthBoard _board = new();
    private readonly ReplyWriter _writer = new(new Templates(Path.Combine(AppContext.BaseDirectory, "templates")));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_alert_is_one_message_that_says_in_the_end_how_long_it_was()
    {
        var alert = Given.AGateway().And(Drifted).State.Alerts["drift"];
        var cards = new AlertCard(_writer);
        var raised = cards.Raised(Given.AGateway().State.Name, alert);
        Assert.Equal("alert · gw1 is not what the log says: nftables differs\nNext: drift, or repair at gw1", raised.Text);
        Assert.Equal("nftables\n-old\n+new", raised.Diff);
        var cleared = cards.Cleared(
            Given.AGateway().State.Name,
            alert,
            new AlertCleared("drift", "gw1 is again what the log says, by #3"),
            alert.Since.AddMinutes(5)
        );
        Assert.Equal("over · gw1 is again what the log says, by #3 · after 5 min", cleared.Text);
        Assert.Equal(raised.Key, cleared.Key);
    }

    [Fact]
    public async Task Drift_is_shown_with_its_differences_and_its_way_out()
    {
        var answer = await AskAsync(Given.AGateway().And(Drifted).State, "drift");
        Assert.StartsWith("gw1 is not what the log says: nftables differs · since ", answer.Text, StringComparison.Ordinal);
        Assert.EndsWith("\nNext: repair at gw1", answer.Text, StringComparison.Ordinal);
        Assert.Equal("nftables\n-old\n+new", answer.Diff);
    }

    [Fact]
    public async Task Without_drift_the_answer_says_when_somebody_looked()
    {
        Assert.Equal("gw1 has not answered yet; the last look found no drift", (await AskAsync(Given.AGateway().State, "drift")).Text);
        _board.Put(Given.AGateway().State.Name, new GatewayHealth(TimeProvider.System.GetUtcNow(), Given.Observation(), null));
        Assert.StartsWith(
            "gw1 is what the log says · looked ",
            (await AskAsync(Given.AGateway().State, "drift")).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_was_changed_by_hand_is_not_taken_over()
    {
        var refusal = (await AskAsync(Given.AGateway().And(Drifted).State, "adopt")).Refusal!;
        Assert.Contains("nobody proposed it and nobody approved it", refusal.Sentence, StringComparison.Ordinal);
        Assert.Equal<string>(["drift", "repair at gw1", "help expose"], refusal.Next);
        Assert.NotNull((await AskAsync(Given.AGateway().State, "adopt")).Refusal);
    }

    [Fact]
    public async Task Rules_are_listed_as_they_are_typed_with_what_they_do()
    {
        Assert.Equal("no rule yet.\nallow vm1 out", (await AskAsync(Given.AGateway().State, "rules")).Text);
        var rules = (
            await AskAsync(
                Given.AGateway().Applied("allow vm1 out").Applied("limit 80 to 100/second").Applied("limit 81 to 9/hour for all").State,
                "rules"
            )
        ).Text;
        Assert.Equal(
            """
            3 rules
              allow vm1 out                      on gw1 · vm1 may open connections to the internet
              limit 80 to 100/second for each    on gw1 · tcp 80 takes 100 new connections a second from each source (an IPv4 address, an IPv6 /64), and drops more
              limit 81 to 9/hour for all         on gw1 · tcp 81 takes 9 new connections an hour from all sources together, and drops more
            remove allow vm1 out
            """,
            rules
        );
    }

    [Fact]
    public async Task Status_lists_what_is_open()
    {
        var text = (await AskAsync(Given.AGateway().And(Drifted).State, "status")).Text;
        Assert.Contains("  ! gw1 is not what the log says: nftables differs (", text, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing needs attention", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_tells_what_passed_and_which_nobody_uses()
    {
        var state = Given
            .AGateway()
            .Applied("expose vm2:8080 on 1080")
            .Applied("expose vm2:8081 on 1081")
            .Applied("expose vm2:8082 on 1082")
            .Applied("expose vm2:8080 on app.example.com")
            .State;
        var now = TimeProvider.System.GetUtcNow();
        Counted(now.AddHours(-9), (1080, 5, 0), (1081, 7, 2), (1082, 0, 0));
        Counted(now.AddHours(-8), (1080, 6, 0), (1081, 7, 2), (1082, 0, 0));
        var all = (await AskAsync(state, "list")).Text.Split('\n');
        Assert.Contains(
            "last packet 8 h ago",
            Assert.Single(all, l => l.Contains("  tcp 1080 ->", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "2 connections now",
            Assert.Single(all, l => l.Contains("  tcp 1081 ->", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        var began = $"{Times.Minute(now.AddHours(-9), TimeZoneInfo.Local)}, when counting began";
        Assert.Contains(
            $"no traffic seen since {began}",
            Assert.Single(all, l => l.Contains("  tcp 1082 ->", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        var unused = (await AskAsync(state, "list unused")).Text;
        Assert.Matches("^1 open of 4\n  open +for +since, by +traffic\n  tcp 1082 -> vm2:8082 ", unused);
        Assert.Contains("\n1 more is not counted one by one (web addresses), or not yet.\n", unused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_tells_what_nobody_has_used_for_so_long_and_where_that_is_not_known_yet()
    {
        var state = Given
            .AGateway()
            .Applied("expose vm2:8080 on 1080")
            .Applied("expose vm2:8081 on 1081")
            .Applied("expose vm2:8082 on 1082")
            .State;
        var now = TimeProvider.System.GetUtcNow();
        Counted(now.AddDays(-3), (1080, 5, 0), (1081, 7, 0));
        Counted(now.AddDays(-2), (1080, 6, 0), (1081, 7, 0));
        Counted(now.AddHours(-2), (1080, 6, 0), (1081, 8, 0));
        var day = (await AskAsync(state, "list unused for 1d")).Text.Split('\n');
        Assert.Equal(("2 open of 3, unused for 1d", "why 1080"), (day[0], day[^1]));
        Assert.Equal(["  tcp 1080 ->", "  tcp 1082 ->"], day[2..^1].Select(l => l[..13]));
        Assert.Contains("last packet 2 d ago", day[2], StringComparison.Ordinal);
        var began = Times.Minute(now.AddDays(-3), TimeZoneInfo.Local);
        Assert.Equal(
            $"none of 3 that are open is unused for 7d.\n1 may be: no traffic seen since {began}, when counting began.\nlist",
            (await AskAsync(state, "list unused for 7d")).Text
        );
    }

    [Fact]
    public async Task What_is_open_since_counting_began_and_was_never_used_is_called_unused()
    {
        Counted(Given.Start.AddDays(-1), (80, 0, 0));
        Counted(Given.Start.AddDays(1), (80, 0, 0));
        Assert.Contains(
            "  unused\n",
            (await AskAsync(Given.AGateway().Applied("expose vm2:8080 on 80").State, "list")).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_has_not_been_counted_yet_is_not_called_unused() =>
        Assert.Equal(
            "none of 1 that is open is unused.\n1 of them is not counted one by one (web addresses), or not yet.\nlist",
            (await AskAsync(Given.AGateway().Applied("expose vm2:8080 on 80").State, "list unused")).Text
        );

    private void Counted(DateTimeOffset at, params (int Port, long Packets, int Open)[] ports) =>
        _board.Add(
            Given.AGateway().State.Name,
            new(
                at,
                new(
                    "boot",
                    TimeSpan.FromHours(5),
                    12,
                    [
                        .. ports.Select(p => new PortStats(
                            Family.IPv4,
                            new(Protocol.Tcp, new(p.Port)),
                            new(p.Packets, p.Packets * 60),
                            default,
                            p.Packets,
                            p.Open
                        )),
                    ],
                    ImmutableSortedDictionary<string, Volume>.Empty,
                    [],
                    [],
                    37,
                    65536
                )
            )
        );

    private async Task<Answer> AskAsync(GatewayState state, string line)
    {
        await using var log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        var renderer = new ConfigRenderer(new Templates(Path.Combine(AppContext.BaseDirectory, "templates")));
        await using var past = new SqliteReadModel(_folder.In("past.db"), log);
        var answers = new Answers(
            past,
            new Authority(ChangePolicy.Default),
            new Previews(renderer),
            _board,
            _writer,
            TimeProvider.System,
            new Troubles(new ChatRoom(TimeProvider.System), NullLogger<Troubles>.Instance)
        );
        var query = (Query)Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command;
        var states = ImmutableSortedDictionary<Name<Gateway>, GatewayState>.Empty.Add(state.Name, state);
        return await answers.OfAsync(new QueryContext(Given.Admin, states, Redaction.None, TimeProvider.System), query, default);
    }
}
