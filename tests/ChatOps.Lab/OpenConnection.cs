using System.Diagnostics;

namespace ChatOps.Lab;

/// <summary>A client's TCP connection to an echo server that stays open.</summary>
internal sealed class OpenConnection : IDisposable
{
    private readonly Process _process;

    private OpenConnection(Process process) => _process = process;

    public static OpenConnection To(string address, int port) => new(Lab.StartIn("client", "nc", address, $"{port}"));

    /// <summary>Sends a line and returns what comes back; null when the connection has ended.</summary>
    public async Task<string?> EchoAsync(string line)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync(patience.Token);
            return await _process.StandardOutput.ReadLineAsync(patience.Token);
        }
        catch (IOException)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            return "(nothing came back, and the connection did not end)";
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
