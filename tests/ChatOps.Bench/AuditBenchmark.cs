using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Rendering;
using ChatOps.Storage;
using ChatOps.Storage.ReadModels;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatOps.Bench;

/// <summary>
/// Questions about a long log, from the typed line to the text of the answer; beside them what people would do without a read model: grep
/// over the same records as lines of JSON, jq where it is installed, and a program that reads the log from its beginning.
/// </summary>
internal sealed class AuditBenchmark(string templates, string scratch, bool quick)
{
    private const double Target = 100;
    private const double MebiByte = 1024 * 1024;

    // N stands for another number each time; 1N is the revision a day or so later, 2N any later one.
    private static readonly string[] Questions =
    [
        "audit",
        "audit vmN since 7d",
        "audit port N",
        "audit by personN denied",
        "audit gw1 between 2026-03-01 and 2026-03-07",
        "audit failed",
        "audit approvals by personN",
        "audit text \"incident N\"",
        "audit gw2 vmN by personN approvals text team since 300d",
        "audit applied page 900",
        "who approved N",
        "why is N open",
        "when was vmN last changed",
        "history N",
        "at 2026-0M-15 14:00 status",
        "what was open on 2026-0M-15",
        "diff rev N rev 1N at gw1",
        "diff rev N rev 2N at gw1",
    ];

    private readonly int _events = quick ? 100_000 : 1_000_000;
    private readonly string _lines = Path.Combine(scratch, "audit.jsonl");

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        var written = new LongLog(Path.Combine(scratch, "audit.db"), _lines, _events);
        await written.WriteAsync(cancel);
        await using var log = await SqliteEventLog.OpenAsync(Path.Combine(scratch, "audit.db"), cancel: cancel);
        var most = new MostMemory();
        await using var past = new SqliteReadModel(Path.Combine(scratch, "past.db"), log, most);
        var from = Stopwatch.GetTimestamp();
        await past.CatchUpAsync(cancel);
        var took = Stopwatch.GetElapsedTime(from).TotalSeconds;
        report.Add(
            Named("making the read model of"),
            string.Create(CultureInfo.InvariantCulture, $"{took:0} s, {_events / took:0} events/s"),
            "",
            true
        );
        report.Add(
            Named("memory while following"),
            string.Create(CultureInfo.InvariantCulture, $"at most {most.Bytes / MebiByte:0} MiB"),
            "under 256 MiB",
            most.Bytes < 256 * MebiByte
        );

        var (answers, asker) = await AskerAsync(past, cancel);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var p95 = new Dictionary<string, double>();
        foreach (var question in Questions)
        {
            var figures = new Figures(await MeasureAsync(answers, asker, question, written.Changes, cancel));
            p95[question] = figures.P95;
            report.Add(Named($"\"{question}\" of"), figures.ToString(), $"p95 under {Report.Ms(Target)} ms", figures.P95 < Target);
        }

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        report.Add(
            Named("memory kept by these questions to"),
            string.Create(CultureInfo.InvariantCulture, $"{grown / MebiByte:0.0} MiB"),
            "under 16 MiB",
            grown < 16 * MebiByte
        );
        await CompareAsync(report, log, p95["audit text \"incident N\""], cancel);
    }

    private async Task<(Answers Answers, QueryContext QueryContext)> AskerAsync(SqliteReadModel past, CancellationToken cancel)
    {
        var parsed = new Templates(templates);
        var answers = new Answers(
            past,
            new Authority(ChangePolicy.Default),
            new Previews(new ConfigRenderer(parsed)),
            new HealthBoard(),
            new ReplyWriter(parsed),
            TimeProvider.System,
            new Troubles(new ChatRoom(TimeProvider.System), NullLogger<Troubles>.Instance)
        );
        var states = ImmutableSortedDictionary<Name<Gateway>, GatewayState>.Empty;
        foreach (var gateway in Enumerable.Range(0, LongLog.Gateways).Select(LongLog.GatewayAt))
            states = states.Add(gateway, await past.StateAtAsync(gateway, LongLog.End, cancel));
        var viewer = new Speaker(new Actor("local", "viewer", "viewer"), [Role.Viewer])
        {
            Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
        };
        return (answers, new QueryContext(viewer, states, Redaction.For(viewer, ChangePolicy.Default, states.Values), TimeProvider.System));
    }

    private async Task<List<double>> MeasureAsync(
        Answers answers,
        QueryContext asker,
        string question,
        int changes,
        CancellationToken cancel
    )
    {
        var (warmUps, repeats) = quick ? (5, 30) : (10, 100);
        var random = new Random(1);
        var took = new List<double>();
        for (var i = -warmUps; i < repeats; i++)
        {
            var line = LineOf(question, random, changes);
            var from = Stopwatch.GetTimestamp();
            if (Parser.Parse(line) is not ParseResult.Understood { Command: Query query })
                throw new InvalidOperationException($"{line} was not understood");
            var answer = query is DiffRevisions diff
                ? await answers.DiffAsync(diff.At!.Value, diff, cancel)
                : await answers.OfAsync(asker, query, cancel);
            var text = asker.Hidden.Hide(answer.Refusal?.Sentence ?? answer.Text);
            if (i >= 0)
                took.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            if (text.Length == 0)
                throw new InvalidOperationException($"{line} had no answer");
        }

        return took;
    }

    private static string LineOf(string question, Random random, int changes)
    {
        string Number(int most) => random.Next(1, most).ToString(CultureInfo.InvariantCulture);
        var applied = Enumerable.Range(0, 2).Select(_ => Applied(random.Next(1, changes - 100))).Order().ToArray();
        return question
            .Replace("1N", Applied(applied[0] + 60).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("2N", applied[1].ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("0M", "0" + Number(10), StringComparison.Ordinal)
            .Replace("vmN", $"vm{Number(LongLog.Vms)}", StringComparison.Ordinal)
            .Replace("personN", $"person{Number(LongLog.People)}", StringComparison.Ordinal)
            .Replace("rev N", $"rev {applied[0]}", StringComparison.Ordinal)
            .Replace("approved N", $"approved {Number(changes)}", StringComparison.Ordinal)
            .Replace("incident N", $"incident {Number(1000)}", StringComparison.Ordinal)
            .Replace(
                "N",
                (443 + random.Next(1, Math.Min(changes, 20_000))).ToString(CultureInfo.InvariantCulture),
                StringComparison.Ordinal
            );
    }

    // The next change that was neither denied nor failed.
    private static int Applied(int number) => number % 19 == 0 || number % 53 == 0 ? Applied(number + 1) : number;

    private async Task CompareAsync(Report report, SqliteEventLog log, double ours, CancellationToken cancel)
    {
        var grep = new List<double>();
        for (var i = 0; i < 5; i++)
            grep.Add(
                await TimeAsync(() => Tool.RunAsync("sh", ["-c", "grep -F 'incident 812,' \"$1\" | tail -n 10", "sh", _lines], cancel))
            );
        Compare(report, "grep over the records of", new Figures(grep).Median, ours);
        if (File.Exists("/usr/bin/jq"))
        {
            const string filter = "jq -c 'select((.data.reason // \"\") | contains(\"incident 812,\"))' \"$1\" | tail -n 10";
            Compare(
                report,
                "jq over the records of",
                await TimeAsync(() => Tool.RunAsync("sh", ["-c", filter, "sh", _lines], cancel)),
                ours
            );
        }

        var fold = await TimeAsync(async () =>
        {
            var found = await log.ReadAllAsync(0, cancel)
                .CountAsync(
                    r => r.Event is ChangeProposed { Reason: { } why } && why.Contains("incident 812,", StringComparison.Ordinal),
                    cancel
                );
            return found > 0 ? "" : throw new InvalidOperationException("the log has no incident 812");
        });
        Compare(report, "reading the log from its beginning,", fold, ours);
    }

    private void Compare(Report report, string what, double theirs, double ours) =>
        report.Add(
            Named($"text \"incident 812\" by {what}"),
            string.Create(CultureInfo.InvariantCulture, $"{Report.Ms(theirs)} ms, {theirs / ours:0} times as long as our p95"),
            "",
            true
        );

    private static async Task<double> TimeAsync(Func<Task<string>> run)
    {
        var from = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
    }

    private string Named(string what) => string.Create(CultureInfo.InvariantCulture, $"{what} {_events:N0} events");

    private sealed class MostMemory : IProgress<long>
    {
        public long Bytes { get; private set; }

        public void Report(long value) => Bytes = Math.Max(Bytes, GC.GetTotalMemory(forceFullCollection: false));
    }
}
