using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.Running;

/// <summary>An address and a port. <paramref name="Zone"/> is the interface of a link-local address, else 0.</summary>
internal readonly record struct Endpoint(Ip Address, ushort Port, uint Zone = 0)
{
    /// <summary>How many bytes the longest one takes in the kernel's form.</summary>
    public const int Longest = 28;

    // Where the parts stand in sockaddr_in and sockaddr_in6.
    private const int PortAt = 2,
        Address4At = 4,
        Address6At = 8,
        ZoneAt = 24;
    private const int Length4 = 16;

    public static Endpoint Read(ReadOnlySpan<byte> name) =>
        BitConverter.ToUInt16(name) == Libc.IPv6Family
            ? new(
                new(BinaryPrimitives.ReadUInt128BigEndian(name[Address6At..]), true),
                BinaryPrimitives.ReadUInt16BigEndian(name[PortAt..]),
                BitConverter.ToUInt32(name[ZoneAt..])
            )
            : new(
                new(BinaryPrimitives.ReadUInt32BigEndian(name[Address4At..]), false),
                BinaryPrimitives.ReadUInt16BigEndian(name[PortAt..])
            );

    public static bool TryParse(string text, out Endpoint endpoint)
    {
        var isRead = IPEndPoint.TryParse(text, out var socket) && socket.Port > 0;
        endpoint = isRead
            ? new(
                Ip.Of(socket!.Address),
                (ushort)socket.Port,
                socket.Address.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)socket.Address.ScopeId : 0
            )
            : default;
        return isRead;
    }

    /// <summary>Writes the kernel's form, and says how long it is.</summary>
    public int Write(Span<byte> name)
    {
        name[..Longest].Clear();
        BitConverter.TryWriteBytes(name, (ushort)(Address.IsV6 ? Libc.IPv6Family : Libc.IPv4Family));
        BinaryPrimitives.WriteUInt16BigEndian(name[PortAt..], Port);
        if (!Address.IsV6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(name[Address4At..], (uint)Address.Number);
            return Length4;
        }

        BinaryPrimitives.WriteUInt128BigEndian(name[Address6At..], Address.Number);
        BitConverter.TryWriteBytes(name[ZoneAt..], Zone);
        return Longest;
    }

    /// <summary>As it stands in files: <c>10.1.0.2:53</c>, <c>[400::1]:53</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(Address.IsV6 ? $"[{Address}{(Zone > 0 ? $"%{Zone}" : "")}]" : $"{Address}")}:{Port}"
        );
}
