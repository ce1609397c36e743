using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Conversation;

/// <summary>Answers <c>audit</c>, and what means the same in another order, from the read model.</summary>
internal sealed class AuditAnswers(IReadModel past, ReplyWriter writer)
{
    private const int PageLength = 10;

    public async Task<Answer> OfAsync(QueryContext asker, AuditQuery query, CancellationToken cancel)
    {
        var (answered, refusal) = await FindAsync(past, asker, query, PageLength, cancel);
        if (answered is null)
            return Answer.No(refusal!);
        var (resolution, found, page, pages, length) = answered;
        var namesGateway =
            asker.States.Count > 1 && resolution.Search is not ({ Gateways.Length: 1 } or { Changes: [{ Gateway: not null }] });
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

    /// <summary>Asks the read model; a refusal when the question means nothing here.</summary>
    public static async Task<(AuditFound? Found, Refusal? Refusal)> FindAsync(
        IReadModel past,
        QueryContext asker,
        AuditQuery query,
        int pageLength,
        CancellationToken cancel
    )
    {
        var (resolution, refusal) = AuditResolution.Of(query.Filter, [.. asker.States.Values], asker.Speaker, asker.Hidden, asker.Clock);
        if (resolution is null)
            return (null, refusal);
        var page = query.Page ?? 1;
        var length = query.Filter.NewestOnly ? 1 : pageLength;
        var found = await past.FindAsync(resolution.Search, page, length, cancel);
        if (found.Count == 0 && AuditResolution.Unknown(query.Filter, await past.VocabularyAsync(cancel)) is { } unknown)
            return (null, unknown);
        if (query.Filter.NewestOnly)
            found = found with { Count = found.Lines.Length, IsMore = false };
        var pages = Math.Max(1, (found.Count + length - 1) / length);
        return page > pages ? (null, NoSuchPage(found, pages, query)) : (new(resolution, found, page, pages, length), null);
    }

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
            ? new(
                $"this answer shows its newest {Counts.Of(found.Count, "line")}; ask for less, or for all of it in a file.",
                query.Line(pages),
                $"export {query.Line(1)} as csv"
            )
            : new($"this answer has {Counts.Of(pages, "page")}.", query.Line(pages));
}

/// <param name="Page">Which page, from 1.</param>
internal sealed record AuditFound(AuditResolution Resolution, AuditPage Found, int Page, int Pages, int Length);
