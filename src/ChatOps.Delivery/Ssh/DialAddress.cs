using System.Net;
using System.Net.Sockets;

namespace ChatOps.Delivery.Ssh;

/// <summary>A place where a gateway's sshd may answer.</summary>
/// <param name="Host">An address or a host name.</param>
public readonly record struct DialAddress(string Host, int Port)
{
    /// <summary>An address with its port: <c>127.0.0.1:2222</c>, <c>[::1]:22</c>.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static DialAddress Of(string text)
    {
        var end = IPEndPoint.Parse(text);
        return new(end.Address.ToString(), end.Port);
    }

    /// <summary>Connects a new socket, which sends small packets at once: Nagle's algorithm would cost 40 ms an answer.</summary>
    internal async Task<Socket> ConnectAsync(CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(Host, Port, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
