using System.Text.Json;
using System.Threading.Channels;
using ChatOps.Bot.Local;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Language.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChatOps.Bot.Requests;

/// <summary>
/// Where programs say lines: <c>POST /v1/lines</c> with a <see cref="LineRequest"/>, answered by a <see cref="LineEvent"/> a line as they
/// happen. 401 for who is nobody here; 400 for what is no line.
/// </summary>
internal sealed class LineEndpoint(ConversationCore core, Func<HttpContext, string, Caller> who, CancellationToken stopping)
{
    public const string Path = "/v1/lines";

    private const int MaxBody = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes, ConversationCore core, Func<HttpContext, string, Caller> who)
    {
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        routes.MapPost(Path, new LineEndpoint(core, who, stopping).HandleAsync);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);

        // A browser's page cannot send this type without asking first, and is not answered then.
        if (!Guard.IsJson(request) || await ReadAsync(request) is not { Line: { } line } wanted)
            await response.SayAsync(
                StatusCodes.Status400BadRequest,
                "not a line: expected application/json such as {\"line\": \"status\"}."
            );
        else if (line.Length > Parser.MaxLine)
            await response.SayAsync(StatusCodes.Status400BadRequest, $"not said: a line has {Parser.MaxLine} characters at most.");
        else if (wanted.Seconds is < 1)
            await response.SayAsync(StatusCodes.Status400BadRequest, "not said: expected at least 1 second to wait.");
        else if (who(context, line) is Caller.Known known)
            await AnswerAsync(context, wanted, known);
        else
            await response.SayAsync(StatusCodes.Status401Unauthorized, ((Caller.Unknown)who(context, line)).Sentence);
    }

    private async Task AnswerAsync(HttpContext context, LineRequest wanted, Caller.Known by)
    {
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var events = Channel.CreateUnbounded<LineEvent>(new() { SingleReader = true });
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var calling = CallAsync(new LineCall(core, by.Speaker, wanted, events.Writer), by.Line, events.Writer, gone.Token);
        try
        {
            await foreach (var said in events.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(JsonSerializer.Serialize(said, LineEvent.Json) + "\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        finally
        {
            await gone.CancelAsync();
            await calling;
        }
    }

    private async Task CallAsync(LineCall call, string line, ChannelWriter<LineEvent> events, CancellationToken gone)
    {
        try
        {
            await Task.Run(() => call.RunAsync(line, stopping, gone), CancellationToken.None);
            events.Complete();
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // Without an end: what was accepted goes on, and who waited is told where to look.
            events.Complete();
        }
        catch (Exception e)
        {
            core.Broke($"handling a line over {Path}", e.Message, e);
            events.TryWrite(new("end", $"this could not be done: {e.Message}. Next: chatops pending, to see whether it was taken"));
            events.Complete();
        }
    }

    private static async Task<LineRequest?> ReadAsync(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBody;
        try
        {
            return await JsonSerializer.DeserializeAsync<LineRequest>(request.Body, LineEvent.Json, request.HttpContext.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or BadHttpRequestException)
        {
            return null;
        }
    }
}
