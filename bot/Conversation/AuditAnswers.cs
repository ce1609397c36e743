using ChatOps.Bot.Replies;
using ChatOps.Core.Audit;
using ChatOps.Core.Commands;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;

namespace ChatOps.Bot.Conversation;

/// <summary>Answers <c>audit</c>, and what means the same in another order, from the read model.</summary>
internal sealed class AuditAnswers(IReadModel past, ReplyWriter writer)
{
    private const int PageLength = 10;

    public async Task<Answer> OfAsync(Asker asker, AuditQuery query, CancellationToken cancel)
    {
        var (resolution, refusal) = AuditResolution.Of(query.Filter, [.. asker.States.Values], asker.Speaker, asker.Hidden, asker.Clock);
        if (resolution is null)
            return Answer.No(refusal!);
        var page = query.Page ?? 1;
        var length = query.Filter.NewestOnly ? 1 : PageLength;
        var found = await past.FindAsync(resolution.Search, page, length, cancel);
        if (found.Count == 0 && AuditResolution.Unknown(query.Filter, await past.VocabularyAsync(cancel)) is { } unknown)
            return Answer.No(unknown);
        if (query.Filter.NewestOnly)
            found = found with { Count = found.Lines.Length, IsMore = false };
        var pages = Math.Max(1, (found.Count + length - 1) / length);
        if (page > pages)
            return Answer.No(NoSuchPage(found, pages, query));
        var namesGateway = asker.States.Count > 1 && resolution.Search is not ({ Gateways.Length: 1 } or { Changes: [{ Gateway: not null }] });
        var model = new
        {
            Understood = resolution.InWords,
            resolution.Range,
            Zone = asker.Zone.Id,
            found.Count,
            found.IsMore,
            Lines = found.Lines.Select(l => WordsOf(l, namesGateway, asker.Zone)).ToArray(),
            Older = page < pages ? query.Line(page + 1) : "",
            Hidden = Math.Max(0, found.Count - (page * length)),
        };
        return new(writer.Write("audit", model));
    }

    /// <summary>A line as templates want it.</summary>
    public static object WordsOf(AuditLine line, bool namesGateway, TimeZoneInfo zone) =>
        new
        {
            Time = Times.In(line.Time, zone),
            Change = $"{(namesGateway ? line.Gateway : "")}{(line.Change == 0 ? "" : $"#{line.Change}")}",
            line.What,
            line.Who,
            line.Details,
        };

    private static Refusal NoSuchPage(AuditPage found, int pages, AuditQuery query) =>
        found.IsMore
            ? new($"this answer shows its newest {found.Count} lines; ask for less, or for all of it in a file.", query.Line(pages), $"export {query.Line(1)} as csv")
            : new($"this answer has {pages} page{(pages == 1 ? "" : "s")}.", query.Line(pages));
}
