using System.Collections.Concurrent;

namespace ChatOps.Integration.Faults;

/// <summary><c>chatops-worker</c>: the function app's work without a Functions host.</summary>
internal sealed class WorkerProcess : IFunctionProcess
{
    private readonly ConcurrentQueue<string> _said = new();
    private readonly ChildProcess _child;

    private WorkerProcess(IReadOnlyDictionary<string, string> settings, string key)
    {
        At = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var all = new Dictionary<string, string>(settings) { ["CHATOPS:Worker:Listen"] = At.ToString(), ["CHATOPS:Worker:Key"] = key };
        _child = new ChildProcess(AppContext.BaseDirectory, ["chatops-worker.dll"], all, _said.Enqueue);
    }

    public Uri At { get; }

    public int Kills => _child.Kills;

    public string[] Said => [.. _said];

    public static async Task<WorkerProcess> StartAsync(IReadOnlyDictionary<string, string> settings, string key)
    {
        var worker = new WorkerProcess(settings, key);
        await worker.RunAsync();
        return worker;
    }

    public async Task KillAsync()
    {
        await _child.KillAsync();
        await RunAsync();
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private async Task RunAsync()
    {
        _child.Start();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = At };
        var ended = _child.EndedAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(ended.IsCompleted, string.Join('\n', Said));
                try
                {
                    return (await client.GetAsync("/")).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            () => string.Join('\n', Said)
        );
    }
}
