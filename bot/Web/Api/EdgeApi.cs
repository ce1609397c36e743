using System.Collections.Immutable;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Bot.Web.Entry;
using ChatOps.Bot.Web.Pictures;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Web.Api;

/// <summary>The edge as it is and as it was: what <c>status</c> and <c>at TIME status</c> answer, as a picture.</summary>
internal sealed class EdgeApi(ConversationCore core, PageQueries enquiry)
{
    private const int MostMoments = 1000;

    public async Task<ApiAnswer> NowAsync(Session session, CancellationToken cancel)
    {
        var (asker, query, refusal) = await enquiry.AskAsync<Status>(session, "status", cancel);
        return query is null
            ? ApiAnswer.No(refusal!, asker)
            : new(new EdgeViewBuilder(asker, ShownTo(session, "")).Of(asker.Now, true), asker);
    }

    public async Task<ApiAnswer> LiveAsync(Session session, CancellationToken cancel)
    {
        var (asker, query, refusal) = await enquiry.AskAsync<Status>(session, "status", cancel);
        return query is null
            ? ApiAnswer.No(refusal!, asker)
            : new(new EdgeViewBuilder(asker, ShownTo(session, "")).Live(core.Board), asker);
    }

    public async Task<ApiAnswer> ThenAsync(Session session, string time, CancellationToken cancel)
    {
        var (asker, query, refusal) = await enquiry.AskAsync<AsOf>(session, $"at {time} status", cancel);
        if (query is not { Of: Status })
            return ApiAnswer.No(refusal ?? new($"{time} is not a time.", "help at"), asker);
        var (then, at, no) = await TimeTravelAnswers.ThenAsync(core.Past, asker, query, cancel);
        return then is null ? ApiAnswer.No(no!, asker) : new(new EdgeViewBuilder(then, ShownTo(session, "at 1h ")).Of(at, false), asker);
    }

    /// <summary>
    /// The moments at which the edge became another: where a slider through time stops, the oldest first. Of more than a slider has room
    /// for, the newer half of what it shows is each of them, and the older one is spread evenly over all that came before.
    /// </summary>
    public async Task<ApiAnswer> MomentsAsync(Session session, CancellationToken cancel)
    {
        var asker = await enquiry.AskerAsync(session.User, cancel);
        if (!enquiry.May(session.User, "audit"))
            return new(new MomentsJson([], 0), asker);
        var all = asker
            .States.Values.SelectMany(s => s.Changes.Applied().Select(a => (State: s, a.Number, a.At)))
            .OrderBy(m => m.At)
            .ThenBy(m => m.State.Name)
            .ThenBy(m => m.Number)
            .ToList();
        var kept = Thinned(all)
            .Select(m => new MomentJson(
                Exact(m.At),
                Times.In(m.At, asker.Zone),
                ChangeCard.KeyOf(m.State.Name, m.Number),
                EffectWords.Of(m.State.Changes[m.Number])
            ));
        return new(new MomentsJson([.. kept], all.Count), asker);
    }

    private static IEnumerable<T> Thinned<T>(List<T> all)
    {
        const int Half = MostMoments / 2;
        var older = all.Count - Half;
        return all.Count <= MostMoments
            ? all
            : Enumerable.Range(0, Half).Select(i => all[(int)((long)i * older / Half)]).Concat(all.Skip(older));
    }

    private Shown ShownTo(Session session, string when) =>
        new(
            enquiry.May(session.User, $"{when}vms"),
            enquiry.May(session.User, $"{when}peers"),
            enquiry.May(session.User, "stats"),
            enquiry.May(session.User, "list"),
            [.. Changing.Where(c => enquiry.May(session.User, c.Line)).Select(c => c.Name)]
        );

    // A line of each kind is enough to ask whether somebody may give any of it.
    private static readonly (string Name, string Line)[] Changing =
    [
        ("expose", "expose vm1:80 on 80"),
        ("unexpose", "unexpose 80"),
        ("extend", "extend 1 for 1h"),
    ];

    /// <summary>A time as it can be typed: to the millisecond, by whose end all that happened within it is over.</summary>
    internal static string Exact(DateTimeOffset time)
    {
        var milliseconds =
            (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        return Times.Iso(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), TimeZoneInfo.Utc);
    }

    private sealed record MomentsJson(ImmutableArray<MomentJson> Moments, int Total);

    private sealed record MomentJson(string At, string Time, string Change, string Headline);
}
