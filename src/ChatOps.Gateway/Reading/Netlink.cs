using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ChatOps.Gateway.Reading;

/// <summary>A netlink socket to nf_tables. Not "nft list", which goes through all elements of all sets whatever is asked for, and takes a
/// second for what the kernel tells in a tenth.</summary>
internal sealed partial class Netlink : IDisposable
{
    // linux/netlink.h, linux/netfilter/nfnetlink.h
    private const int NetlinkFamily = 16, Raw = 3 | 0x80000, Netfilter = 12;
    private const int Dumping = 0x301, Error = 2, Done = 3, Tables = 10 << 8, Inet = 1;

    private readonly SafeFileHandle _socket = socket(NetlinkFamily, Raw, Netfilter);

    /// <summary>Opens the socket; throws <see cref="Win32Exception"/> where there is none.</summary>
    public Netlink()
    {
        if (_socket.IsInvalid)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "cannot open a netlink socket");
    }

    /// <summary>The attributes of all messages that answer a dump request of a kind (NFT_MSG_GET...); empty when what was asked for is not
    /// there. For <see cref="StatisticsSources.Dump"/>.</summary>
    public IReadOnlyList<byte[]> Dump(int kind, byte[] attributes) => Dump(kind, attributes, Inet);

    /// <summary>The same of the tables of another family (NFPROTO_...).</summary>
    public IReadOnlyList<byte[]> Dump(int kind, byte[] attributes, byte family)
    {
        var request = new byte[20 + attributes.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(request, (uint)request.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(4), (ushort)(Tables | kind));
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(6), Dumping);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(8), 1);
        request[16] = family;
        attributes.CopyTo(request, 20);
        if (send(_socket, request, request.Length, 0) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "cannot ask over netlink");
        var answers = new List<byte[]>();
        var buffer = new byte[1 << 18];
        while (true)
        {
            var length = recv(_socket, buffer, buffer.Length, 0);
            if (length < 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError(), "no answer over netlink");
            if (!Take(buffer.AsSpan(0, (int)length), answers))
                return answers;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // False when the answer ends with this.
    private static bool Take(ReadOnlySpan<byte> messages, List<byte[]> answers)
    {
        while (messages.Length >= 16)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(messages);
            var type = BinaryPrimitives.ReadUInt16LittleEndian(messages[4..]);
            if (type == Error)
                answers.Clear();
            if (type is Error or Done || length < 20 || length > messages.Length)
                return false;
            answers.Add(messages[20..length].ToArray());
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
