using ChatOps.Operations.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatOps.Functions;

/// <summary>What others may ask, under <c>/api</c>, with a key that the host asks for.</summary>
public sealed class ApiFunctions(OperationsApi api)
{
    /// <summary>How all gateways are.</summary>
    [Function("Status")]
    public Task<IResult> StatusAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "status")] HttpRequest request) =>
        api.StatusAsync(request.HttpContext.RequestAborted);

    /// <summary>Lines of the audit: <c>?q=80 by operator</c>.</summary>
    [Function("Audit")]
    public Task<IResult> AuditAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "audit")] HttpRequest request) =>
        api.AuditAsync(request.Query["q"], request.HttpContext.RequestAborted);

    /// <summary>A nudge from the bot, which is faster than the queue.</summary>
    [Function("Nudge")]
    public Task<IResult> NudgeAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "nudge")] HttpRequest request) =>
        api.NudgeAsync(request);
}
