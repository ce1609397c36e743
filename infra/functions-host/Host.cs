using System.Globalization;

namespace ChatOps.FunctionsHost;

/// <summary>Runs a published folder until it is stopped: the handler, and what sets its functions off.</summary>
internal sealed class Host(string folder, int port, TimeProvider clock, Action<string> say)
{
    private Func<int> _handlerId = () => 0;

    /// <summary>How long a message that is taken is out of sight, unless that is renewed.</summary>
    public TimeSpan Invisible { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The handler's process; 0 while there is none.</summary>
    public int HandlerId => _handlerId();

    /// <summary>Runs until cancelled. <paramref name="onReady"/> hears where requests are taken, once the handler is ready.</summary>
    /// <exception cref="HostingException">The folder cannot be hosted, or its handler has died too often.</exception>
    public async Task RunAsync(Action<Uri> onReady, CancellationToken cancel)
    {
        var host = HostJson.Load(folder);
        var settings = AppSettings.Load(folder);
        var functions = FunctionJson.LoadAll(folder, settings);
        var key = new FunctionKey(settings.Get(FunctionKey.Setting));
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };
        using var handler = new HandlerProcess(folder, host, settings, client, say);
        _handlerId = () => handler.Id;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = new List<Task> { handler.RunAsync(stop.Token) };
        try
        {
            await await Task.WhenAny(handler.ReadyAsync(cancel), running[0]);
            var invoker = new Invoker(handler, client, host.FunctionTimeout, say);
            var http = new HttpFunctions(host, [.. functions.Where(f => f.Trigger is Trigger.Http)], key, new Forwarder(handler, client, say), new HttpInvoker(invoker, clock));
            await using var app = await http.StartAsync(port, cancel);
            var at = new Uri(app.Urls.First());
            say(string.Create(CultureInfo.InvariantCulture, $"functions: {string.Join(", ", functions.Select(f => f.Name))}; requests on {at}{host.RoutePrefix}"));
            if (!key.IsSet && functions.Any(f => f.Trigger is Trigger.Http { IsOpen: false }))
                say($"no setting {FunctionKey.Setting}: functions that need a key answer 401");
            running.AddRange(functions.Where(f => f.Trigger is Trigger.Queue).Select(f => new QueueListener(f, host.Queues, invoker, clock, say) { Invisible = Invisible }.RunAsync(stop.Token)));
            running.AddRange(functions.Where(f => f.Trigger is Trigger.Timer).Select(f => new TimerListener(f, invoker, clock, say).RunAsync(stop.Token)));
            onReady(at);
            await await Task.WhenAny(running.Where(t => !t.IsCompletedSuccessfully));
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running.Select(t => t.ContinueWith(_ => { }, TaskScheduler.Default)));
        }
    }
}
