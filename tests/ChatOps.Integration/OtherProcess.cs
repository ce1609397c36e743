using System.Diagnostics;

namespace ChatOps.Integration;

/// <summary>This program once more, as another process: see <see cref="Program"/> for what it can be told to do.</summary>
internal sealed class OtherProcess : IDisposable
{
    private readonly Process _process;

    private OtherProcess(Process process) => _process = process;

    /// <summary>Its exit code, when it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it. What it is told goes over standard input, where no list of processes shows it.</summary>
    public static async Task<OtherProcess> StartAsync(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(OtherProcess).Assembly.Location])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var other = new OtherProcess(Process.Start(start)!);
        foreach (var word in words)
            await other._process.StandardInput.WriteLineAsync(word);
        await other._process.StandardInput.WriteLineAsync();
        await other._process.StandardInput.FlushAsync();
        return other;
    }

    /// <summary>Waits for a line that it prints.</summary>
    public async Task SaysAsync(string line)
    {
        var said = await _process.StandardOutput.ReadLineAsync(Patience.Token);
        Assert.Equal(line, said);
    }

    /// <summary>Waits until it has ended.</summary>
    public Task EndsAsync() => _process.WaitForExitAsync(Patience.Token);

    /// <summary>Kills it, as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
