using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatOps.StandIns.Discord;

/// <summary>What every request passes: faults, the bot's token, rate limits.</summary>
internal sealed partial class Api(IEndpointRouteBuilder routes, string token, Behaviour behaviour, Limiter limiter, Faults faults)
{
    /// <summary>Every request that came in, as <c>PATCH /api/v10/channels/...</c>, with the interactions' tokens.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>A route that takes the bot's token.</summary>
    public void Bot(string method, string path, string bucket, string major, Func<Call, Reply> handle) =>
        Map(method, path, bucket, [major], true, handle);

    /// <summary>A route that takes the token in its path.</summary>
    public void Open(string method, string path, string? bucket, Func<Call, Reply> handle) =>
        Map(method, path, bucket, ["application", "token"], false, handle);

    /// <summary>What every other path answers.</summary>
    public static Task NotFoundAsync(HttpContext context) => WriteAsync(context.Response, Reply.NotFound);

    private void Map(string method, string path, string? bucket, string[] major, bool isBot, Func<Call, Reply> handle) =>
        routes.MapMethods($"/api/v10/{path}", [method], context => HandleAsync(context, bucket, major, isBot, handle));

    private async Task HandleAsync(HttpContext context, string? bucket, string[] major, bool isBot, Func<Call, Reply> handle)
    {
        lock (Requests)
            Requests.Add($"{context.Request.Method} {context.Request.Path}");
        var fault = faults.Take(context.Request);
        if (fault is Fault.LostRequest)
            context.Abort();
        else if (fault is { } early and not Fault.LostAnswer)
            await GiveAsync(context.Response, early);
        else if (!IsBot(context.Request))
            await WriteAsync(context.Response, Reply.Error(403, 40333, "internal network error"));
        else if (isBot && context.Request.Headers.Authorization != $"Bot {token}")
            await WriteAsync(context.Response, Reply.Unauthorized);
        else if (
            bucket is not null
            && limiter.Count(bucket, string.Join('/', major.Select(m => context.Request.RouteValues[m])), isBot, context.Response.Headers)
                is { } refused
        )
            await LimitAsync(context.Response, refused.Wait, refused.Scope);
        else if (await Call.ReadAsync(context) is not { } call)
            await WriteAsync(context.Response, Reply.Error(400, 50109, "The request body contains invalid JSON."));
        else
            await AnswerAsync(context, handle(call), fault);
    }

    /// <summary>True for whoever says what it is in the documented form: an address and a version.</summary>
    public static bool IsBot(HttpRequest request) => BotForm().IsMatch(request.Headers.UserAgent.ToString());

    private Task AnswerAsync(HttpContext context, Reply reply, Fault? fault)
    {
        if (fault is not Fault.LostAnswer)
            return WriteAsync(context.Response, behaviour.IsTerse ? Terse.Reply(reply) : reply);
        context.Abort();
        return Task.CompletedTask;
    }

    private static Task GiveAsync(HttpResponse response, Fault fault)
    {
        switch (fault)
        {
            case Fault.BadGateway:
                return HtmlAsync(response, 502);
            case Fault.ForbiddenPage:
                return HtmlAsync(response, 403);
            case Fault.BadRequestPage:
                return HtmlAsync(response, 400);
            case Fault.LoginPage:
                return HtmlAsync(response, 401);
            case Fault.UnknownInteraction:
                return WriteAsync(response, Reply.UnknownInteraction);
            case Fault.HourLimit:
                return LimitAsync(response, TimeSpan.FromHours(1), "user");
            case Fault.EdgeLimit:
                response.Headers.RetryAfter = "1";
                return HtmlAsync(response, 429);
            case Fault.GlobalLimit:
                return LimitAsync(response, TimeSpan.FromMilliseconds(300), "global");
            case Fault.SharedLimit:
                return LimitAsync(response, TimeSpan.FromMilliseconds(300), "shared");
            default:
                return WriteAsync(response, Reply.Error(500, 0, "500: Internal Server Error"));
        }
    }

    private static Task LimitAsync(HttpResponse response, TimeSpan wait, string scope)
    {
        response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.Headers["X-RateLimit-Scope"] = scope;
        if (scope == "global")
            response.Headers["X-RateLimit-Global"] = "true";
        var what = scope == "shared" ? "The resource is being rate limited." : "You are being rate limited.";
        return WriteAsync(
            response,
            new(
                429,
                new JsonObject
                {
                    ["message"] = what,
                    ["retry_after"] = wait.TotalSeconds,
                    ["global"] = scope == "global",
                }
            )
        );
    }

    private static Task HtmlAsync(HttpResponse response, int status)
    {
        (response.StatusCode, response.ContentType) = (status, "text/html");
        return response.WriteAsync("<html><body><h1>Error</h1></body></html>");
    }

    private static async Task WriteAsync(HttpResponse response, Reply reply)
    {
        response.StatusCode = reply.Status;
        if (reply.Body is null)
            return;
        response.ContentType = "application/json";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(reply.Body.ToJsonString()));
    }

    [GeneratedRegex(@"^DiscordBot \(https://[^ ,]+, \d+(\.\d+)+\)")]
    private static partial Regex BotForm();
}
