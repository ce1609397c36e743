using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ChatOps.FunctionsHost;

/// <summary>What a call of the handler came to.</summary>
/// <param name="Answer">Its answer; null when the call has failed.</param>
/// <param name="Problem">Why it failed; null when it did not.</param>
internal sealed record Invocation(JsonElement? Answer, string? Problem)
{
    /// <summary>True when the function has done its work.</summary>
    public bool IsDone => Problem is null;
}

/// <summary>Calls the handler's functions: <c>POST /NAME</c>.</summary>
internal sealed class Invoker(HandlerProcess handler, HttpClient client, TimeSpan timeout, Action<string> say)
{
    /// <summary>Calls a function and judges what it answers. Never throws for what the handler does.</summary>
    public async Task<Invocation> InvokeAsync(string function, string payload, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(timeout);
        Invocation result;
        try
        {
            result = await AskAsync(function, payload, patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            result = new(null, $"no answer after {timeout.TotalSeconds} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or HostingException)
        {
            result = new(null, e.Message);
        }

        if (result.Problem is not null)
            say($"{function} has failed: {result.Problem}");
        return result;
    }

    private async Task<Invocation> AskAsync(string function, string payload, CancellationToken cancel)
    {
        var at = await handler.ReadyAsync(cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(at, function)) { Content = new StringContent(payload, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        request.Headers.Add("X-Azure-Functions-HostVersion", "4.0.0.0");
        using var answer = await client.SendAsync(request, cancel);
        if (!answer.IsSuccessStatusCode)
            return new(null, $"it answered {(int)answer.StatusCode}");
        if (!IsJson(answer.Content.Headers.ContentType))
            return new(null, $"it answered with the content type {answer.Content.Headers.ContentType?.ToString() ?? "(none)"}, not application/json");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancel));
        }
        catch (JsonException e)
        {
            return new(null, $"its answer is not JSON: {e.Message}");
        }

        using (document)
        {
            // As Azure's host does, which waits for an answer that is something.
            if (document.RootElement.ValueKind == JsonValueKind.Null)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return new(null, $"its answer is {document.RootElement.ValueKind}, not an object");
            foreach (var line in document.RootElement.At("Logs") is { ValueKind: JsonValueKind.Array } logs ? logs.EnumerateArray() : default)
                say($"{function}: {line}");
            return new(document.RootElement.Clone(), null);
        }
    }

    private static bool IsJson(MediaTypeHeaderValue? type) => string.Equals(type?.MediaType, "application/json", StringComparison.OrdinalIgnoreCase);
}
