using System.Collections.Immutable;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Bot.Web.Entry;
using ChatOps.Bot.Web.Pictures;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Planning;

namespace ChatOps.Bot.Web.Api;

/// <summary>The edge as it is and as it was: what <c>status</c> and <c>at TIME status</c> answer, as a picture.</summary>
internal sealed class EdgeApi(ConversationCore core, Enquiry enquiry)
{
    private const int MostMoments = 1000;

    /// <summary>The edge now.</summary>
    /// <param name="session">Who looks.</param>
    /// <param name="find">What to narrow it to; empty for all.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<ApiAnswer> NowAsync(Session session, string find, CancellationToken cancel)
    {
        var (asker, query, refusal) = await enquiry.AskAsync<Status>(session, "status", cancel);
        return query is null
            ? ApiAnswer.No(refusal!, asker.Hidden)
            : new(new Drawing(asker, asker.Now, core.Board, ShownTo(session, "")).Of(find), asker.Hidden);
    }

    /// <summary>The edge as it was.</summary>
    /// <param name="session">Who looks.</param>
    /// <param name="time">When, as it could be typed.</param>
    /// <param name="find">What to narrow it to; empty for all.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<ApiAnswer> ThenAsync(Session session, string time, string find, CancellationToken cancel)
    {
        var (asker, query, refusal) = await enquiry.AskAsync<AsOf>(session, $"at {time} status", cancel);
        if (query is not { Of: Status })
            return ApiAnswer.No(refusal ?? new($"{time} is not a time.", "help at"), asker.Hidden);
        var (then, at, no) = await TravelAnswers.ThenAsync(core.Past, asker, query, cancel);
        return then is null ? ApiAnswer.No(no!, asker.Hidden) : new(new Drawing(then, at, null, ShownTo(session, "at 1h ")).Of(find), asker.Hidden);
    }

    /// <summary>The moments at which the edge became another, the last thousand: where a slider through time stops. The oldest first.</summary>
    public async Task<ApiAnswer> MomentsAsync(Session session, CancellationToken cancel)
    {
        var asker = await enquiry.AskerAsync(session.User, cancel);
        if (!enquiry.May(session.User, "audit"))
            return new(new MomentsJson([]), asker.Hidden);
        var newest =
            from state in asker.States.Values
            from moment in NewestFirst.Of(state).Select(c => (Change: c, (c.Status as ChangeStatus.Applied)?.At)).Where(m => m.At is not null).Take(MostMoments)
            orderby moment.At
            select new MomentJson(Exact(moment.At!.Value), Times.In(moment.At.Value, asker.Zone), ChangeCard.KeyOf(state.Name, moment.Change.Number), Plan.Headline(moment.Change));
        return new(new MomentsJson([.. newest.TakeLast(MostMoments)]), asker.Hidden);
    }

    private Shown ShownTo(Session session, string when) =>
        new(enquiry.May(session.User, $"{when}vms"), enquiry.May(session.User, $"{when}peers"), enquiry.May(session.User, "stats"));

    /// <summary>A time as it can be typed: to the millisecond, by whose end all that happened within it is over.</summary>
    internal static string Exact(DateTimeOffset time)
    {
        var milliseconds = (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        return Times.Iso(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), TimeZoneInfo.Utc);
    }

    private sealed record MomentsJson(ImmutableArray<MomentJson> Moments);

    private sealed record MomentJson(string At, string Time, string Change, string Headline);
}
