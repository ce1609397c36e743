using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.FunctionsHost;
using ChatOps.Specs;

namespace ChatOps.Integration.Functions;

/// <summary>A published folder with a scripted handler, and the host that runs it.</summary>
internal sealed class PublishedFolder : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, JsonObject> _answers = [];

    public PublishedFolder(object? queues = null, string functionTimeout = "00:05:00", bool isForwarding = true)
    {
        Write(
            "host.json",
            new
            {
                version = "2.0",
                functionTimeout,
                extensions = new { queues = queues ?? new { maxPollingInterval = "00:00:00.200" } },
                customHandler = new
                {
                    description = new { defaultExecutablePath = "node", arguments = new[] { Path.Combine(AppContext.BaseDirectory, "Functions", "handler.js") } },
                    enableForwardingHttpRequest = isForwarding,
                },
            }
        );
        Answer("Nothing");
    }

    /// <summary>Whatever the host has said.</summary>
    public List<string> Said { get; } = [];

    public Host? Host { get; private set; }

    /// <summary>Where requests are taken.</summary>
    public Uri? At { get; private set; }

    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Adds a function with these bindings.</summary>
    public PublishedFolder With(string function, params object[] bindings)
    {
        Directory.CreateDirectory(_folder.In(function));
        Write($"{function}/function.json", new { bindings });
        return this;
    }

    /// <summary>Adds settings, as a developer's machine has them.</summary>
    public PublishedFolder WithSettings(Dictionary<string, string> values)
    {
        Write("local.settings.json", new { IsEncrypted = false, Values = values });
        return this;
    }

    /// <summary>What the handler answers from now on.</summary>
    public void Answer(string function, int status = 200, string type = "application/json", string? body = null, bool isHeld = false, int exit = 0)
    {
        _answers[function] = new JsonObject { ["status"] = status, ["type"] = type, ["isHeld"] = isHeld, ["exit"] = exit };
        if (body is not null)
            _answers[function]["body"] = body;
        var whole = new JsonObject(_answers.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value.DeepClone())));
        File.WriteAllText(_folder.In("answers.new"), whole.ToJsonString());
        File.Move(_folder.In("answers.new"), _folder.In("answers.json"), overwrite: true);
    }

    /// <summary>Lets go what is held.</summary>
    public void Release() => File.WriteAllText(_folder.In("released"), "");

    public async Task<PublishedFolder> StartAsync(TimeSpan? invisible = null)
    {
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        Host = new Host(_folder.Path, 0, TimeProvider.System, Say) { Invisible = invisible ?? TimeSpan.FromSeconds(30) };
        Running = Host.RunAsync(ready.SetResult, _stop.Token);
        await Task.WhenAny(ready.Task, Running);
        if (!ready.Task.IsCompleted)
            await Running;
        At = await ready.Task;
        return this;
    }

    /// <summary>The calls of the handler so far.</summary>
    public List<Call> Calls(string path) => [.. Lines("calls.jsonl").Select(l => JsonSerializer.Deserialize<Call>(l, JsonSerializerOptions.Web)!).Where(c => c.Url.Split('?')[0] == path)];

    /// <summary>What the handler was started with.</summary>
    public List<Start> Starts() => [.. Lines("starts.jsonl").Select(l => JsonSerializer.Deserialize<Start>(l, JsonSerializerOptions.Web)!)];

    /// <summary>Waits for so many calls.</summary>
    public async Task<List<Call>> CalledAsync(string path, int count)
    {
        await Eventually.TrueAsync(() => Calls(path).Count >= count, () => $"{Calls(path).Count} of {count} calls of {path}; {string.Join(" | ", Said)}");
        return Calls(path);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Running.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
        _folder.Dispose();
    }

    private void Say(string line)
    {
        lock (Said)
            Said.Add(line);
    }

    private string[] Lines(string file) => File.Exists(_folder.In(file)) ? File.ReadAllText(_folder.In(file)).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];

    private void Write(string name, object content) => File.WriteAllText(_folder.In(name), JsonSerializer.Serialize(content));
}

internal sealed record Call(string Url, string Method, Dictionary<string, string> Headers, string Body, long At)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

internal sealed record Start(int Port, string? Worker, string? Key, string? Setting);
