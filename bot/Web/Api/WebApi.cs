using System.Globalization;
using ChatOps.Bot.Local;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Application.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatOps.Bot.Web.Api;

/// <summary>
/// What the page asks, for people who are signed in; whoever maps it sees to that. Nothing here changes anything: what does is a line, and
/// is said.
/// </summary>
internal sealed class WebApi(ConversationCore core)
{
    private readonly EdgeApi _edge = new(core, new PageQueries(core));
    private readonly ChangesApi _changes = new(core, new PageQueries(core));
    private readonly TimelineApi _timeline = new(core, new PageQueries(core));

    public void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "now", (session, _, cancel) => _edge.NowAsync(session, cancel));
        Map(routes, "live", (session, _, cancel) => _edge.LiveAsync(session, cancel));
        Map(routes, "then", (session, q, cancel) => _edge.ThenAsync(session, Text(q, "at"), cancel));
        Map(routes, "moments", (session, _, cancel) => _edge.MomentsAsync(session, cancel));
        Map(routes, "changes", (session, q, cancel) => _changes.ListAsync(session, Number(q, "page"), cancel));
        Map(routes, "change", (session, q, cancel) => _changes.OneAsync(session, Text(q, "of"), cancel));
        Map(routes, "mine", (session, _, cancel) => _changes.MineAsync(session, cancel));
        Map(routes, "timeline", (session, q, cancel) => _timeline.FindAsync(session, Text(q, "q"), Number(q, "page"), cancel));
        Map(routes, "suggest", (session, q, cancel) => _timeline.SuggestAsync(session, Text(q, "line"), cancel));
    }

    private static string Text(IQueryCollection query, string name) => query[name].ToString();

    private static int Number(IQueryCollection query, string name) =>
        int.TryParse(query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static void Map(
        IEndpointRouteBuilder routes,
        string name,
        Func<Session, IQueryCollection, CancellationToken, Task<ApiAnswer>> answer
    ) => routes.MapGet($"/{name}", context => AnswerAsync(context, answer));

    private static async Task AnswerAsync(HttpContext context, Func<Session, IQueryCollection, CancellationToken, Task<ApiAnswer>> answer)
    {
        var (request, response) = (context.Request, context.Response);
        try
        {
            var json = (await answer(context.Session(), request.Query, context.RequestAborted)).ToJson();
            response.ContentType = "application/json; charset=utf-8";
            await response.WriteAsync(json, context.RequestAborted);
        }
        catch (LogUnavailableException)
        {
            await response.SayAsync(StatusCodes.Status503ServiceUnavailable, "the log does not answer; this page tries again.");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Who asked does not want the answer any more.
        }
    }
}
