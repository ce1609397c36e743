using System.Diagnostics;
using System.Globalization;
using ChatOps.Bot.Configuration;
using ChatOps.Delivery.Folder;
using ChatOps.Hosting;
using ChatOps.Local;
using ChatOps.Operations.Applying;
using ChatOps.Proof.Keeping;

namespace ChatOps.Bench;

/// <summary>
/// What a start costs that has a long log before it, in a process of its own: from its first instruction until the room shows what is open.
/// Once as it is without anything beside the log, which reads all of it, and then as every later start is.
/// </summary>
internal sealed class StartBenchmark(string scratch, bool quick)
{
    /// <summary>The word that makes this program the process that is measured.</summary>
    public const string Child = "--start";

    private readonly int _events = quick ? 100_000 : 1_000_000;

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        var folder = Directory
            .CreateDirectory(Path.Combine(scratch, "start"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)
            .FullName;
        var log = Path.Combine(folder, "log.db");
        await new LongLog(log, Path.Combine(folder, "log.jsonl"), _events) { Keys = Path.Combine(folder, "log.people") }.WriteAsync(cancel);
        await KeyCheck.MakeAsync(new KeyFiles(log), cancel);
        var whole = await StartAsync(folder, cancel);
        var later = new List<Cost>();
        for (var i = 0; i < (quick ? 2 : 5); i++)
            later.Add(await StartAsync(folder, cancel));
        var best = later.MinBy(l => l.Seconds)!;
        report.Add(
            string.Create(CultureInfo.InvariantCulture, $"start with {_events:N0} events"),
            $"{best}; reading all of it {whole}: 1/{whole.Cpu / best.Cpu:0}",
            "ready in < 2 s and 200 MB, at most 1/50 of the CPU",
            best is { Seconds: < 2, Megabytes: < 200 } && best.Cpu * 50 <= whole.Cpu
        );
    }

    /// <summary>The process that is measured.</summary>
    public static async Task<int> ChildAsync(string folder)
    {
        var policy = PolicyFile.Load(Path.Combine(AppContext.BaseDirectory, "policy.json"));
        using var shell = new FolderGatewayClient(Path.Combine(folder, "gateways"), TimeProvider.System);
        await using (
            await LocalEdition.StartAsync(
                Path.Combine(folder, "log.db"),
                [],
                shell,
                policy.Policy,
                Path.Combine(AppContext.BaseDirectory, "templates"),
                ApplyOptions.Default,
                TimeProvider.System,
                SentenceLog.To(Console.Error.WriteLine),
                default
            )
        )
        {
            using var self = Process.GetCurrentProcess();
            var seconds = (DateTime.Now - self.StartTime).TotalSeconds;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{seconds} {self.TotalProcessorTime.TotalSeconds} {self.PeakWorkingSet64 / 1e6}"
                )
            );

            // What the next start goes on from is written by a process that runs for a moment.
            while (!File.Exists(Path.Combine(folder, "log.start")))
                await Task.Delay(100);
        }

        return 0;
    }

    private static async Task<Cost> StartAsync(string folder, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ChatOps.Bench.dll"));
        start.ArgumentList.Add(Child);
        start.ArgumentList.Add(folder);
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"the start ended with {process.ExitCode}");
        var figures = said.Trim().Split('\n')[^1].Split(' ').Select(f => double.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        Console.Error.WriteLine($"a start: {string.Join(' ', figures)}");
        return new(figures[0], figures[1], figures[2]);
    }

    private sealed record Cost(double Seconds, double Cpu, double Megabytes)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Seconds:0.0} s, {Cpu:0.0} s of CPU, {Megabytes:0} MB");
    }
}
