using System.Text.Json;
using ChatOps.Core.Audit;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;
using ChatOps.Functions.Apply;
using ChatOps.Functions.Hosting;
using ChatOps.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatOps.Functions.Api;

/// <summary>
/// What others may ask, as JSON: <c>GET /api/status</c>, <c>GET /api/audit?q=80 by operator</c>, and <c>POST /api/nudge</c>, by which the bot spares
/// its nudge the queue's polling. The host has asked for a key before a request comes here.
/// </summary>
internal sealed class ApiFunction(Ledger ledger, IReadModel past, IHealthBoard board, Nudged nudged, TimeProvider clock, ILogger logger)
{
    private const int LongestNudge = 1024;

    // Who has the key sees what a viewer sees.
    private static readonly Speaker Asker = new(new Actor("api", "api", "api"), [Role.Viewer]);

    /// <summary>Maps its routes, which the host forwards as they come.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet("/api/status", StatusAsync);
        app.MapGet("/api/audit", AuditAsync);
        app.MapPost("/api/nudge", NudgeAsync);
    }

    private async Task<IResult> StatusAsync(CancellationToken cancel) =>
        Results.Json((await ledger.LoadAllAsync(cancel)).Values.Where(s => s.Running.Gateway is not null).Select(s => StatusJson.Of(s, board.Get(s.Name))));

    // In the words of the chat, so that there is one language to ask in.
    private async Task<IResult> AuditAsync(string? q, CancellationToken cancel)
    {
        if (Parser.Parse($"audit {q}") is not ParseResult.Understood { Command: AuditQuery query })
            return Results.Json(new { Problem = $"expected {Catalogue.Named("audit").Usage} without the first word" }, statusCode: StatusCodes.Status400BadRequest);
        GatewayState[] states = [.. (await ledger.LoadAllAsync(cancel)).Values];
        var (audit, refusal) = AuditResolution.Of(query.Filter, states, Asker, Redaction.For(Asker, ChangePolicy.Default, states), clock);
        return audit is null
            ? Results.Json(new { Problem = refusal!.Sentence }, statusCode: StatusCodes.Status400BadRequest)
            : Results.Json(past.ReadAsync(audit.Search, cancel));
    }

    private async Task<IResult> NudgeAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength is not > 0 and <= LongestNudge)
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        using var reader = new StreamReader(request.Body);
        if (NudgeText.Read(await reader.ReadToEndAsync(cancel)) is not { } nudge)
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        try
        {
            // Whoever asked may go; what was begun is finished.
            var isSettled = await nudged.RunAsync(nudge, CancellationToken.None);
            return Results.Json(new { nudge.Gateway, IsSettled = isSettled }, JsonSerializerOptions.Web);
        }
        catch (Exception e)
        {
            // The nudge in the queue tries again, and counts.
            Say.Failed(logger, "Api", e);
            return Results.StatusCode(StatusCodes.Status500InternalServerError);
        }
    }
}
