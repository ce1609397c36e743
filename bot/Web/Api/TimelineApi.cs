using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Web.Api;

/// <summary>What the log says, found by what can be typed after <c>audit</c>, or by any other line that means the same.</summary>
internal sealed class TimelineApi(ConversationCore core, PageQueries enquiry)
{
    private const int PageLength = 50;
    private const int MostSuggestions = 12;

    /// <summary>A page of lines, the newest first.</summary>
    /// <param name="page">Which page, from 1; 0 for what the filter says.</param>
    public async Task<ApiAnswer> FindAsync(Session session, string filter, int page, CancellationToken cancel)
    {
        var (asker, query, refusal) = await enquiry.AskAsync<AuditQuery>(session, LineOf(filter), cancel);
        if (query is null)
            return ApiAnswer.No(refusal!, asker);
        var (found, no) = await AuditAnswers.FindAsync(core.Past, asker, page > 0 ? query with { Page = page } : query, PageLength, cancel);
        if (found is null)
            return ApiAnswer.No(no!, asker);
        return new(
            new TimelineJson(
                found.Resolution.InWords,
                found.Resolution.Range,
                asker.Zone.Id,
                found.Found.Count,
                found.Found.IsMore,
                found.Page,
                found.Pages,
                query.Filter.Line,
                [.. found.Found.Lines.Reverse().Select(l => Of(l, asker))]
            ),
            asker
        );
    }

    public async Task<ApiAnswer> SuggestAsync(Session session, string line, CancellationToken cancel)
    {
        var asker = await enquiry.AskerAsync(session.User, cancel);
        var known = enquiry.May(session.User, "audit") ? await core.Past.VocabularyAsync(cancel) : Vocabulary.Empty;
        return new(new SuggestionsJson(line.Length > Parser.MaxLine ? [] : Suggestions.Of(line, known, MostSuggestions)), asker);
    }

    // As after "audit"; or a whole line, such as "who approved 17".
    private static string LineOf(string filter) =>
        Parser.Parse(filter) is ParseResult.Understood { Command: AuditQuery } ? filter : $"audit {filter}";

    private static LineJson Of(AuditLine line, QueryContext asker) =>
        new(
            line.Key,
            EdgeApi.Exact(line.Time),
            Times.In(line.Time, asker.Zone),
            line.Gateway?.ToString() ?? "",
            line.Change,
            line.What,
            line.Who,
            line.Details
        );

    private sealed record TimelineJson(
        string Understood,
        string Range,
        string Zone,
        int Count,
        bool IsMore,
        int Page,
        int Pages,
        string Line,
        ImmutableArray<LineJson> Lines
    );

    private sealed record LineJson(long Key, string At, string Time, string Gateway, int Change, string What, string Who, string Details);

    private sealed record SuggestionsJson(ImmutableArray<string> Lines);
}
