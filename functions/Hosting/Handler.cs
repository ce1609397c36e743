using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Functions.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatOps.Functions.Hosting;

/// <summary>
/// The custom handler: a web server on loopback that the Functions host calls. <c>POST /NAME</c> calls a function; requests to the function Api come as
/// they are.
/// </summary>
internal static class Handler
{
    /// <summary>Maps the functions.</summary>
    public static void Map(WebApplication app, IEnumerable<IFunction> functions, ApiFunction? api, CancellationToken stopping)
    {
        var log = app.Logger;

        // Any answer means ready.
        app.MapGet("/", () => "ready");
        foreach (var function in functions)
            app.MapPost($"/{function.Name}", context => CallAsync(context, function, log, stopping));
        api?.Map(app);
    }

    // When the host is gone its request is aborted; the work is not, because the message will come again and find it done.
    private static async Task CallAsync(HttpContext context, IFunction function, ILogger log, CancellationToken stopping)
    {
        using var reader = new StreamReader(context.Request.Body);
        if (Invocation.Read(await reader.ReadToEndAsync(context.RequestAborted)) is not { } call)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        try
        {
            await function.RunAsync(call, stopping);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Done(), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (Exception e)
        {
            Say.Failed(log, function.Name, e);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private static string Done() => new JsonObject { ["Outputs"] = new JsonObject(), ["Logs"] = new JsonArray(), ["ReturnValue"] = null }.ToJsonString(JsonSerializerOptions.Default);
}
