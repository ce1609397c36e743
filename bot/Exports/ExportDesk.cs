using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Commands;
using ChatOps.Core.Language.Words;

namespace ChatOps.Bot.Exports;

/// <summary>
/// Writes answers into files: streamed, however long they are, and with a line of progress while it takes long. Where the surface has a way
/// to hand its speaker a file it does; else the file stays in the folder and the answer says where.
/// </summary>
/// <param name="folder">Where files are written.</param>
/// <param name="room">Where answers go that have no other place.</param>
public sealed class ExportDesk(ExportFolder folder, IReadModel past, IEventLog log, ReplyWriter writer, IChatRoom room)
{
    private const int BatchSize = 500;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    /// <summary>Writes the file, hands it out, and says so; a refusal when the question cannot be answered.</summary>
    public async Task<Refusal?> WriteAsync(ChatLine line, QueryContext asker, Export export, CancellationToken cancel)
    {
        var (audit, refusal) = export.Of is AuditQuery query
            ? AuditResolution.Of(query.Filter, [.. asker.States.Values], asker.Speaker, asker.Hidden, asker.Clock)
            : (null, null);
        if (refusal is not null)
            return refusal;
        var name = NameOf(export, asker);
        var path = folder.PathOf(name);
        try
        {
            long count;
            using (var file = new StreamWriter(ExportFolder.Create(path), new UTF8Encoding(false)))
                count = await WriteAsync(line, asker, export, audit, file, cancel);
            await HandOutAsync(
                line,
                asker,
                export,
                audit,
                new AnswerFile(name, path, MediaTypeOf(export.Format), new FileInfo(path).Length),
                count,
                cancel
            );
            return null;
        }
        catch
        {
            // Half an answer is none.
            File.Delete(path);
            throw;
        }
    }

    private async Task<long> WriteAsync(
        ChatLine line,
        QueryContext asker,
        Export export,
        AuditResolution? audit,
        StreamWriter file,
        CancellationToken cancel
    )
    {
        var table = new Tables(file, export.Format, asker);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var progress = ReportAsync(line, table, asker.Clock, done.Token);
        try
        {
            if (audit is not null)
                await table.WriteAsync(past.ReadAsync(audit.Search, cancel), log, cancel);
            else
                await table.WriteAsync(OpeningsAsync((HistoryQuery)export.Of, asker, cancel), cancel);
            return table.Count;
        }
        finally
        {
            await done.CancelAsync();
            await progress;
        }
    }

    private static async Task ReportAsync(ChatLine line, Tables table, TimeProvider clock, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(ProgressEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
                line.ShowProgress(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"export · {Counts.Of(table.Count.ToString("N0", CultureInfo.InvariantCulture), "line")} so far"
                    )
                );
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Written, or given up: then there is nothing more to report.
        }
    }

    private async Task HandOutAsync(
        ChatLine line,
        QueryContext asker,
        Export export,
        AuditResolution? audit,
        AnswerFile file,
        long count,
        CancellationToken cancel
    )
    {
        var where = await line.HandAsync(file, cancel);
        var history = export.Of as HistoryQuery;
        var model = new
        {
            Understood = audit?.InWords ?? history!.Endpoint.Spoken,
            Range = audit?.Range ?? RangeOf(history!, asker).InWords(asker.Zone),
            Count = count,
            Noun = audit is null ? "lifetime" : "line",
            Format = export.Format.ToString().ToLowerInvariant(),
            Size = Sizes.Of(file.Size),
            Where = where,
            Redacted = asker.Hidden.Hides,
        };
        (line.Reply ?? room.Post)(new($"answer:{line.Id}", null, writer.Write("export", model), null, [], Tone.Plain));
    }

    private async IAsyncEnumerable<Opening> OpeningsAsync(
        HistoryQuery query,
        QueryContext asker,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        for (var page = 1; ; page++)
        {
            var found = await past.HistoryAsync(query.At, query.Endpoint, RangeOf(query, asker), page, BatchSize, cancel);
            foreach (var opening in found.Openings)
                yield return opening;
            if (found.Openings.Length < BatchSize)
                yield break;
        }
    }

    private static LogSpan RangeOf(HistoryQuery query, QueryContext asker) =>
        query.On is { } on ? new TimeRange(on, on).In(asker.Now, asker.Zone) : default;

    private static string MediaTypeOf(ExportFormat format) =>
        format switch
        {
            ExportFormat.Csv => "text/csv",
            ExportFormat.Json => "application/json",
            _ => "text/markdown",
        };

    // The random end keeps two askers of one second apart.
    private static string NameOf(Export export, QueryContext asker) =>
        $"{export.Of.Spec.Name}-{asker.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{Guid.NewGuid().ToString("N")[..6]}.{export.Format.ToString().ToLowerInvariant()}";
}
