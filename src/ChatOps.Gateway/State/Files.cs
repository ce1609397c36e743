using System.Buffers.Binary;
using System.Text;
using ChatOps.Gateway.Running;
using Microsoft.Win32.SafeHandles;

namespace ChatOps.Gateway.State;

/// <summary>Files as this program reads and writes them: by root, closed to others, whole or not at all.</summary>
internal static unsafe class Files
{
    /// <summary>The file's text; null when it is not there or cannot be read.</summary>
    public static string? Text(string path) => Bytes(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The file's bytes; null when it is not there or cannot be read.</summary>
    public static byte[]? Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (EndOfStreamException)
        {
            // Those of /sys say that they have a whole page, and have less.
            using var file = File.OpenRead(path);
            using var content = new MemoryStream();
            file.CopyTo(content);
            return content.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The file's first line; null when it is not there or empty.</summary>
    public static string? Line(string path) => Text(path) is { Length: > 0 } text ? text.Split('\n', 2)[0] : null;

    public static string[] Lines(string path) => Text(path)?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    public static bool HasContent(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="IOException">The disk is full, or gone.</exception>
    public static void Put(string path, string text) => Put(path, Encoding.UTF8.GetBytes(text));

    public static void Put(string path, byte[] content)
    {
        var next = $"{path}.new";
        try
        {
            File.WriteAllBytes(next, content);
            File.Move(next, path, overwrite: true);
        }
        catch (IOException)
        {
            Delete(next);
            throw;
        }
    }

    /// <summary>The same for what a service reads that is not root.</summary>
    /// <exception cref="IOException">The disk is full, or gone.</exception>
    public static void PutForAll(string path, string text)
    {
        Put(path, text);
        LetAllRead(path);
    }

    public static void LetAllRead(string path) =>
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    /// <summary>Bytes that nobody can guess. .NET has them from OpenSSL.</summary>
    public static byte[] Random(int count)
    {
        var bytes = new byte[count];
        using var source = File.OpenRead("/dev/urandom");
        source.ReadExactly(bytes);
        return bytes;
    }

    public static bool TryPut(string path, string text)
    {
        try
        {
            Put(path, text);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays; nobody reads it.
        }
    }

    public static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    /// <summary>Waits until a file or a folder has reached the disk.</summary>
    /// <exception cref="IOException">It has not.</exception>
    public static void Sync(string path)
    {
        using var file = Opened(path);
        if (file.IsInvalid || Libc.Sync(file) != 0)
            throw new IOException($"{path}: {Libc.LastError}");
    }

    /// <summary>Has the kernel begin to write a file to the disk, for whoever waits for it later.</summary>
    public static void BeginSync(string path)
    {
        const uint write = 2;
        using var file = Opened(path);
        if (!file.IsInvalid)
            _ = Libc.SyncRange(file, 0, 0, write);
    }

    /// <summary>
    /// What every write to a file would change: its number, its size, and when anything of it was changed last, to the nanosecond.
    /// </summary>
    public static string? Looks(string path)
    {
        const int currentFolder = -100,
            doNotFollow = 0x100;
        const uint basic = 0x7ff;
        var status = stackalloc byte[256];
        if (Libc.Status(currentFolder, path, doNotFollow, basic, status) != 0)
            return null;
        var at = new ReadOnlySpan<byte>(status, 256);
        var (number, size) = (BinaryPrimitives.ReadUInt64LittleEndian(at[32..]), BinaryPrimitives.ReadUInt64LittleEndian(at[40..]));
        var (seconds, nanoseconds) = (BinaryPrimitives.ReadInt64LittleEndian(at[96..]), BinaryPrimitives.ReadUInt32LittleEndian(at[104..]));
        return $"{number} {size} {seconds}.{nanoseconds:d9}";
    }

    private static SafeFileHandle Opened(string path)
    {
        const int closeOnExec = 0x80000;
        return new(Libc.Open(path, closeOnExec), ownsHandle: true);
    }
}
