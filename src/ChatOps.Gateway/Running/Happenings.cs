using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ChatOps.Gateway.Running;

/// <summary>
/// Waits for many sockets at once, and says whose have something to receive: epoll. Who is closed is forgotten by the kernel.
/// </summary>
internal sealed unsafe class Happenings<T> : IDisposable
    where T : class
{
    private const int Add = 1,
        MaxCount = 256;

    // epoll_event is packed on x64 and on no other machine: 4 bytes of what happened, then 8 of ours.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Length = DataAt + 8;

    private readonly SafeFileHandle _poll = Opened();
    private readonly byte[] _happened = new byte[MaxCount * Length];

    // By the number of the file.
    private T?[] _owners = new T?[64];

    /// <exception cref="IOException">The kernel takes no more.</exception>
    public void Watch(SafeFileHandle file, T owner)
    {
        var number = (int)file.DangerousGetHandle();
        var happening = stackalloc byte[16];
        new Span<byte>(happening, 16).Clear();
        BitConverter.TryWriteBytes(new(happening, 4), Libc.Readable);
        BitConverter.TryWriteBytes(new(happening + DataAt, 8), (long)number);
        if (Libc.ControlPoll(_poll, Add, file, happening) != 0)
            throw new IOException(Libc.LastError);
        if (number >= _owners.Length)
            Array.Resize(ref _owners, Math.Max(number + 1, _owners.Length * 2));
        _owners[number] = owner;
    }

    /// <summary>No longer waits for one that is about to be closed.</summary>
    public void Forget(SafeFileHandle file) => _owners[(int)file.DangerousGetHandle()] = null;

    /// <summary>
    /// Has each one looked at that has something to receive, after at most so many milliseconds. One that is forgotten meanwhile is not.
    /// </summary>
    public void Wait(int milliseconds, Action<T> look)
    {
        int count;
        fixed (byte* at = _happened)
            count = Libc.WaitPoll(_poll, at, MaxCount, milliseconds);
        if (count < 0 && Marshal.GetLastPInvokeError() != Libc.Interrupted)
            throw new IOException(Libc.LastError);
        for (var i = 0; i < count; i++)
        {
            if (_owners[BitConverter.ToInt32(_happened, (i * Length) + DataAt)] is { } owner)
                look(owner);
        }
    }

    public void Dispose() => _poll.Dispose();

    private static SafeFileHandle Opened() =>
        Libc.CreatePoll(Libc.CloseOnExec) is >= 0 and var file ? new(file, ownsHandle: true) : throw new IOException(Libc.LastError);
}
