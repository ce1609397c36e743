using System.Diagnostics;
using System.Text;

namespace ChatOps.Lab;

/// <summary>A client's WebSocket (RFC 6455) to an echo server, over a TCP connection in the client's network.</summary>
internal sealed class OpenWebSocket : IDisposable
{
    private readonly Process _process;

    private OpenWebSocket(Process process) => _process = process;

    /// <summary>Connects and shakes hands; the status line of an answer that is no WebSocket is in the exception.</summary>
    public static async Task<OpenWebSocket> ToAsync(string address, string host)
    {
        var socket = new OpenWebSocket(Lab.StartIn("client", "nc", address, "80"));
        await socket.SendAsync(
            Encoding.ASCII.GetBytes(
                $"GET /ws HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
        );
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append((char)(await socket.ReadAsync(1))[0]);
        Assert.StartsWith("HTTP/1.1 101 ", head.ToString(), StringComparison.Ordinal);
        return socket;
    }

    /// <summary>Sends a short text and returns the text that comes back.</summary>
    public async Task<string> EchoAsync(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        Assert.InRange(payload.Length, 1, 125);

        // A client masks what it sends; a mask of zeros leaves it readable.
        await SendAsync([0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]);
        var start = await ReadAsync(2);
        return Encoding.UTF8.GetString(await ReadAsync(start[1]));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task SendAsync(byte[] bytes)
    {
        await _process.StandardInput.BaseStream.WriteAsync(bytes);
        await _process.StandardInput.BaseStream.FlushAsync();
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _process.StandardOutput.BaseStream.ReadExactlyAsync(bytes, Patience.Token);
        return bytes;
    }
}
