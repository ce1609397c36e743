using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ChatOps.Gateway.Reading;

/// <summary>A netlink socket, by which the kernel tells and does at once what "nft list", "conntrack" and "ss" start a program for; and
/// "nft list" goes through all elements of all sets whatever is asked for, and takes a second for what the kernel tells in a
/// tenth.</summary>
internal sealed partial class Netlink : IDisposable
{
    // linux/netlink.h, linux/netfilter/nfnetlink.h
    public const int SocketDiagnosis = 4,
        Netfilter = 12;
    private const int NetlinkFamily = 16,
        Raw = 3 | 0x80000;
    private const int Dumping = 0x301,
        Acknowledged = 0x5,
        Error = 2,
        Done = 3,
        Header = 16,
        Tables = 10 << 8,
        Inet = 1;

    private readonly SafeFileHandle _socket;
    private readonly byte[] _buffer = new byte[1 << 18];

    /// <summary>Opens the socket; throws <see cref="Win32Exception"/> where there is none.</summary>
    public Netlink(int protocol = Netfilter)
    {
        _socket = socket(NetlinkFamily, Raw, protocol);
        if (_socket.IsInvalid)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "cannot open a netlink socket");
    }

    /// <summary>The attributes of all messages of nf_tables that answer a dump request of a kind (NFT_MSG_GET...); empty when what was
    /// asked for is not there. For <see cref="StatisticsSources.Dump"/>.</summary>
    public IReadOnlyList<byte[]> Dump(int kind, byte[] attributes) => Dump(kind, attributes, Inet);

    /// <summary>The same of the tables of another family (NFPROTO_...).</summary>
    public IReadOnlyList<byte[]> Dump(int kind, byte[] attributes, byte family) => All(Tables | kind, [family, 0, 0, 0, .. attributes], 4);

    /// <summary>
    /// What all messages hold that answer a dump request, without their first bytes; empty when what was asked for is not there.
    /// </summary>
    /// <param name="skipped">How many bytes of each answer go before what is wanted.</param>
    public IReadOnlyList<byte[]> All(int type, ReadOnlySpan<byte> body, int skipped)
    {
        Send(type, Dumping, body);
        var answers = new List<byte[]>();
        while (Take(Receive(), skipped, answers)) { }
        return answers;
    }

    /// <summary>
    /// Asks for something to be done, and waits until the kernel has, or will not: what was to end may have ended already.
    /// </summary>
    public void Do(int type, ReadOnlySpan<byte> body)
    {
        Send(type, Acknowledged, body);
        _ = Receive();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Send(int type, int flags, ReadOnlySpan<byte> body)
    {
        var request = new byte[Header + body.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(request, (uint)request.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(4), (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(6), (ushort)flags);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(8), 1);
        body.CopyTo(request.AsSpan(Header));
        if (send(_socket, request, request.Length, 0) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "cannot ask over netlink");
    }

    private ReadOnlySpan<byte> Receive()
    {
        var length = recv(_socket, _buffer, _buffer.Length, 0);
        return length < 0
            ? throw new Win32Exception(Marshal.GetLastPInvokeError(), "no answer over netlink")
            : _buffer.AsSpan(0, (int)length);
    }

    // False when the answer ends with this.
    private static bool Take(ReadOnlySpan<byte> messages, int skipped, List<byte[]> answers)
    {
        while (messages.Length >= Header)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(messages);
            var type = BinaryPrimitives.ReadUInt16LittleEndian(messages[4..]);
            if (type == Error)
                answers.Clear();
            if (type is Error or Done || length < Header + skipped || length > messages.Length)
                return false;
            answers.Add(messages[(Header + skipped)..length].ToArray());
            messages = messages[Math.Min((length + 3) & ~3, messages.Length)..];
        }

        return true;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial SafeFileHandle socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SafeFileHandle socket, byte[] buffer, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(SafeFileHandle socket, byte[] buffer, nint length, int flags);
}

/// <summary>
/// What a netlink message holds: attributes, each of a length, a type and a value, filled up to four bytes. A value may be such a list
/// itself.
/// </summary>
internal static class Attributes
{
    // The two bits above it say that a value is a list, or in network order.
    private const int TypeMask = 0x3fff;

    /// <summary>What is added to the type of one whose value is a list.</summary>
    public const int IsList = 0x8000;

    public static byte[] Of(int type, ReadOnlySpan<byte> value)
    {
        var attribute = new byte[(4 + value.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(2), (ushort)type);
        value.CopyTo(attribute.AsSpan(4));
        return attribute;
    }

    public static byte[] Of(int type, string text) => Of(type, [.. Encoding.ASCII.GetBytes(text), 0]);

    /// <summary>All of a list, in order; what is cut off is none.</summary>
    public static IEnumerable<(int Type, ReadOnlyMemory<byte> Value)> In(ReadOnlyMemory<byte> list)
    {
        while (list.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(list.Span);
            if (length < 4 || length > list.Length)
                yield break;
            yield return (BinaryPrimitives.ReadUInt16LittleEndian(list.Span[2..]) & TypeMask, list[4..length]);
            list = list[Math.Min((length + 3) & ~3, list.Length)..];
        }
    }

    /// <summary>The value of the first one of a type; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> list, int type)
    {
        while (list.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(list);
            if (length < 4 || length > list.Length)
                break;
            if ((BinaryPrimitives.ReadUInt16LittleEndian(list[2..]) & TypeMask) == type)
                return list[4..length];
            list = list[Math.Min((length + 3) & ~3, list.Length)..];
        }

        return [];
    }

    public static string Text(ReadOnlySpan<byte> value) => Encoding.ASCII.GetString(value).TrimEnd('\0');
}
