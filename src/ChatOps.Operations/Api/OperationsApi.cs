using System.Text.Json;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Operations.Applying;
using ChatOps.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatOps.Operations.Api;

/// <summary>
/// What others may ask, as JSON: <c>GET /api/status</c>, <c>GET /api/audit?q=80 by operator</c>, and <c>POST /api/nudge</c>, by which the
/// bot spares its nudge the queue's polling. Whoever routes a request here has asked for a key before.
/// </summary>
public sealed partial class OperationsApi(
    Ledger ledger,
    IReadModel past,
    IHealthBoard board,
    NudgeHandler nudges,
    TimeProvider clock,
    ILogger<OperationsApi> log
)
{
    private const int LongestNudge = 1024;

    // Who has the key sees what a viewer sees.
    private static readonly Speaker Asker = new(new Actor("api", "api", "api"), [Role.Viewer]);

    /// <summary>How all gateways are.</summary>
    public async Task<IResult> StatusAsync(CancellationToken cancel) =>
        Results.Json(
            (await ledger.LoadAllAsync(cancel))
                .Values.Where(s => s.Running.Gateway is not null)
                .Select(s => StatusJson.Of(s, board.Get(s.Name)))
        );

    /// <summary>Lines of the audit, asked for in the words of the chat, so that there is one language to ask in.</summary>
    /// <param name="question">What follows <c>audit</c> in the chat; null for everything.</param>
    /// <param name="cancel">Nobody waits for it any more.</param>
    public async Task<IResult> AuditAsync(string? question, CancellationToken cancel)
    {
        if (Parser.Parse($"audit {question}") is not ParseResult.Understood { Command: AuditQuery query })
            return Results.Json(
                new { Problem = $"expected {Catalogue.Named("audit").Usage} without the first word" },
                statusCode: StatusCodes.Status400BadRequest
            );
        GatewayState[] states = [.. (await ledger.LoadAllAsync(cancel)).Values];
        var (audit, refusal) = AuditResolution.Of(query.Filter, states, Asker, Redaction.For(Asker, ChangePolicy.Default, states), clock);
        return audit is null
            ? Results.Json(new { Problem = refusal!.Sentence }, statusCode: StatusCodes.Status400BadRequest)
            : Results.Json(past.ReadAsync(audit.Search, cancel));
    }

    /// <summary>Works on a nudge, and answers when the gateway is settled, or does not answer.</summary>
    public async Task<IResult> NudgeAsync(HttpRequest request)
    {
        if (request.ContentLength is not (> 0 and <= LongestNudge))
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        using var reader = new StreamReader(request.Body);
        if (NudgeText.Read(await reader.ReadToEndAsync(request.HttpContext.RequestAborted)) is not { } nudge)
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        try
        {
            // Whoever asked may go; what was begun is finished.
            var isSettled = await nudges.RunAsync(nudge, tries: 1, CancellationToken.None);
            return Results.Json(new { nudge.Gateway, IsSettled = isSettled }, JsonSerializerOptions.Web);
        }
        catch (Exception e)
        {
            // The nudge in the queue tries again, and counts.
            SayFailed(log, nudge.Gateway.ToString(), e);
            return Results.StatusCode(StatusCodes.Status500InternalServerError);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "a nudge of {Gateway} by request has failed")]
    private static partial void SayFailed(ILogger log, string gateway, Exception exception);
}
