using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Conversation;

/// <summary>Answers about gateways as they were: at a time, between two revisions, and before a change.</summary>
internal sealed class TimeTravelAnswers(IReadModel past, Authority authority, Previews previews, ReplyWriter writer)
{
    private const int MostDifferences = 20;

    // Beyond that nobody reads the files' differences, and finding them takes long.
    private const int MostForFiles = 300;

    private readonly ChangeStories _stories = new(past, previews);

    /// <summary>All gateways that there were at a time, in the place of those that there are.</summary>
    public static async Task<(QueryContext? Then, DateTimeOffset Time, Refusal? Refusal)> ThenAsync(
        IReadModel past,
        QueryContext asker,
        AsOf query,
        CancellationToken cancel
    )
    {
        // Of a day, its end: what was so when it was over; of today, what is so now.
        var (start, end) = query.Time.In(asker.Now, asker.Zone);
        if (start > asker.Now)
            return (null, start, new($"{Times.Minute(start, asker.Zone)} has not come yet.", "status"));
        var time = end > start ? Min(end.AddMilliseconds(-1), asker.Now) : start;
        var states = asker.States;
        foreach (var name in asker.States.Keys)
        {
            var then = await past.StateAtAsync(name, time, cancel);
            states = then.Running.Gateway is null && then.Changes.Count == 0 ? states.Remove(name) : states.SetItem(name, then);
        }

        return (asker with { States = states }, time, null);
    }

    /// <summary>What differs between two revisions, in words and in the gateway's files.</summary>
    public async Task<Answer> DiffAsync(Name<Gateway> gateway, DiffRevisions query, CancellationToken cancel)
    {
        var (from, to) = (await past.RevisionAsync(gateway, query.From, cancel), await past.RevisionAsync(gateway, query.To, cancel));
        if (from is null || to is null)
            return Answer.No(new($"{gateway} never ran revision {(from is null ? query.From : query.To)}.", $"audit applied at {gateway}"));
        var effects = EdgeDifference.Between(from.Running, to.Running, 0);
        var model = new
        {
            From = query.From.ToString(),
            To = query.To.ToString(),
            Gateway = gateway.ToString(),
            Count = effects.Length,
            Lines = effects.Take(MostDifferences).Select(e => EffectWords.Of([e])).ToArray(),
            More = Math.Max(0, effects.Length - MostDifferences),
            WithFiles = effects.Length <= MostForFiles,
        };
        return new(
            writer.Write("diff", model),
            effects.Length <= MostForFiles ? PlanWords.Text(previews.DiffBetween(from.Running, to.Running)) : null
        );
    }

    /// <summary>A change with its plan as it was proposed, its file diffs and its story.</summary>
    public async Task<Answer> ShowAsync(QueryContext asker, Name<Gateway> gateway, int number, CancellationToken cancel)
    {
        if (await _stories.OfAsync(asker.States, gateway, number, cancel) is not { } story)
            return Answer.No(new($"no change #{number} on {gateway}.", "pending", "audit"));
        var model = new
        {
            Number = number,
            Gateway = gateway.ToString(),
            Plan = story.Words,
            Status = Decider.StatusWord(story.Change.Status),
            Reason = story.Change.Reason ?? "",
            Steps = story.Steps.Select(s => FormattableString.Invariant($"{s.Name} {s.Milliseconds} ms")).ToArray(),
            Next = string.Join(" · ", NextOf(asker, asker.States[gateway], story.Change)),
            Story = story.Lines.Select(l => AuditAnswers.WordsOf(l, false, asker.Zone)).ToArray(),
        };
        return new(writer.Write("show", model), PlanWords.Text(story.Diffs));
    }

    // Of what can be said next, what the asker may say.
    private IEnumerable<string> NextOf(QueryContext asker, GatewayState state, Change change)
    {
        var of = ChangeCard.RefOf(state, change, asker.States.Count > 1);
        string[] lines = change.Status switch
        {
            ChangeStatus.Proposed => [$"approve {of}", $"deny {of} because \"...\"", $"withdraw {of}"],
            ChangeStatus.Applied => [$"undo {of}"],
            _ => [],
        };
        var story = $"audit {(of.Contains('#', StringComparison.Ordinal) ? of : $"#{of}")}";
        return [.. new Decisions(authority.Policy, asker.Speaker, asker.Now).Sayable(state, lines), story];
    }

    private static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
