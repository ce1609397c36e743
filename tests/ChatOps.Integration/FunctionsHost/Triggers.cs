using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using ChatOps.Integration.FunctionsHost.Rpc;
using ChatOps.Specs.Conventions;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Integration.FunctionsHost;

/// <summary>What sets functions off: messages of a storage queue, timers, and requests.</summary>
internal sealed partial class Triggers(string connection, Action<string> say)
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private IReadOnlyList<RpcFunctionMetadata> _functions = [];

    [GeneratedRegex(@"^\*/(\d+) \* \* \* \* \*$")]
    private static partial Regex EverySeconds();

    public async Task RunAsync(IReadOnlyList<RpcFunctionMetadata> functions, Func<Task<WorkerChannel>> worker, CancellationToken cancel)
    {
        _functions = functions;
        using var host = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "host.json"), cancel));
        var rules = host.RootElement.GetProperty("extensions").GetProperty("queues");
        Assert.Equal("none", rules.GetProperty("messageEncoding").GetString());
        var running = functions
            .Select(f => (Function: f, Trigger: TriggerOf(f)))
            .Select(t =>
                t.Trigger.GetProperty("type").GetString() switch
                {
                    "queueTrigger" => ListenAsync(t.Function, t.Trigger, rules.GetProperty("maxDequeueCount").GetInt32(), worker, cancel),
                    "timerTrigger" => TickAsync(t.Function, t.Trigger, worker, cancel),
                    _ => Task.CompletedTask,
                }
            );
        await Task.WhenAll(running);
    }

    /// <summary>
    /// Hands a request to the worker as it came, and at the same time calls the function by gRPC, which is how the worker knows whose it
    /// is.
    /// </summary>
    public async Task RequestAsync(HttpContext context, string key, Func<Task<WorkerChannel>> worker)
    {
        var function = _functions.FirstOrDefault(f =>
            TriggerOf(f) is var t
            && t.TryGetProperty("route", out var route)
            && $"/api/{route}" == context.Request.Path
            && HasMethod(t, context.Request.Method)
        );
        if (
            function is null
            || TriggerOf(function).GetProperty("authLevel").GetString() != "Function"
            || context.Request.Headers["x-functions-key"] != key
        )
        {
            context.Response.StatusCode = function is null ? StatusCodes.Status404NotFound : StatusCodes.Status401Unauthorized;
            return;
        }

        var (channel, invocation) = (await worker(), Guid.NewGuid().ToString());
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method),
            new Uri(channel.Http!, context.Request.Path + context.Request.QueryString.ToUriComponent())
        );
        request.Headers.Add("x-ms-invocation-id", invocation);
        if (context.Request.ContentLength is { } length)
            request.Content = new StreamContent(context.Request.Body) { Headers = { ContentLength = length } };
        var called = channel.InvokeAsync(
            function,
            invocation,
            "request",
            new()
            {
                Http = new() { Method = request.Method.Method, Url = request.RequestUri!.ToString() },
            }
        );
        var answered = _client.SendAsync(request, context.RequestAborted);
        if (await Task.WhenAny(answered, called) == called && (await called).Status != StatusResult.Types.Status.Success)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        using var answer = await answered;
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        await called;
    }

    private async Task ListenAsync(
        RpcFunctionMetadata function,
        JsonElement trigger,
        int most,
        Func<Task<WorkerChannel>> worker,
        CancellationToken cancel
    )
    {
        Assert.Equal("CHATOPS:Storage", trigger.GetProperty("connection").GetString());
        var (queue, poison) = (
            ClientOf(trigger.GetProperty("queueName").GetString()!),
            ClientOf($"{trigger.GetProperty("queueName").GetString()}-poison")
        );
        var running = new List<Task>();
        while (true)
        {
            QueueMessage[] messages = [];
            try
            {
                messages = (await queue.ReceiveMessagesAsync(8, Held, cancel)).Value;
            }
            catch (Exception e) when (e is RequestFailedException or AggregateException)
            {
                say($"the queue does not answer: {e.Message.Split('\n')[0]}");
            }

            running.AddRange(
                messages.Select(m => HandleAsync(function, trigger.GetProperty("name").GetString()!, queue, poison, m, most, worker))
            );
            await Task.WhenAny([Task.Delay(messages.Length > 0 ? TimeSpan.FromMilliseconds(20) : Pause, cancel), .. running]);
            running.RemoveAll(t => t.IsCompleted);
            cancel.ThrowIfCancellationRequested();
        }
    }

    private async Task HandleAsync(
        RpcFunctionMetadata function,
        string parameter,
        QueueClient queue,
        QueueClient poison,
        QueueMessage message,
        int most,
        Func<Task<WorkerChannel>> worker
    )
    {
        try
        {
            var metadata = new Dictionary<string, string>
            {
                ["DequeueCount"] = message.DequeueCount.ToString(CultureInfo.InvariantCulture),
            };
            var result = await (await worker()).InvokeAsync(
                function,
                Guid.NewGuid().ToString(),
                parameter,
                new() { String = message.MessageText },
                metadata
            );
            if (result.Status == StatusResult.Types.Status.Success)
            {
                await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);
            }
            else if (message.DequeueCount < most)
            {
                await queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, visibilityTimeout: Pause);
            }
            else
            {
                await poison.CreateIfNotExistsAsync();
                await poison.SendMessageAsync(message.Body);
                await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);
            }
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or IOException)
        {
            // It comes again when its time is over: delivery is at least once.
            say($"a message could not be settled: {e.Message.Split('\n')[0]}");
        }
    }

    private static async Task TickAsync(
        RpcFunctionMetadata function,
        JsonElement trigger,
        Func<Task<WorkerChannel>> worker,
        CancellationToken cancel
    )
    {
        Assert.True(trigger.GetProperty("runOnStartup").GetBoolean());
        var seconds = int.Parse(
            EverySeconds().Match(trigger.GetProperty("schedule").GetString()!).Groups[1].Value,
            CultureInfo.InvariantCulture
        );
        while (true)
        {
            try
            {
                // For schedules of less than a minute a real host has no status.
                var timer = new TypedData { Json = """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""" };
                await (await worker()).InvokeAsync(function, Guid.NewGuid().ToString(), trigger.GetProperty("name").GetString()!, timer);
            }
            catch (IOException)
            {
                // The worker died meanwhile; the next one is asked at the next tick.
            }

            await Task.Delay(TimeSpan.FromSeconds(seconds), cancel);
        }
    }

    private static bool HasMethod(JsonElement trigger, string method) =>
        trigger.GetProperty("methods").EnumerateArray().Any(m => string.Equals(m.GetString(), method, StringComparison.OrdinalIgnoreCase));

    private static JsonElement TriggerOf(RpcFunctionMetadata function) =>
        function
            .RawBindings.Select(b => JsonDocument.Parse(b).RootElement)
            .Single(b => b.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.Ordinal));

    private QueueClient ClientOf(string name) =>
        new(
            connection,
            name,
            new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05)
            {
                Retry = { MaxRetries = 1, NetworkTimeout = TimeSpan.FromSeconds(10) },
            }
        );
}
