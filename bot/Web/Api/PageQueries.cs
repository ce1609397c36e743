using ChatOps.Bot.Chat;
using ChatOps.Bot.Local;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Core.Language.Words;

namespace ChatOps.Bot.Web.Api;

/// <summary>
/// The page's questions. Each is a line that could be typed as well, so that policy says who may ask it and whether that is recorded; only
/// the answer comes as data and not as text.
/// </summary>
internal sealed class PageQueries(ConversationCore core)
{
    /// <summary>Who asks and what is known now, and the question as it was understood; or a refusal.</summary>
    /// <typeparam name="T">What the line is read to.</typeparam>
    public async Task<(QueryContext QueryContext, T? Query, Refusal? Refusal)> AskAsync<T>(
        Session session,
        string line,
        CancellationToken cancel
    )
        where T : Query
    {
        var asker = await AskerAsync(session.User, cancel);
        switch (Parser.Parse(line))
        {
            case ParseResult.NotUnderstood { Refusal: var refusal }:
                return (asker, null, refusal);
            case ParseResult.Understood { Command: T query }:
                if (core.Policy.Refuses(asker.Speaker, query) is { } denied)
                    return (asker, null, denied);

                // What a page only looks at again, because something has changed, is not asked anew.
                if (core.Policy.RecordsQuestions && session.Asks(typeof(T).Name, line))
                    await core.Questions.RecordAsync(
                        new Origin($"page:{Guid.CreateVersion7():N}", session.User.Actor),
                        Tokens.Clean(line, Parser.MaxLine),
                        cancel
                    );
                return (asker, query, null);
            default:
                return (asker, null, new($"\"{line}\" is not asked here.", "help"));
        }
    }

    public async Task<QueryContext> AskerAsync(Speaker speaker, CancellationToken cancel)
    {
        var (now, states) = (core.Authority.AsOfNow(speaker), await core.Ledger.LoadAllAsync(cancel));
        return new(now, states, Redaction.For(now, core.Policy, states.Values), core.Clock);
    }

    /// <summary>True when someone may ask this.</summary>
    public bool May(Speaker speaker, string line) =>
        Parser.Parse(line) is ParseResult.Understood { Command: var command }
        && core.Policy.Refuses(core.Authority.AsOfNow(speaker), command) is null;
}
