using Microsoft.AspNetCore.Http;

namespace ChatOps.FunctionsHost;

/// <summary>Hands a request to the handler as it came, with its own path, and the answer back as it is, whatever its status.</summary>
internal sealed class Forwarder(HandlerProcess handler, HttpClient client, Action<string> say)
{
    private static readonly HashSet<string> Ours = new(StringComparer.OrdinalIgnoreCase) { "Host", "Connection", "Transfer-Encoding", "Keep-Alive", "Upgrade", "x-functions-key" };

    public async Task ForwardAsync(HttpContext context)
    {
        try
        {
            var at = await handler.ReadyAsync(context.RequestAborted);
            using var request = RequestOf(context.Request, at);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => !Ours.Contains(h.Key)))
                context.Response.Headers[name] = values.ToArray();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or HostingException && !context.Response.HasStarted)
        {
            say($"{context.Request.Method} {context.Request.Path} has failed: {e.Message}");
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
    }

    private static HttpRequestMessage RequestOf(HttpRequest from, Uri at)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(at, from.Path.ToUriComponent() + from.QueryString.ToUriComponent()));
        if (from.ContentLength is > 0 || from.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(from.Body);
        foreach (var (name, values) in from.Headers.Where(h => !Ours.Contains(h.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        request.Headers.TryAddWithoutValidation("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        return request;
    }
}
