using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ChatOps.Specs.Hosting;

/// <summary>What the local edition has loaded when it has worked: no part of a cloud.</summary>
public sealed class LoadedSpecs : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "chatops.dll");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task At_a_terminal_it_loads_no_azure()
    {
        using var process = Start("--port", "0", "--data", _folder.In("data"));
        foreach (var line in new[] { "operator: vm add vm2 400::100:0:0:2", "approver: approve 1", "status", "audit verify", "audit vm2" })
            await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
        await LoadsNoAzureAsync(process, said => said.Contains("audit · vm2", StringComparison.Ordinal), p => p.StandardInput.Close());
    }

    [Fact]
    public async Task As_a_service_it_loads_no_azure()
    {
        var settings = new { CHATOPS = new { Data = _folder.In("data"), Web = new { Port = 0 } } };
        await File.WriteAllTextAsync(_folder.In("chatops.json"), JsonSerializer.Serialize(settings));
        using var process = Start("serve", "--settings", _folder.In("chatops.json"));
        await LoadsNoAzureAsync(
            process,
            said => said.Contains("serves until SIGTERM", StringComparison.Ordinal),
            p => Process.Start("kill", ["-TERM", $"{p.Id}"]).WaitForExit()
        );
    }

    private static async Task LoadsNoAzureAsync(Process process, Func<string, bool> hasWorked, Action<Process> end)
    {
        var said = new StringBuilder();
        process.OutputDataReceived += (_, e) => Hear(e.Data);
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await Eventually.TrueAsync(() => process.HasExited || hasWorked(Said()), Said);
            Assert.False(process.HasExited, Said());
            var loaded = await LoadedAsync(process);
            Assert.Contains("ChatOps.Storage.dll", loaded);
            Assert.Contains("Microsoft.Data.Sqlite.dll", loaded);
            Assert.Empty(loaded.Where(IsOfAzure).Order());
        }
        finally
        {
            if (!process.HasExited)
                end(process);
            await process.WaitForExitAsync(Patience.Token);
        }

        void Hear(string? line)
        {
            lock (said)
                said.AppendLine(line);
        }

        string Said()
        {
            lock (said)
                return said.ToString();
        }
    }

    private static bool IsOfAzure(string file) =>
        file.StartsWith("Azure.", StringComparison.Ordinal)
        || file.StartsWith("ChatOps.Azure", StringComparison.Ordinal)
        || file.StartsWith("Microsoft.Azure", StringComparison.Ordinal)
        || file.StartsWith("Microsoft.Identity.Client", StringComparison.Ordinal);

    private static async Task<HashSet<string>> LoadedAsync(Process process)
    {
        var maps = await File.ReadAllLinesAsync($"/proc/{process.Id}/maps");
        return [.. maps.Where(m => m.EndsWith(".dll", StringComparison.Ordinal)).Select(m => Path.GetFileName(m))];
    }

    private Process Start(params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo("dotnet", [Program, .. arguments, "--gateway", $"folder:{_folder.In("gateway")}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
}
