using System.Collections.Concurrent;
using ChatOps.Integration.FunctionsHost.Rpc;
using Grpc.Core;
using RpcException = Grpc.Core.RpcException;

namespace ChatOps.Integration.FunctionsHost;

/// <summary>
/// The host's end of the stream that a worker opens: it initialises the worker, asks which functions it has, loads them, and calls them.
/// What the worker does not answer because it has died fails.
/// </summary>
internal sealed class WorkerChannel(string app, IServerStreamWriter<StreamingMessage> writer, Action<string> say)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _asked = new();
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>Where the worker takes requests, as it said when it was initialised.</summary>
    public Uri? Http { get; private set; }

    public IReadOnlyList<RpcFunctionMetadata> Functions { get; private set; } = [];

    /// <summary>Hears the worker until the stream ends.</summary>
    public async Task ListenAsync(IAsyncStreamReader<StreamingMessage> reader, CancellationToken cancel)
    {
        try
        {
            while (await reader.MoveNext(cancel))
            {
                var message = reader.Current;
                if (message.ContentCase == StreamingMessage.ContentOneofCase.RpcLog)
                    say($"{message.RpcLog.Category}: {message.RpcLog.Message}");
                else if (_asked.TryRemove(KeyOf(message), out var asked))
                    asked.TrySetResult(message);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or RpcException)
        {
            // The worker has died, or is told to.
        }
        finally
        {
            foreach (var asked in _asked.Values)
                asked.TrySetException(new IOException("the worker has ended"));
        }
    }

    public async Task StartAsync()
    {
        var init = new WorkerInitRequest
        {
            HostVersion = "4.1037.0",
            WorkerDirectory = app,
            FunctionAppDirectory = app,
            Capabilities = { ["RpcHttpBodyOnly"] = "true" },
        };
        var started = (await AskAsync("init", new() { WorkerInitRequest = init })).WorkerInitResponse;
        Expect(started.Result, "initialising");
        Http = started.Capabilities.TryGetValue("HttpUri", out var uri) ? new Uri(uri) : null;
        var indexed = (
            await AskAsync("metadata", new() { FunctionsMetadataRequest = new() { FunctionAppDirectory = app } })
        ).FunctionMetadataResponse;
        Expect(indexed.Result, "indexing");
        foreach (var function in indexed.FunctionMetadataResults)
        {
            var loaded = await AskAsync(
                function.FunctionId,
                new()
                {
                    FunctionLoadRequest = new() { FunctionId = function.FunctionId, Metadata = function },
                }
            );
            Expect(loaded.FunctionLoadResponse.Result, $"loading {function.Name}");
        }

        Functions = indexed.FunctionMetadataResults;
    }

    /// <summary>Calls a function; what it threw is the failure's message.</summary>
    public async Task<StatusResult> InvokeAsync(
        RpcFunctionMetadata function,
        string invocation,
        string parameter,
        TypedData data,
        IReadOnlyDictionary<string, string>? trigger = null
    )
    {
        var request = new InvocationRequest
        {
            InvocationId = invocation,
            FunctionId = function.FunctionId,
            InputData =
            {
                new ParameterBinding { Name = parameter, Data = data },
            },
            TraceContext = new() { TraceParent = $"00-{Guid.NewGuid():N}-{Guid.NewGuid().ToString("N")[..16]}-01" },
            RetryContext = new(),
        };
        foreach (var (name, json) in trigger ?? new Dictionary<string, string>())
            request.TriggerMetadata[name] = new() { Json = json };
        return (await AskAsync(invocation, new() { InvocationRequest = request })).InvocationResponse.Result;
    }

    public Task TerminateAsync() => WriteAsync(new() { WorkerTerminate = new() });

    private async Task<StreamingMessage> AskAsync(string key, StreamingMessage message)
    {
        var asked = _asked.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        message.RequestId = key;
        await WriteAsync(message);
        return await asked.Task;
    }

    private async Task WriteAsync(StreamingMessage message)
    {
        await _writing.WaitAsync();
        try
        {
            await writer.WriteAsync(message);
        }
        catch (Exception e) when (e is InvalidOperationException or RpcException)
        {
            throw new IOException("the worker has ended", e);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static string KeyOf(StreamingMessage message) =>
        message.ContentCase switch
        {
            StreamingMessage.ContentOneofCase.WorkerInitResponse => "init",
            StreamingMessage.ContentOneofCase.FunctionMetadataResponse => "metadata",
            StreamingMessage.ContentOneofCase.FunctionLoadResponse => message.FunctionLoadResponse.FunctionId,
            StreamingMessage.ContentOneofCase.InvocationResponse => message.InvocationResponse.InvocationId,
            _ => "",
        };

    private static void Expect(StatusResult result, string what) =>
        Assert.True(result.Status == StatusResult.Types.Status.Success, $"{what}: {result.Exception?.Message} {result.Result}");
}
