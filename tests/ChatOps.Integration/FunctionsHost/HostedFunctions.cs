using System.Collections.Concurrent;
using System.Net;
using ChatOps.Integration.Faults;
using ChatOps.Integration.FunctionsHost.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatOps.Integration.FunctionsHost;

/// <summary>
/// The function app as it was built, called by a small Functions host: it starts the worker, indexes it by gRPC, calls it with messages of
/// the storage queue and by timers, and sends it the requests that have the key. Rules are those of host.json; pauses between tries are
/// shorter.
/// </summary>
internal sealed class HostedFunctions : IFunctionProcess
{
    private readonly WebApplication _web;
    private readonly ChildProcess _child;
    private readonly Triggers _triggers;
    private readonly ConcurrentQueue<string> _said;
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource<WorkerChannel> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    private HostedFunctions(WebApplication web, ChildProcess child, Triggers triggers, ConcurrentQueue<string> said) =>
        (_web, _child, _triggers, _said) = (web, child, triggers, said);

    public Uri At { get; private set; } = null!;

    public int Kills => _child.Kills;

    public string[] Said => [.. _said];

    /// <summary>What the worker said it has.</summary>
    public IReadOnlyList<RpcFunctionMetadata> Functions { get; private set; } = [];

    public static async Task<HostedFunctions> StartAsync(IReadOnlyDictionary<string, string> settings, string key)
    {
        var said = new ConcurrentQueue<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2);
            k.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddGrpc();
        HostedFunctions host = null!;
        builder.Services.AddSingleton<Func<HostedFunctions>>(() => host);
        var web = builder.Build();
        web.MapGrpcService<Stream>();
        web.Map("/api/{**path}", context => host._triggers.RequestAsync(context, key, host.ReadyAsync));
        await web.StartAsync();
        var addresses = web
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Select(a => new Uri(a))
            .ToList();
        var told = new Dictionary<string, string>(settings)
        {
            ["FUNCTIONS_APPLICATION_DIRECTORY"] = BuiltApp.Folder,
            ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
        };
        var child = new ChildProcess(BuiltApp.Folder, ["ChatOps.Functions.dll", .. ArgumentsFor(addresses[0])], told, said.Enqueue);
        host = new HostedFunctions(web, child, new Triggers(settings["CHATOPS:Storage"], said.Enqueue), said) { At = addresses[1] };
        await host.RunAsync();
        host._running = host._triggers.RunAsync(host.Functions, host.ReadyAsync, host._stop.Token);
        return host;
    }

    /// <summary>Ends the worker as kill -9 does, and waits until another one is indexed.</summary>
    public async Task KillAsync()
    {
        _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _child.KillAsync();
        await RunAsync();
    }

    /// <summary>Asks the worker to end, as a host that stops does, and waits until it has.</summary>
    public async Task<int> TerminateAsync()
    {
        await (await ReadyAsync()).TerminateAsync();
        return await _child.EndedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _child.DisposeAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        await _web.DisposeAsync();
        _stop.Dispose();
    }

    private Task<WorkerChannel> ReadyAsync() => _ready.Task;

    private async Task RunAsync()
    {
        _child.Start();
        await Task.WhenAny(_ready.Task, _child.EndedAsync());
        Assert.True(_ready.Task.IsCompletedSuccessfully, $"{_ready.Task.Exception}\n{string.Join('\n', Said)}");
        Functions = (await _ready.Task).Functions;
    }

    private async Task ServeAsync(
        IAsyncStreamReader<StreamingMessage> reader,
        IServerStreamWriter<StreamingMessage> writer,
        CancellationToken cancel
    )
    {
        Assert.True(await reader.MoveNext(cancel));
        Assert.Equal(StreamingMessage.ContentOneofCase.StartStream, reader.Current.ContentCase);
        var (channel, ready) = (new WorkerChannel(BuiltApp.Folder, writer, _said.Enqueue), _ready);
        var listening = channel.ListenAsync(reader, cancel);
        try
        {
            await channel.StartAsync();
            ready.TrySetResult(channel);
        }
        catch (Exception e)
        {
            ready.TrySetException(e);
        }

        await listening;
    }

    private static string[] ArgumentsFor(Uri grpc) =>
        [
            "--functions-uri",
            grpc.ToString(),
            "--functions-worker-id",
            Guid.NewGuid().ToString(),
            "--functions-request-id",
            Guid.NewGuid().ToString(),
            "--functions-grpc-max-message-length",
            "134217728",
        ];

    private sealed class Stream(Func<HostedFunctions> host) : FunctionRpc.FunctionRpcBase
    {
        public override Task EventStream(
            IAsyncStreamReader<StreamingMessage> requestStream,
            IServerStreamWriter<StreamingMessage> responseStream,
            ServerCallContext context
        ) => host().ServeAsync(requestStream, responseStream, context.CancellationToken);
    }
}
