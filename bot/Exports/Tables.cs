using System.Globalization;
using System.Text;
using System.Text.Json;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Exports;

/// <summary>
/// Writes the lines of an answer into a file, one after the other, as they come. What is hidden from the asker is in none of them.
/// </summary>
internal sealed class Tables(TextWriter output, ExportFormat format, QueryContext asker)
{
    private static readonly string[] AuditHead = ["time", "gateway", "change", "what", "who", "details"];

    private static readonly string[] HistoryHead =
    [
        "state",
        "from",
        "until",
        "gateway",
        "endpoint",
        "targets",
        "change",
        "who",
        "approvers",
        "why",
        "closes",
        "outcome",
    ];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public long Count { get; private set; }

    /// <summary>Writes audit lines; in JSON the records too, as they are stored, with their hashes.</summary>
    public async Task WriteAsync(IAsyncEnumerable<AuditLine> lines, IEventLog log, CancellationToken cancel)
    {
        await BeginAsync(AuditHead);
        await using var records = new RecordReader(log, cancel);
        await foreach (var line in lines.WithCancellation(cancel))
        {
            if (format == ExportFormat.Json)
                await ElementAsync(RecordOf(await records.AtAsync(line.Position), line));
            else
                await RowAsync(CellsOf(line));
        }

        await EndAsync();
    }

    public async Task WriteAsync(IAsyncEnumerable<Opening> openings, CancellationToken cancel)
    {
        await BeginAsync(HistoryHead);
        await foreach (var o in openings.WithCancellation(cancel))
        {
            string[] cells =
            [
                o.State,
                Times.Iso(o.From, asker.Zone),
                o.Until is { } until ? Times.Iso(until, asker.Zone) : "",
                o.Gateway.ToString(),
                o.Endpoint.ToString(),
                o.Targets,
                Number(o.Change),
                o.Who,
                string.Join(", ", o.Approvers),
                o.Why ?? "",
                o.Promised is { } promised ? Times.Iso(promised, asker.Zone) : "",
                string.Join("; ", new[] { o.Extensions, o.End }.Where(t => t.Length > 0)),
            ];
            if (format == ExportFormat.Json)
                await ElementAsync(
                    asker.Hidden.Hide(JsonSerializer.Serialize(HistoryHead.Zip(cells).ToDictionary(c => c.First, c => c.Second), Json))
                );
            else
                await RowAsync(cells);
        }

        await EndAsync();
    }

    // The text that the hash is over, in which names and reasons are sealed, and the line that says them to the asker. Where something had
    // to be left out of the text it says so, because the hash does not fit any more.
    private string RecordOf(RecordText record, AuditLine line)
    {
        var body = Encoding.UTF8.GetString(record.Body.Span);
        if (RecordFormat.HashOf(body) != record.Hash)
            throw new LogCorruptException($"{record.Stream} version {record.Version} is not what its hash says. Next: audit verify");
        var shown = asker.Hidden.Hide(body);
        var said = asker.Hidden.Hide(
            JsonSerializer.Serialize(AuditHead.Zip(CellsOf(line)).ToDictionary(c => c.First, c => c.Second), Json)
        );
        var redacted = shown == body ? "" : "\"redacted\":true,";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"position\":{record.Position},\"hash\":\"{record.Hash}\",{redacted}\"line\":{said},\"record\":{shown}}}"
        );
    }

    private string[] CellsOf(AuditLine line) =>
        [Times.Iso(line.Time, asker.Zone), line.Gateway?.ToString() ?? "", Number(line.Change), line.What, line.Who, line.Details];

    private Task BeginAsync(string[] head) =>
        output.WriteAsync(
            format switch
            {
                ExportFormat.Csv => string.Join(',', head) + "\r\n",
                ExportFormat.Md => $"| {string.Join(" | ", head)} |\n|{string.Concat(head.Select(_ => " --- |"))}\n",
                _ => "[",
            }
        );

    private async Task ElementAsync(string json)
    {
        await output.WriteAsync(Count++ == 0 ? "\n" : ",\n");
        await output.WriteAsync(json);
    }

    private async Task RowAsync(string[] cells)
    {
        Count++;
        var row = new StringBuilder();
        foreach (var cell in cells)
        {
            var text = asker.Hidden.Hide(cell);
            row.Append(format == ExportFormat.Csv ? $"{(row.Length == 0 ? "" : ",")}{Cells.Csv(text)}" : $"| {Cells.Markdown(text)} ");
        }

        await output.WriteAsync(row.Append(format == ExportFormat.Csv ? "\r\n" : "|\n"));
    }

    private Task EndAsync() => format == ExportFormat.Json ? output.WriteAsync(Count == 0 ? "]\n" : "\n]\n") : Task.CompletedTask;

    private static string Number(int change) => change == 0 ? "" : change.ToString(CultureInfo.InvariantCulture);
}
