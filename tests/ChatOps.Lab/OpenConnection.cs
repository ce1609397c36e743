using System.Diagnostics;

namespace ChatOps.Lab;

/// <summary>A client's connection to an echo server that stays open; of UDP, the port that it sends from.</summary>
internal sealed class OpenConnection : IDisposable
{
    private readonly Process _process;

    private OpenConnection(Process process) => _process = process;

    /// <summary>From one of the client's addresses, if that matters.</summary>
    public static OpenConnection To(string address, int port, string? from = null) =>
        new(Lab.StartIn("client", ["nc", .. from is null ? Array.Empty<string>() : ["-s", from], address, $"{port}"]));

    /// <summary>By UDP.</summary>
    public static OpenConnection ToUdp(string address, int port, string? from = null) =>
        new(Lab.StartIn("client", ["nc", "-u", .. from is null ? Array.Empty<string>() : ["-s", from], address, $"{port}"]));

    /// <summary>From any machine.</summary>
    public static OpenConnection Between(string host, string address, int port) => new(Lab.StartIn(host, "nc", address, $"{port}"));

    /// <summary>The next line that comes; null when the connection has ended.</summary>
    public Task<string?> ReadAsync(TimeSpan? within = null) =>
        WithinAsync(within, async patience => await _process.StandardOutput.ReadLineAsync(patience));

    /// <summary>Sends a line and returns what comes back; null when the connection has ended.</summary>
    public Task<string?> EchoAsync(string line, TimeSpan? within = null) => WithinAsync(within, async patience =>
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync(patience);
            return await _process.StandardOutput.ReadLineAsync(patience);
        });

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static async Task<string?> WithinAsync(TimeSpan? limit, Func<CancellationToken, Task<string?>> talk)
    {
        using var patience = new CancellationTokenSource(limit ?? Patience.Limit);
        try
        {
            return await talk(patience.Token);
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
}
