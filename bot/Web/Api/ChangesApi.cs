using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Web.Api;

/// <summary>Changes: those that wait, those that are over, and each with all that is known of it.</summary>
internal sealed class ChangesApi(ConversationCore core, PageQueries enquiry)
{
    private const int PageLength = 40;

    private readonly ChangeStories _stories = new(core.Past, core.Previews);

    /// <summary>What is open, and a page of what is over; the newest first.</summary>
    public async Task<ApiAnswer> ListAsync(Session session, int page, CancellationToken cancel)
    {
        var (asker, query, refusal) = await enquiry.AskAsync<Pending>(session, "pending", cancel);
        if (query is null)
            return ApiAnswer.No(refusal!, asker);
        var open = asker
            .States.Values.SelectMany(s => s.Changes.Open.Select(c => (State: s, Change: c)))
            .OrderByDescending(c => c.Change.At)
            .ToList();
        var total = enquiry.May(session.User, "audit") ? asker.States.Values.Sum(s => s.Changes.Count) - open.Count : 0;
        var pages = Math.Max(1, (total + PageLength - 1) / PageLength);
        page = Math.Clamp(page, 1, pages);
        var over =
            total == 0
                ? []
                : asker.States.Values.SelectMany(s =>
                    s.Changes.NewestFirst().Where(c => !c.IsOpen).Take(page * PageLength).Select(c => (State: s, Change: c))
                );
        return new(
            new ListJson(
                [.. open.Select(c => Item(c.State, c.Change, asker.Zone))],
                [
                    .. over.OrderByDescending(c => c.Change.At)
                        .ThenByDescending(c => c.Change.Number)
                        .Skip((page - 1) * PageLength)
                        .Take(PageLength)
                        .Select(c => Item(c.State, c.Change, asker.Zone)),
                ],
                total,
                page,
                pages
            ),
            asker
        );
    }

    /// <summary>One change: <c>12</c> or <c>gw1#12</c>.</summary>
    public async Task<ApiAnswer> OneAsync(Session session, string change, CancellationToken cancel)
    {
        var (asker, query, refusal) = await enquiry.AskAsync<ShowChange>(session, $"show {change}", cancel);
        if (query is null)
            return ApiAnswer.No(refusal!, asker);
        if (Conversation.Whereabouts.GatewayOf(asker.States, query.Change, $"show {change}", out var gateway) is { } unclear)
            return ApiAnswer.No(unclear, asker);
        if (await _stories.OfAsync(asker.States, gateway, query.Change.Number, cancel) is not { } story)
            return ApiAnswer.No(new($"no change #{query.Change.Number} on {gateway}.", "pending", "audit"), asker);
        var state = asker.States[gateway];
        var (may, mayNot) = core.DecisionsOf(session.User).Of(state, story.Change);
        var words = story.Words;
        return new(
            new OneJson(
                Item(state, story.Change, asker.Zone),
                story.Change.Line,
                [.. story.Change.Approvers.Select(a => a.Name)],
                words.Routes,
                words.Touches,
                words.Warnings,
                [.. story.Diffs.Select(d => new FileJson(d.Name, d.Added, d.Removed, d.Text))],
                [.. story.Steps.Select(s => new StepJson(s.Name, s.Milliseconds))],
                [.. story.Lines.Select(l => new LineJson(Times.In(l.Time, asker.Zone), l.What, l.Who, l.Details))],
                may,
                may.IsEmpty ? [.. mayNot.Distinct().Take(1)] : []
            ),
            asker
        );
    }

    public async Task<ApiAnswer> MineAsync(Session session, CancellationToken cancel)
    {
        var asker = await enquiry.AskerAsync(session.User, cancel);
        var decisions = core.DecisionsOf(session.User);
        var mine = asker.States.Values.SelectMany(s =>
            decisions.WaitingIn(s).Select(c => new MineJson(ChangeCard.KeyOf(s.Name, c.Number), EffectWords.Of(c), c.By.Name))
        );
        return new(new WaitingJson([.. mine]), asker);
    }

    private static ItemJson Item(GatewayState state, Change change, TimeZoneInfo zone)
    {
        var open = change.Open;
        var status = change.Status switch
        {
            ChangeStatus.Proposed => $"waits for {Counts.Of(open.Total, "approval")} ({open.Roles})",
            ChangeStatus.Accepted { Stuck: null, Delay: not null } => "approved, waits for the gateway",
            ChangeStatus.Accepted { Stuck: null } => "being applied",
            ChangeStatus.Applied { Result.Revision: var revision } => $"confirmed, revision {revision}",
            ChangeStatus.Failed { Result.Step: var step } => $"failed while {step}",
            ChangeStatus.Denied { By: var by } => $"denied by {by.Name}",
            _ => Decider.StatusWord(change.Status),
        };
        return new(
            ChangeCard.KeyOf(state.Name, change.Number),
            state.Name.ToString(),
            change.Number,
            EffectWords.Of(change),
            change.Reason ?? "",
            status,
            ChangeCard.ToneOf(change.Status).ToString().ToLowerInvariant(),
            change.By.Name,
            Times.In(change.At, zone)
        );
    }

    private sealed record WaitingJson(ImmutableArray<MineJson> Mine);

    private sealed record MineJson(string Key, string Headline, string By);

    private sealed record ListJson(ImmutableArray<ItemJson> Open, ImmutableArray<ItemJson> Over, int Total, int Page, int Pages);

    private sealed record ItemJson(
        string Key,
        string Gateway,
        int Number,
        string Headline,
        string Reason,
        string Status,
        string Tone,
        string By,
        string Time
    );

    private sealed record FileJson(string Name, int Added, int Removed, string Text);

    private sealed record StepJson(string Name, int Milliseconds);

    private sealed record LineJson(string Time, string What, string Who, string Details);

    private sealed record OneJson(
        ItemJson Change,
        string Line,
        ImmutableArray<string> Approvers,
        ImmutableArray<string> Routes,
        ImmutableArray<string> Touches,
        ImmutableArray<string> Warnings,
        ImmutableArray<FileJson> Files,
        ImmutableArray<StepJson> Steps,
        ImmutableArray<LineJson> Lines,
        ImmutableArray<ChatButton> Buttons,
        ImmutableArray<string> NoButtons
    );
}
