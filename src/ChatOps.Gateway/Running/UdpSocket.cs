using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ChatOps.Gateway.Checking;
using Microsoft.Win32.SafeHandles;

namespace ChatOps.Gateway.Running;

/// <summary>
/// A socket of UDP that never waits. One that listens answers from the address that it was asked at, of which a gateway may have several.
/// </summary>
internal sealed unsafe class UdpSocket : IDisposable
{
    // Levels and options of Linux; what the kernel says of a datagram has a header of 16 bytes.
    private const int LevelIp = 0,
        LevelIpv6 = 41;
    private const int PacketInfo4 = 8,
        WantPacketInfo6 = 49,
        PacketInfo6 = 50,
        OnlyIpv6 = 26,
        Discover4 = 10,
        Discover6 = 23;
    private const int HeaderLength = 16,
        ControlLength = 64;
    private const int Info4Length = 12,
        Info6Length = 20;

    // NOKEY and DESTADDRREQ are WireGuard's, for a peer that it does not know, or knows no place of.
    private static readonly int[] _refusals =
    [ /* PERM */
        -1, /* ACCES */
        -13, /* DESTADDRREQ */
        -89, /* NETUNREACH */
        -101, /* CONNREFUSED */
        -111, /* HOSTUNREACH */
        -113, /* NOKEY */
        -126,
    ];

    private const int MostInOneGo = 64,
        Confident = 8;

    private readonly SafeFileHandle _socket;
    private readonly bool _isV6;
    private int _streak;

    private UdpSocket(bool isV6)
    {
        var file = Libc.Socket(isV6 ? Libc.IPv6Family : Libc.IPv4Family, Libc.Datagram | Libc.CloseOnExec | Libc.NonBlocking, 0);
        _socket = file >= 0 ? new(file, ownsHandle: true) : throw new IOException(Libc.LastError);
        _isV6 = isV6;
        // A datagram that is too long for a link of the way is taken apart there, and not lost.
        Set(isV6 ? LevelIpv6 : LevelIp, isV6 ? Discover6 : Discover4, 0);
    }

    /// <summary>
    /// How many datagrams are asked for before somebody else has a turn: one as long as hardly more come, so that a quiet socket is asked
    /// nothing in vain.
    /// </summary>
    public int InOneGo { get; private set; } = 1;

    public SafeFileHandle Handle => _socket;

    /// <summary>A socket that takes what anybody sends to a port, of one family alone.</summary>
    /// <exception cref="IOException">The port is held, or is not to be had.</exception>
    public static UdpSocket On(Endpoint endpoint)
    {
        var socket = new UdpSocket(endpoint.Address.IsV6);
        if (socket._isV6)
            socket.Set(LevelIpv6, OnlyIpv6, 1);
        socket.Set(socket._isV6 ? LevelIpv6 : LevelIp, socket._isV6 ? WantPacketInfo6 : PacketInfo4, 1);
        return socket.Named(endpoint, &Libc.Bind);
    }

    public static bool IsFree(Endpoint endpoint)
    {
        try
        {
            On(endpoint).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>
    /// A socket for one other end; it hears of that one alone, and of its refusals. Null when there is no way there, or no port left.
    /// </summary>
    public static UdpSocket? To(Endpoint endpoint)
    {
        try
        {
            return new UdpSocket(endpoint.Address.IsV6).Named(endpoint, &Libc.Connect);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Whether what a call came to says that nobody takes datagrams there.</summary>
    public static bool IsRefusal(int outcome) => _refusals.Contains(outcome);

    /// <summary>The length of the next datagram, which is in the buffer then; or what is wrong, as a negative number of errno.</summary>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* at = buffer)
            return Outcome(Libc.Receive(_socket, at, buffer.Length, 0));
    }

    /// <summary>The same, with who sent it, and to which address of this machine.</summary>
    public int Receive(Span<byte> buffer, out Endpoint from, out Ip to)
    {
        var name = stackalloc byte[Endpoint.Longest];
        var control = stackalloc byte[ControlLength];
        fixed (byte* at = buffer)
        {
            var piece = new Libc.Piece { Start = at, Length = (nuint)buffer.Length };
            var message = new Libc.Message
            {
                Name = name,
                NameLength = Endpoint.Longest,
                Pieces = &piece,
                PieceCount = 1,
                Control = control,
                ControlLength = ControlLength,
            };
            var count = Outcome(Libc.ReceiveMessage(_socket, &message, 0));
            (from, to) =
                count < 0
                    ? (default, default)
                    : (
                        Endpoint.Read(new(name, Endpoint.Longest)),
                        AddressIn(new ReadOnlySpan<byte>(control, ControlLength)[..(int)message.ControlLength])
                    );
            return count;
        }
    }

    /// <summary>There were as many as were asked for, or not.</summary>
    public void Learn(bool hadAll)
    {
        _streak = hadAll ? _streak + 1 : 0;
        InOneGo =
            !hadAll ? 1
            : _streak >= Confident ? Math.Min(MostInOneGo, InOneGo * 2)
            : InOneGo;
    }

    /// <summary>Sends to the one other end: 0, or what is wrong, as a negative number of errno.</summary>
    public int Send(ReadOnlySpan<byte> datagram)
    {
        fixed (byte* at = datagram)
            return Math.Min(0, Outcome(Libc.Send(_socket, at, datagram.Length, Libc.NoSignal)));
    }

    /// <summary>Sends to somebody, from an address of this machine: 0, or what is wrong, as a negative number of errno.</summary>
    public int Send(ReadOnlySpan<byte> datagram, Endpoint to, Ip from)
    {
        var name = stackalloc byte[Endpoint.Longest];
        var control = stackalloc byte[ControlLength];
        fixed (byte* at = datagram)
        {
            var piece = new Libc.Piece { Start = at, Length = (nuint)datagram.Length };
            var message = new Libc.Message
            {
                Name = name,
                NameLength = (uint)to.Write(new(name, Endpoint.Longest)),
                Pieces = &piece,
                PieceCount = 1,
                Control = control,
                ControlLength = (nuint)Write(new Span<byte>(control, ControlLength), from),
            };
            return Math.Min(0, Outcome(Libc.SendMessage(_socket, &message, Libc.NoSignal)));
        }
    }

    public void Dispose() => _socket.Dispose();

    // cmsghdr and in_pktinfo or in6_pktinfo. Of IPv4 the address that answers is taken, which is not always the one that was written.
    private Ip AddressIn(ReadOnlySpan<byte> control)
    {
        var info = control.Length >= HeaderLength ? control[HeaderLength..] : default;
        if (_isV6)
            return info.Length >= Info6Length ? new(BinaryPrimitives.ReadUInt128BigEndian(info), true) : new(0, true);
        return info.Length >= Info4Length ? new(BinaryPrimitives.ReadUInt32BigEndian(info[4..]), false) : default;
    }

    private int Write(Span<byte> control, Ip from)
    {
        control.Clear();
        var info = control[HeaderLength..];
        var length = HeaderLength + (_isV6 ? Info6Length : Info4Length);
        BitConverter.TryWriteBytes(control, (long)length);
        BitConverter.TryWriteBytes(control[8..], _isV6 ? LevelIpv6 : LevelIp);
        BitConverter.TryWriteBytes(control[12..], _isV6 ? PacketInfo6 : PacketInfo4);
        if (_isV6)
            BinaryPrimitives.WriteUInt128BigEndian(info, from.Number);
        else
            BinaryPrimitives.WriteUInt32BigEndian(info[4..], (uint)from.Number);
        return (length + 7) & ~7;
    }

    private UdpSocket Named(Endpoint endpoint, delegate* <SafeFileHandle, byte*, uint, int> call)
    {
        var name = stackalloc byte[Endpoint.Longest];
        if (call(_socket, name, (uint)endpoint.Write(new(name, Endpoint.Longest))) == 0)
            return this;
        var error = Libc.LastError;
        Dispose();
        throw new IOException(error);
    }

    private void Set(int level, int option, int value) => _ = Libc.SetOption(_socket, level, option, &value, sizeof(int));

    private static int Outcome(nint count) => count >= 0 ? (int)count : -Marshal.GetLastPInvokeError();
}
