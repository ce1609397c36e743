using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using ChatOps.Local;

namespace ChatOps.Bench;

/// <summary>
/// A build of the product as people run it: published, with a gateway of its own in a lab that its own checkout has made, and typed at
/// through a pipe. So two builds can be compared whose code has nothing in common.
/// </summary>
internal sealed partial class Build : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly DelayingRelay? _relay;
    private readonly List<string> _said = [];

    private Build(string name, string checkout, string lab, Process process, DelayingRelay? relay) =>
        (Name, Checkout, Lab, _process, _relay) = (name, checkout, lab, process, relay);

    /// <summary>What the table calls it.</summary>
    public string Name { get; }

    /// <summary>Its checkout.</summary>
    public string Checkout { get; }

    /// <summary>The name of its lab.</summary>
    public string Lab { get; }

    /// <summary>Starts it with an empty log, over a new gateway.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="checkout">Its checkout, with the program in <c>.run/app</c>.</param>
    /// <param name="lab">The name of its lab, which is up.</param>
    /// <param name="scratch">A folder for its log and policy.</param>
    /// <param name="delay">How much later everything comes to its gateway, and back; null for at once.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Build> StartAsync(
        string name,
        string checkout,
        string lab,
        string scratch,
        TimeSpan? delay,
        CancellationToken cancel
    )
    {
        await Tool.RunAsync(Path.Combine(checkout, "infra/lab/lab"), ["--name", lab, "fresh", "gw1"], cancel);
        var folder = Directory.CreateDirectory(
            Path.Combine(scratch, $"{lab}-{Path.GetRandomFileName()}"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        var policy = Path.Combine(folder.FullName, "policy.json");
        await File.WriteAllTextAsync(
            policy,
            """{ "users": [{ "id": "admin", "roles": ["admin"] }], "rules": [{ "commands": ["expose", "unexpose", "vm add", "peer add"], "who": "operator", "approvals": 0 }] }""",
            cancel
        );
        var file = $"/run/chatops-lab/{lab}/lab.json";
        DelayingRelay? relay = null;
        if (delay is { } later)
        {
            var at = LabFile.Load(file).Access.Dial.First(d => d.Key.ToString() == "gw1").Value;
            relay = new(new(IPAddress.Parse(at.Host), at.Port), later);
            var text = await File.ReadAllTextAsync(file, cancel);
            file = Path.Combine(folder.FullName, "lab.json");
            await File.WriteAllTextAsync(file, text.Replace($"{at.Port}", $"{relay.Port}", StringComparison.Ordinal), cancel);
        }

        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(checkout, ".run/app/chatops.dll"),
                "--lab",
                file,
                "--policy",
                policy,
                "--data",
                Path.Combine(folder.FullName, "data"),
                "--port",
                "0",
            ]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_hostBuilder__reloadConfigOnChange"] = "false";
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start");
        var build = new Build(name, checkout, lab, process, relay);
        process.ErrorDataReceived += (_, e) => build.Keep(e.Data);
        process.BeginErrorReadLine();
        return build;
    }

    /// <summary>Types a line of a change that needs nobody's consent and waits until it is confirmed: milliseconds.</summary>
    /// <exception cref="InvalidOperationException">It was refused, failed, or the program has ended; with what it said last.</exception>
    public Task<double> ChangeAsync(string line, CancellationToken cancel) => ChangeAsync([line], cancel);

    /// <summary>Types several such lines at once and waits until each is confirmed: milliseconds for all.</summary>
    /// <exception cref="InvalidOperationException">One was refused, failed, or the program has ended; with what it said last.</exception>
    public async Task<double> ChangeAsync(IReadOnlyList<string> lines, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_patience);
        var from = Stopwatch.GetTimestamp();
        await _process.StandardInput.WriteAsync(string.Concat(lines.Select(l => $"admin: {l}\n")).AsMemory(), limit.Token);
        await _process.StandardInput.FlushAsync(limit.Token);
        var left = lines.Count;
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } said)
        {
            Keep(said);
            if (Confirmed().IsMatch(said) && --left == 0)
                return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
            if (Refused().IsMatch(said))
                break;
        }

        throw new InvalidOperationException($"{Name}: {left} of \"{lines[0]}\" ... were not confirmed: {string.Join(" | ", Last())}");
    }

    /// <summary>What was started in the gateway so far, programs and threads, as the number of the last one says.</summary>
    public async Task<long> StartedAsync(CancellationToken cancel) =>
        long.Parse(
            (await InGatewayAsync(["cat", "/proc/loadavg"], cancel)).Split(' ')[^1],
            System.Globalization.CultureInfo.InvariantCulture
        );

    /// <summary>
    /// Milliseconds of processor that the gateway's processes have used so far; null where the kernel does not count it by group.
    /// </summary>
    public double? Cpu()
    {
        var file = $"/sys/fs/cgroup/unified/chatops-lab.{Lab}.gw1/cpu.stat";
        if (!File.Exists(file))
            file = $"/sys/fs/cgroup/chatops-lab.{Lab}.gw1/cpu.stat";
        return File.Exists(file)
            ? long.Parse(
                File.ReadLines(file).First(l => l.StartsWith("usage_usec ", StringComparison.Ordinal))[11..],
                System.Globalization.CultureInfo.InvariantCulture
            ) / 1_000.0
            : null;
    }

    /// <summary>Runs a command in its gateway.</summary>
    public Task<string> InGatewayAsync(string[] command, CancellationToken cancel) =>
        Tool.RunAsync(Path.Combine(Checkout, "infra/lab/lab"), ["--name", Lab, "exec", "gw1", .. command], cancel);

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_relay is not null)
            await _relay.DisposeAsync();
    }

    private void Keep(string? line)
    {
        lock (_said)
        {
            if (line is not null)
                _said.Add(line);
            if (_said.Count > 12)
                _said.RemoveAt(0);
        }
    }

    private string[] Last()
    {
        lock (_said)
            return [.. _said];
    }

    [GeneratedRegex(@"^#\d+ · .* · confirmed · revision \d+")]
    private static partial Regex Confirmed();

    [GeneratedRegex(@"^Next: |^#\d+ · .* · (failed|reverted)|^no user ")]
    private static partial Regex Refused();
}
