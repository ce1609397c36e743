using System.Text.Json;
using ChatOps.Core.Audit;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Gateways;
using ChatOps.Core.Ports;
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
internal sealed class ApiFunction(Ledger ledger, IEventLog log, IHealthBoard board, Nudged nudged, TimeProvider clock, ILogger logger)
{
    private const int LongestNudge = 1024;

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
        var lines = new List<AuditLine>();
        foreach (var state in (await ledger.LoadAllAsync(cancel)).Values.Where(s => query.At is null || s.Name == query.At))
        {
            var trail = new AuditTrail(state.Name, query, clock.GetUtcNow());
            await foreach (var recorded in log.ReadStreamAsync(Gateway.StreamOf(state.Name), 0, cancel))
                trail.Add(recorded);
            lines.AddRange(trail.Lines);
        }

        return Results.Json(lines.OrderBy(l => l.Time));
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
