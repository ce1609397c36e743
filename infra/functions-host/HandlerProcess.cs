using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ChatOps.FunctionsHost;

/// <summary>
/// The handler's process: started with a port of its own, waited for, started again when it dies. The third death stops the host. What it prints is
/// printed.
/// </summary>
internal sealed class HandlerProcess(string folder, HostJson host, AppSettings settings, HttpClient client, Action<string> say) : IDisposable
{
    /// <summary>After how many deaths the host stops.</summary>
    public const int MostDeaths = 3;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    private volatile TaskCompletionSource<Uri> _ready = NewReady();
    private Process? _process;
    private int _id;

    /// <summary>The process that runs now; 0 for none.</summary>
    public int Id => Volatile.Read(ref _id);

    /// <summary>Where it listens, once it is ready.</summary>
    public Task<Uri> ReadyAsync(CancellationToken cancel) => _ready.Task.WaitAsync(cancel);

    /// <summary>Keeps it running until cancelled.</summary>
    /// <exception cref="HostingException">It cannot be started, is not ready in time, or has died too often.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            for (var deaths = 1; ; deaths++)
            {
                var at = Start();
                var died = _process!.WaitForExitAsync(cancel);
                await WaitUntilReadyAsync(at, died, cancel);
                await died;
                // One that died before it was ready has left those who wait where they are.
                if (_ready.Task.IsCompleted)
                    _ready = NewReady();
                say(string.Create(CultureInfo.InvariantCulture, $"{host.Executable} has ended with {_process.ExitCode} ({deaths} of {MostDeaths} times that are borne)"));
                if (deaths == MostDeaths)
                    throw new HostingException($"{host.Executable} has ended {MostDeaths} times: the host stops. Next: read what it said above");
            }
        }
        catch (Exception e)
        {
            _ready.TrySetException(e is OperationCanceledException ? new HostingException("the host stops") : e);
            throw;
        }
        finally
        {
            await EndAsync();
        }
    }

    public void Dispose() => _process?.Dispose();

    private Uri Start()
    {
        var port = FreePort();
        var inFolder = Path.Combine(folder, host.Executable);
        var start = new ProcessStartInfo(File.Exists(inFolder) ? Path.GetFullPath(inFolder) : host.Executable, host.Arguments)
        {
            WorkingDirectory = Path.GetFullPath(folder),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings.Local)
            start.Environment.TryAdd(name.Replace(":", "__", StringComparison.Ordinal), value);
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = Guid.NewGuid().ToString();
        start.Environment.Remove(FunctionKey.Setting);
        try
        {
            _process?.Dispose();
            _process = Process.Start(start) ?? throw new HostingException($"{start.FileName} cannot be started");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new HostingException($"{start.FileName} cannot be started: {e.Message}", e);
        }

        var id = _process.Id;
        Volatile.Write(ref _id, id);
        _process.Exited += (_, _) => Interlocked.CompareExchange(ref _id, 0, id);
        _process.EnableRaisingEvents = true;
        _process.OutputDataReceived += (_, line) => PassOn(Console.Out, line.Data);
        _process.ErrorDataReceived += (_, line) => PassOn(Console.Error, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return new UriBuilder("http", IPAddress.Loopback.ToString(), port).Uri;
    }

    private async Task WaitUntilReadyAsync(Uri at, Task died, CancellationToken cancel)
    {
        var since = Stopwatch.GetTimestamp();
        while (!died.IsCompleted)
        {
            try
            {
                using var answer = await client.GetAsync(at, cancel);
                say(string.Create(CultureInfo.InvariantCulture, $"{host.Executable} is ready after {Stopwatch.GetElapsedTime(since).TotalMilliseconds:0} ms"));
                _ready.TrySetResult(at);
                return;
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(since) < StartPatience)
            {
                await Task.Delay(Glance, cancel);
            }
            catch (HttpRequestException e)
            {
                throw new HostingException($"{host.Executable} does not answer GET / at its port after {StartPatience.TotalSeconds} s: {e.Message}", e);
            }
        }
    }

    // Asked first: what it has begun it may finish.
    private async Task EndAsync()
    {
        if (_process is not { HasExited: false } running)
            return;
        try
        {
            using var terminate = Process.Start("kill", ["-TERM", running.Id.ToString(CultureInfo.InvariantCulture)]);
            using var patience = new CancellationTokenSource(EndPatience);
            await running.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            running.Kill(entireProcessTree: true);
        }
    }

    private static void PassOn(TextWriter to, string? line)
    {
        if (line is not null)
            to.WriteLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static TaskCompletionSource<Uri> NewReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
