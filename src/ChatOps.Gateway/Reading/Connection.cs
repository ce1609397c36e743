using System.Buffers.Binary;
using System.Net;
using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.Reading;

/// <summary>A TCP connection that a process of this machine holds.</summary>
/// <param name="Peer">Who is at the other end; an IPv4 address as one, whatever the socket is.</param>
internal readonly record struct Connection(int Port, IPAddress Peer, int PeerPort)
{
    private const int OfId = 48;

    /// <summary>The family of the socket, as the kernel numbers it.</summary>
    public byte SocketFamily { get; init; }

    /// <summary>By what the kernel knows it: ports, addresses, interface and cookie.</summary>
    public ReadOnlyMemory<byte> Id { get; init; }

    /// <summary>Reads a message of socket diagnosis; null when it is shorter than one.</summary>
    public static Connection? Read(ReadOnlyMemory<byte> message)
    {
        if (message.Length < 4 + OfId)
            return null;
        var family = message.Span[0];
        var id = message.Slice(4, OfId);
        var peer = new IPAddress(id.Span.Slice(20, family == 2 ? 4 : 16));
        return new(
            BinaryPrimitives.ReadUInt16BigEndian(id.Span),
            peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer,
            BinaryPrimitives.ReadUInt16BigEndian(id.Span[2..])
        )
        {
            SocketFamily = family,
            Id = id,
        };
    }
}

internal static class Connections
{
    // linux/sock_diag.h, linux/inet_diag.h; the states are those of a connection that is open or closing, not of who listens, waits or is
    // only beginning.
    private const int ByFamily = 20,
        Destroy = 21;
    private const uint Open = 0xfff & ~((1u << 3) | (1u << 6) | (1u << 7) | (1u << 10)),
        Any = 0xffffffff;

    /// <summary>Resets those that are meant, where the kernel can.</summary>
    public static void End(Func<Connection, bool> isMeant)
    {
        using var netlink = new Netlink(Netlink.SocketDiagnosis);
        var meant = new List<Connection>();
        foreach (byte family in (byte[])[2, 10])
        {
            foreach (var message in netlink.All(ByFamily, Request(family, Open, new byte[48]), 0))
            {
                if (Connection.Read(message) is { } connection && isMeant(connection))
                    meant.Add(connection);
            }
        }

        foreach (var connection in meant)
            netlink.Do(Destroy, Request(connection.SocketFamily, Any, connection.Id.Span));
    }

    private static byte[] Request(byte family, uint states, ReadOnlySpan<byte> id)
    {
        var request = new byte[8 + id.Length];
        (request[0], request[1]) = (family, (byte)Protocol.Tcp);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(4), states);
        id.CopyTo(request.AsSpan(8));
        return request;
    }
}
