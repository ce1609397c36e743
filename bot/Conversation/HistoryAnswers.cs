using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Commands;
using ChatOps.Core.Language.Words;

namespace ChatOps.Bot.Conversation;

/// <summary>Answers when ports were open, for whom, why, with whose consent and how long.</summary>
internal sealed class HistoryAnswers(IReadModel past, ReplyWriter writer)
{
    private const int PageLength = 10;

    public async Task<Answer> OfAsync(QueryContext asker, HistoryQuery query, CancellationToken cancel)
    {
        var time = query.On is { } on ? new TimeRange(on, on).In(asker.Now, asker.Zone) : default;
        var page = query.Page ?? 1;
        var open = query.NowOnly
            ? await past.HistoryAsync(query.At, query.Endpoint, new LogSpan(asker.Now, null), page, PageLength, cancel)
            : null;
        var isOpen = open is { Count: > 0 };
        var found = isOpen ? open! : await past.HistoryAsync(query.At, query.Endpoint, time, page, PageLength, cancel);
        if (found.Count == 0 && query.On is null)
            return Answer.No(
                new($"{query.Endpoint.Spoken} was never open, and nobody has asked for it.", $"audit {query.Endpoint}", "status")
            );
        if (PageProblem(page, found, query.Line) is { } problem)
            return problem;
        List<Opening> shown = [.. found.Openings];

        // What is on other pages may be of the other protocol.
        var spoken = found.Count == shown.Count ? query.Endpoint.SpokenOf(shown.Select(o => o.Endpoint)) : query.Endpoint.Spoken;
        var now =
            !query.NowOnly ? ""
            : isOpen ? " · open now"
            : " · not open now";
        var namesEndpoint = query.Endpoint.IsEither && spoken == query.Endpoint.Spoken;
        return Write(
            asker,
            spoken + now,
            time.InWords(asker.Zone),
            "lifetime",
            shown,
            found.Count,
            found.IsMore,
            page,
            query.Line,
            namesEndpoint
        );
    }

    /// <summary>Of all ports at one time.</summary>
    public async Task<Answer> OfAsync(QueryContext asker, OpenThen query, CancellationToken cancel)
    {
        var time = new TimeRange(query.Time, query.Time).In(asker.Now, asker.Zone);
        if (time.From > asker.Now)
            return Answer.No(new($"{Times.Minute(time.From.Value, asker.Zone)} has not come yet.", "status"));
        var page = query.Page ?? 1;
        var all = new List<Opening>();
        var count = 0;
        foreach (var state in asker.Asked(query.At))
        {
            var found = await past.OpenAsync(state.Name, time.From!.Value, time.Before!.Value, 1, page * PageLength, cancel);
            all.AddRange(found.Openings);
            count += found.Count;
        }

        var shown = new OpeningPage([.. all.Skip((page - 1) * PageLength).Take(PageLength)], count, false);
        return PageProblem(page, shown, query.Line)
            ?? Write(
                asker,
                $"what was open on {query.Time}",
                time.InWords(asker.Zone),
                "port",
                [.. shown.Openings],
                count,
                false,
                page,
                query.Line,
                namesEndpoint: true
            );
    }

    private Answer Write(
        QueryContext asker,
        string understood,
        string range,
        string noun,
        List<Opening> shown,
        int count,
        bool isMore,
        int page,
        Func<int, string> line,
        bool namesEndpoint
    )
    {
        var namesGateway = asker.States.Count > 1;
        var model = new
        {
            Understood = understood,
            Range = range,
            Zone = asker.Zone.Id,
            Count = count,
            IsMore = isMore,
            Noun = noun,
            Lines = shown.Select(o => WordsOf(o, namesEndpoint, namesGateway, asker)).ToArray(),
            Older = count > page * PageLength ? line(page + 1) : "",
            Hidden = Math.Max(0, count - (page * PageLength)),
        };
        return new(writer.Write("history", model));
    }

    private static Answer? PageProblem(int page, OpeningPage found, Func<int, string> line)
    {
        var pages = Math.Max(1, (found.Count + PageLength - 1) / PageLength);
        return page > pages ? Answer.No(new($"this answer has {Counts.Of(pages, "page")}.", line(pages))) : null;
    }

    private static object WordsOf(Opening opening, bool namesEndpoint, bool namesGateway, QueryContext asker) =>
        new
        {
            opening.State,
            Span = SpanOf(opening, asker.Zone),
            Length = opening.WasOpen ? Times.Length((opening.Until ?? asker.Now) - opening.From) : "",
            Endpoint = $"{(namesGateway ? $"{opening.Gateway} " : "")}{(namesEndpoint ? opening.Endpoint.Spoken : "")}".Trim(),
            opening.Targets,
            Change = opening.Change == 0 ? "" : $"#{opening.Change}",
            opening.Who,
            Approvers = opening.Approvers.ToArray(),
            Why = opening.Why ?? "",
            End = string.Join("; ", new[] { opening.Extensions, opening.End, PromiseOf(opening, asker.Zone) }.Where(t => t.Length > 0)),
        };

    private static string SpanOf(Opening opening, TimeZoneInfo zone) =>
        !opening.WasOpen
            ? Times.Minute(opening.From, zone)
            : $"{Times.Minute(opening.From, zone)} -> {(opening.Until is { } until ? Times.Minute(until, zone) : "now")}";

    private static string PromiseOf(Opening opening, TimeZoneInfo zone) =>
        opening is { State: "open", Promised: { } promised } ? $"closes by itself at {Times.Minute(promised, zone)}" : "";
}
