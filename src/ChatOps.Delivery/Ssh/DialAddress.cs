using System.Net;
using System.Net.Sockets;
using ChatOps.Core.Gateways;

namespace ChatOps.Delivery.Ssh;

/// <summary>A place where a gateway's sshd may answer.</summary>
/// <param name="Host">An address or a host name.</param>
/// <param name="Port">The TCP port.</param>
internal readonly record struct DialAddress(string Host, int Port)
{
    /// <summary>A gateway's places in the order in which they are tried: the configured one alone, or its addresses, IPv4 first.</summary>
    public static IReadOnlyList<DialAddress> Of(Gateway gateway, SshOptions options) =>
        options.Dial.TryGetValue(gateway.Name, out var configured)
            ? [Of(configured)]
            : [.. gateway.Addresses.OrderBy(a => a.Family).Select(a => new DialAddress(a.ToString(), gateway.SshPort.Number))];

    private static DialAddress Of(EndPoint endPoint) =>
        endPoint switch
        {
            IPEndPoint ip => new(ip.Address.ToString(), ip.Port),
            DnsEndPoint dns => new(dns.Host, dns.Port),
            _ => throw new ArgumentException($"a gateway is dialled at an IP address or a host name, not at {endPoint}"),
        };

    /// <summary>Connects a new socket, which sends small packets at once: Nagle's algorithm would cost 40 ms an answer.</summary>
    public async Task<Socket> ConnectAsync(CancellationToken cancel)
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
