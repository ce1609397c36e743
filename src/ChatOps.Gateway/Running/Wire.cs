using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ChatOps.Gateway.Running;

/// <summary>A socket of this machine's own services, or to another machine.</summary>
internal sealed unsafe class Wire : IDisposable
{
    private readonly SafeFileHandle _socket;

    private Wire(int family, int type, int protocol = 0)
    {
        var file = Libc.Socket(family, type | Libc.CloseOnExec, protocol);
        _socket = file >= 0 ? new(file, ownsHandle: true) : throw new IOException($"no socket: {Libc.LastError}");
    }

    private Wire(int file) => _socket = new(file, ownsHandle: true);

    public SafeFileHandle Handle => _socket;

    /// <exception cref="IOException">Nobody is there.</exception>
    public static Wire To(string path, int type = Libc.Stream) => new Wire(Libc.UnixFamily, type).Named(path, &Libc.Connect);

    /// <summary>A socket of this machine that others connect to.</summary>
    /// <exception cref="IOException">It cannot be there.</exception>
    public static Wire On(string path)
    {
        var wire = new Wire(Libc.UnixFamily, Libc.Stream | Libc.NonBlocking).Named(path, &Libc.Bind);
        if (Libc.Listen(wire._socket, 8) == 0)
            return wire;
        wire.Dispose();
        throw new IOException($"{path}: {Libc.LastError}");
    }

    /// <summary>The next one who has connected; null when nobody has.</summary>
    public Wire? Accept() => Libc.Accept(_socket, null, null, Libc.CloseOnExec) is >= 0 and var file ? new(file) : null;

    /// <summary>All that a service of this machine answers to a question, until it hangs up.</summary>
    /// <exception cref="IOException">Nobody is there, or falls silent.</exception>
    public static string Ask(string path, string question)
    {
        using var wire = To(path);
        wire.Send(Encoding.ASCII.GetBytes(question));
        using var came = new MemoryStream();
        var buffer = new byte[65536];
        while (wire.Receive(buffer) is > 0 and var count)
            came.Write(buffer, 0, count);
        return Encoding.UTF8.GetString(came.GetBuffer(), 0, (int)came.Length);
    }

    public static Wire ToNetfilter() => new(Libc.NetlinkFamily, Libc.Raw, protocol: 12);

    /// <summary>Whether a server could listen on a port of TCP, on all addresses of a family: nobody else has it on any of them.</summary>
    public static bool IsFree(int family, int port)
    {
        const int inUse = 98,
            socketLevel = 1,
            reuse = 2,
            ipv6Level = 41,
            onlyIpv6 = 26;
        var isSix = family == 6;
        using var wire = new Wire(isSix ? Libc.IPv6Family : Libc.IPv4Family, Libc.Stream);
        var yes = 1;
        _ = Libc.SetOption(wire._socket, socketLevel, reuse, &yes, sizeof(int));
        if (isSix)
            _ = Libc.SetOption(wire._socket, ipv6Level, onlyIpv6, &yes, sizeof(int));
        Span<byte> any = stackalloc byte[isSix ? 28 : 16];
        any.Clear();
        BitConverter.TryWriteBytes(any, (ushort)(isSix ? Libc.IPv6Family : Libc.IPv4Family));
        BinaryPrimitives.WriteUInt16BigEndian(any[2..], (ushort)port);
        fixed (byte* at = any)
            return Libc.Bind(wire._socket, at, (uint)any.Length) == 0
                || System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != inUse;
    }

    /// <summary>Which of these answer a TCP connection, all asked at once, within so many milliseconds.</summary>
    public static bool[] Answer(IReadOnlyList<(IPAddress Address, int Port)> targets, int milliseconds)
    {
        var answers = new bool[targets.Count];
        var wires = new Wire?[targets.Count];
        var end = Environment.TickCount64 + milliseconds;
        try
        {
            for (var i = 0; i < targets.Count; i++)
                wires[i] = Begin(targets[i].Address, targets[i].Port);
            var entries = stackalloc Libc.PollEntry[targets.Count];
            while (true)
            {
                for (var i = 0; i < targets.Count; i++)
                    entries[i] = new() { File = (int)(wires[i]?._socket.DangerousGetHandle() ?? -1), Wanted = Libc.Writable };
                var left = (int)(end - Environment.TickCount64);
                if (left <= 0 || wires.All(w => w is null) || Libc.Poll(entries, (nuint)targets.Count, left) <= 0)
                    return answers;
                for (var i = 0; i < targets.Count; i++)
                {
                    if (entries[i].Seen == 0)
                        continue;
                    answers[i] = wires[i]!.IsConnected;
                    wires[i]!.Dispose();
                    wires[i] = null;
                }
            }
        }
        finally
        {
            foreach (var wire in wires)
                wire?.Dispose();
        }
    }

    /// <exception cref="IOException">The other end is gone.</exception>
    public void Send(ReadOnlySpan<byte> data, int flags = 0)
    {
        while (data.Length > 0)
        {
            nint sent;
            fixed (byte* at = data)
                sent = Libc.Send(_socket, at, data.Length, flags | Libc.NoSignal);
            if (sent < 0)
                throw new IOException(Libc.LastError);
            data = data[(int)sent..];
        }
    }

    /// <summary>What has come, at least a byte; 0 at the end.</summary>
    /// <exception cref="IOException">Nothing came within so many milliseconds.</exception>
    public int Receive(Span<byte> buffer, int milliseconds = 10_000)
    {
        var entry = new Libc.PollEntry { File = (int)_socket.DangerousGetHandle(), Wanted = Libc.Readable };
        if (Libc.Poll(&entry, 1, milliseconds) <= 0)
            throw new IOException($"no answer within {milliseconds} ms");
        fixed (byte* at = buffer)
        {
            var count = Libc.Receive(_socket, at, buffer.Length, 0);
            return count >= 0 ? (int)count : throw new IOException(Libc.LastError);
        }
    }

    public void Dispose() => _socket.Dispose();

    private bool IsConnected
    {
        get
        {
            const int socketLevel = 1,
                lastError = 4;
            int error;
            uint length = sizeof(int);
            return Libc.GetOption(_socket, socketLevel, lastError, &error, &length) == 0 && error == 0;
        }
    }

    private Wire Named(string path, delegate* <SafeFileHandle, byte*, uint, int> call)
    {
        var address = new byte[2 + Encoding.UTF8.GetByteCount(path) + 1];
        BitConverter.TryWriteBytes(address, (ushort)Libc.UnixFamily);
        Encoding.UTF8.GetBytes(path, address.AsSpan(2));
        fixed (byte* at = address)
        {
            if (call(_socket, at, (uint)address.Length) == 0)
                return this;
        }

        var error = Libc.LastError;
        Dispose();
        throw new IOException($"{path}: {error}");
    }

    // Null when the kernel refuses at once, such as without a route.
    private static Wire? Begin(IPAddress address, int port)
    {
        var isSix = address.AddressFamily == AddressFamily.InterNetworkV6;
        var wire = new Wire(isSix ? Libc.IPv6Family : Libc.IPv4Family, Libc.Stream | Libc.NonBlocking);
        Span<byte> target = stackalloc byte[isSix ? 28 : 16];
        target.Clear();
        BitConverter.TryWriteBytes(target, (ushort)(isSix ? Libc.IPv6Family : Libc.IPv4Family));
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)port);
        address.TryWriteBytes(target[(isSix ? 8 : 4)..], out _);
        fixed (byte* at = target)
        {
            if (
                Libc.Connect(wire._socket, at, (uint)target.Length) == 0
                || System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == Libc.InProgress
            )
                return wire;
        }

        wire.Dispose();
        return null;
    }
}
