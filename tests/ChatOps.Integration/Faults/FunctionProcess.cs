using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.FunctionsHost;
using ChatOps.Specs.Conventions;

namespace ChatOps.Integration.Faults;

/// <summary>The function app as a process of its own under a host, laid out as <c>dotnet publish functions</c> does it.</summary>
internal sealed class FunctionProcess : IAsyncDisposable
{
    private readonly string _folder;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _said = [];
    private Host? _host;
    private Task _running = Task.CompletedTask;

    private FunctionProcess(string folder) => _folder = folder;

    /// <summary>Where requests are taken; the same after the host was started again.</summary>
    public Uri At { get; private set; } = new("http://127.0.0.1:0");

    public string[] Said
    {
        get
        {
            lock (_said)
                return [.. _said];
        }
    }

    /// <summary>How often the process was killed.</summary>
    public int Kills { get; private set; }

    public static async Task<FunctionProcess> StartAsync(Dictionary<string, string> settings, string folder)
    {
        LayOut(settings, folder);
        var functions = new FunctionProcess(folder);
        await functions.HostAsync();
        return functions;
    }

    /// <summary>Ends the process as kill -9 does, and waits until it runs again. When the host has borne its three deaths it is started again, as a platform does.</summary>
    public async Task KillAsync()
    {
        Kills++;
        var id = _host!.HandlerId;
        if (id != 0)
            Process.GetProcessById(id).Kill();
        await Eventually.TrueAsync(() => _running.IsCompleted || (_host.HandlerId is var now and not 0 && now != id), () => string.Join('\n', Said));
        if (_running.IsCompleted)
            await HostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task HostAsync()
    {
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _host = new Host(_folder, At.Port, TimeProvider.System, Say) { Invisible = TimeSpan.FromSeconds(6) };
        _running = _host.RunAsync(ready.SetResult, _stop.Token);
        await Task.WhenAny(ready.Task, _running);
        Assert.True(ready.Task.IsCompleted, $"{_running.Exception}\n{string.Join('\n', Said)}");
        At = await ready.Task;
    }

    private void Say(string line)
    {
        lock (_said)
            _said.Add(line);
    }

    private static void LayOut(Dictionary<string, string> settings, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Checkout.Root, "functions"), "function.json", SearchOption.AllDirectories).Where(f => !f.Contains("/bin/", StringComparison.Ordinal)))
        {
            var name = Path.GetFileName(Path.GetDirectoryName(file))!;
            Directory.CreateDirectory(Path.Combine(folder, name));
            File.Copy(file, Path.Combine(folder, name, "function.json"));
        }

        // The build's output, not a publish, so it is started by dotnet.
        var host = JsonNode.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "host.json")))!;
        host["customHandler"]!["description"] = new JsonObject
        {
            ["defaultExecutablePath"] = "dotnet",
            ["arguments"] = new JsonArray(Path.Combine(AppContext.BaseDirectory, "ChatOps.Functions.dll")),
        };
        // The rules are those of the real one, and the pauses between tries shorter.
        host["extensions"]!["queues"]!["visibilityTimeout"] = "00:00:00.500";
        host["extensions"]!["queues"]!["maxPollingInterval"] = "00:00:00.500";
        File.WriteAllText(Path.Combine(folder, "host.json"), host.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "local.settings.json"), JsonSerializer.Serialize(new { Values = settings }));
    }
}
