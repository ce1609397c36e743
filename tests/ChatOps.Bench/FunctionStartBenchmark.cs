using System.Diagnostics;
using System.Net;
using ChatOps.Integration.Azurites;

namespace ChatOps.Bench;

/// <summary>
/// The worker from the start of its process to its first answer, by how it was published, over an Azurite whose log is there. It opens the
/// log and is then ready to apply, so this is what a restart costs.
/// </summary>
internal sealed class FunctionStartBenchmark(string scratch, bool quick, IReadOnlyDictionary<string, string> published)
{
    private const string Executable = "chatops-worker";

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        var folder = Directory.CreateDirectory(Path.Combine(scratch, "start-azurite")).FullName;
        await using var azurite = await Azurite.StartAsync(Directory.GetCurrentDirectory(), folder);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var took = published.Keys.ToDictionary(k => k, _ => new List<double>());

        // In turns, so that whatever else the machine does hits all of them.
        for (var i = 0; i < (quick ? 4 : 12); i++)
        {
            foreach (var (how, at) in published)
            {
                var one = await StartAsync(client, azurite.ConnectionString, at, cancel);
                if (i > 0)
                    took[how].Add(one);
            }
        }

        foreach (var (how, all) in took)
            report.Add($"worker, {how}, start to ready", new Figures(all).ToString(), "said, not aimed at", true);
    }

    private async Task<double> StartAsync(HttpClient client, string connection, string published, CancellationToken cancel)
    {
        var port = FreePort.Next();
        var start = new ProcessStartInfo(Path.GetFullPath(Path.Combine(published, Executable)))
        {
            WorkingDirectory = published,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["CHATOPS__Worker__Listen"] = $"http://127.0.0.1:{port}",
                ["CHATOPS__Storage"] = connection,
                ["CHATOPS__Data"] = Path.Combine(scratch, "start-data"),
                ["CHATOPS__Gateways__Folder"] = Path.Combine(scratch, "start-gateways"),
                ["DOTNET_hostBuilder__reloadConfigOnChange"] = "false",
            },
        };
        var from = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            while (true)
            {
                try
                {
                    using var answer = await client.GetAsync(new UriBuilder("http", IPAddress.Loopback.ToString(), port).Uri, cancel);
                    return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
                }
                catch (HttpRequestException) when (!process.HasExited && Stopwatch.GetElapsedTime(from) < TimeSpan.FromSeconds(30))
                {
                    await Task.Delay(2, cancel);
                }
                catch (HttpRequestException e)
                {
                    throw new InvalidOperationException(
                        $"{published} is not ready: {(process.HasExited ? await process.StandardError.ReadToEndAsync(cancel) : e.Message)}",
                        e
                    );
                }
            }
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
