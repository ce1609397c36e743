using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Discord.Cards;
using ChatOps.Bot.Local;
using ChatOps.Bot.Web.Api;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Application.Telemetry;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Hosting;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Specs.Events;

/// <summary>Whatever is in the table of events is met by people on every surface, and counted.</summary>
public sealed class EveryEventSpecs : IAsyncLifetime
{
    private const int Number = 2;

    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly ConcurrentBag<string> _counted = [];
    private readonly MeterListener _meter = new();
    private SqliteEventLog _log = null!;
    private ConversationHost _host = null!;
    private int _lines;

    public static TheoryData<string> Names => [.. EventTypes.Names];

    private ConversationCore Core => _host.Core;

    public async Task InitializeAsync()
    {
        _meter.InstrumentPublished = (instrument, meter) =>
        {
            if (instrument.Meter.Name == Figures.MeterName)
                meter.EnableMeasurementEvents(instrument);
        };
        _meter.SetMeasurementEventCallback<long>(
            (instrument, _, tags, _) => _counted.Add($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(t => t.Value))}")
        );
        _meter.Start();
        _log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        _host = await new ConversationHost(_log, _folder.In("past.db"), [Given.Gateway()], SentenceLog.To(_faults.Enqueue)).StartAsync();
        await SayAsync(Given.Operator, "vm add vm2 400::100:0:0:2");
        await SayAsync(Given.Operator, "vm add vm3 400::100:0:0:3");
        await SayAsync(Given.Approver, $"approve {Number}");
        await HappensAsync(new AlertRaised("drift", "gw1 is not what the log says", null, []));
    }

    public async Task DisposeAsync()
    {
        _meter.Dispose();
        await _host.DisposeAsync();
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_event_is_asked_for_by_its_word_told_and_counted(string name)
    {
        var @event = Assert.Single(StoredSamples.One, e => EventTypes.NameOf(e) == name);
        var kind = EventTypes.Of(@event);
        Assert.NotEqual("", kind.AnswerOf(@event));
        await HappensAsync(@event);

        // An effect is told by the change that brings it about, and the last consent by the approval.
        var what = kind.Word;
        if (@event is Effect effect)
        {
            what = "applied";
            await HappensAsync(
                new ChangeProposed(3, "anything", null, [effect], "", new Approvals(0, "")),
                new ChangeAccepted(3, new Revision(8)),
                new ChangeApplied(3, new Revision(8), "", ImmutableSortedDictionary<string, int>.Empty, [])
            );
        }
        else if (@event is ChangeAccepted)
        {
            await HappensAsync(new ChangeApproved(Number, ""));
        }

        await AskedForAsync(kind.Word, what);
        await ToldAsync(kind);
        Assert.Contains($"chatops.log.records {name}", _counted);
        if (@event is ChangeEvent)
            Assert.Contains($"chatops.changes gw1 {kind.State}", _counted);
        if (@event is AlertEvent)
            Assert.Contains($"chatops.alerts gw1 drift {kind.State}", _counted);
        Assert.Empty(_faults);
    }

    [Fact]
    public void Every_word_of_audit_means_lines_that_there_are()
    {
        var words = EventTypes.All.Select(k => k.Word).ToHashSet();
        Assert.Superset(words, AuditWord.All.SelectMany(w => w.Lines).ToHashSet());
        Assert.Equal(AuditWord.All.Length, AuditWord.All.Select(w => w.Text).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(words, w => Assert.NotNull(AuditWord.Find(w)));
    }

    // In the terminal as it is answered, on the page as data, on Discord as a message.
    private async Task AskedForAsync(string word, string what)
    {
        var answer = await SayAsync(Given.Admin, $"audit {word}");
        Assert.Matches($@"(?m)^  \S+ \S+ .*\b{what}\b", answer.Text);
        using var session = new Session("", Given.Admin);
        var page = await new TimelineApi(Core, new PageQueries(Core)).FindAsync(session, word, 0, default);
        Assert.Contains($"\"what\":\"{what}\"", page.ToJson(), StringComparison.Ordinal);
        Assert.Contains(what, MessageFormatter.Answer(answer, isEphemeral: false).Embeds[0].Description, StringComparison.Ordinal);
    }

    private async Task ToldAsync(EventKind kind)
    {
        var shown = await ShownAsync();
        var cards = shown.Select(m => (CardKey.Read(m.Key), MessageFormatter.Card(m))).ToList();
        Assert.All(cards, c => Assert.NotNull(c.Item1));
        Assert.All(cards, c => Assert.NotEmpty(c.Item2.Embeds));
        if (kind.Told == Told.Card)
            Assert.Contains(cards, c => c.Item1 is CardKey.OfChange { Number: Number });
        else if (kind.Told == Told.Everybody)
            Assert.Contains(cards, c => c.Item1 is CardKey.OfAlert);
    }

    private async Task<IReadOnlyList<ChatMessage>> ShownAsync()
    {
        await Core.ShownAsync(await _log.HeadAsync(default), default);
        var last = Core.Room.Sequence;
        var shown = new List<ChatMessage>();
        await foreach (var entry in Core.Room.FollowAsync(default))
        {
            shown.Add(entry.Message);
            if (entry.Sequence == last)
                break;
        }

        return shown;
    }

    private async Task HappensAsync(params ImmutableArray<GatewayEvent> events)
    {
        foreach (var @event in events)
        {
            var origin = new Origin($"test:{++_lines}", Given.Admin.Actor);
            if (@event is LogEvent about)
                await LogStream.WriteAsync(_log, origin, about, Given.Start, default);
            else if (@event is QuestionAsked asked)
                await Core.Questions.RecordAsync(origin, asked.Line, default);
            else
                await Core.Ledger.DecideAsync(Given.Gateway().Name, origin, _ => new Decision.Accepted([@event]), default);
        }
    }

    private async Task<ChatMessage> SayAsync(Speaker speaker, string line)
    {
        ChatMessage? said = null;
        await Core.Conversation.HandleAsync(new ChatLine($"line:{++_lines}", speaker, line, null, m => said = m), default);
        return said!;
    }
}
