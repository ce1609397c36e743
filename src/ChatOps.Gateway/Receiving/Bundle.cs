using System.Text;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Receiving;

/// <summary>
/// A bundle: plain ustar (POSIX.1-1988), flat, of files whose names are known, and looked at as a whole before the gateway is taken for it.
/// Nothing else reads an archive here, and nothing else than this is taken: no links, no folders, no extensions, nothing compressed.
/// </summary>
internal static class Bundle
{
    /// <summary>How large the files of a bundle may be together.</summary>
    public const int Limit = 16 * 1024 * 1024;

    private const int Block = 512;
    private const int Overhead = 1024 * 1024;
    private const int PatienceSeconds = 30;

    /// <summary>What comes on standard input, while it comes.</summary>
    /// <param name="length">So many bytes; null for all until its end.</param>
    public static unsafe byte[] Receive(long? length)
    {
        using var came = new MemoryStream();
        var buffer = new byte[65536];
        while (true)
        {
            if (came.Length == length)
                return came.ToArray();
            var entry = new Libc.PollEntry { File = 0, Wanted = Libc.Readable };
            if (Libc.Poll(&entry, 1, PatienceSeconds * 1000) <= 0)
                throw Wrong($"the bundle is cut off: nothing came for {PatienceSeconds} s");
            nint count;
            fixed (byte* at = buffer)
                count = Libc.Read(0, at, (nint)Math.Min(buffer.Length, length - came.Length ?? buffer.Length));
            if (count < 0)
                throw Wrong($"the bundle is cut off: {Libc.LastError}");
            if (count == 0)
                return came.ToArray();
            came.Write(buffer, 0, (int)count);
            if (came.Length > Limit + Overhead)
                throw Wrong($"the bundle is larger than {Limit} bytes");
        }
    }

    public static Dictionary<string, byte[]> Read(ReadOnlySpan<byte> archive)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        long size = 0;
        for (var at = 0; ; )
        {
            if (archive.Length - at < 2 * Block)
                throw Wrong(archive.Length == 0 ? "not a whole tar archive: nothing came" : "the bundle is cut off");
            var header = archive.Slice(at, Block);
            if (header.IndexOfAnyExcept((byte)0) < 0)
            {
                // Two empty blocks end an archive. Without them the connection broke between two files and some are missing.
                return archive[at..].IndexOfAnyExcept((byte)0) < 0
                    ? files
                    : throw Wrong("not a whole tar archive: something comes after its end");
            }

            if (!header.Slice(257, 8).SequenceEqual("ustar\000"u8) || Octal(header.Slice(148, 8)) != Sum(header))
                throw Wrong("not a whole tar archive: plain ustar is taken and nothing else");
            var name = Encoding.Latin1.GetString(header[..Math.Min(100, EndOf(header[..100]))]);
            if (header[156] is not ((byte)'0' or 0) || Octal(header.Slice(124, 12)) is not { } length)
                throw Wrong($"the bundle has something that is not a file: {name}");
            if (header[345] != 0 || !(Places.IsOurs(WithoutPatch(name)) || name is "base" or "sums"))
                throw Wrong($"the bundle has a file of an unknown name: {name}");
            size += length;
            if (size > Limit)
                throw Wrong($"the bundle is larger than {Limit} bytes");
            at += Block;
            if (archive.Length - at < length)
                throw Wrong("the bundle is cut off");
            if (!files.TryAdd(name, archive.Slice(at, (int)length).ToArray()))
                throw Wrong($"the bundle has {name} twice");
            at += (int)((length + Block - 1) & ~(Block - 1));
        }
    }

    /// <summary>The name of the file that a member is, or patches.</summary>
    public static string WithoutPatch(string name) => name.EndsWith(".patch", StringComparison.Ordinal) ? name[..^6] : name;

    private static int EndOf(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end ? end : field.Length;

    // The bytes of the header, with its own sum as spaces.
    private static long Sum(ReadOnlySpan<byte> header)
    {
        long sum = 8 * ' ';
        for (var i = 0; i < Block; i++)
            sum += i is >= 148 and < 156 ? 0 : header[i];
        return sum;
    }

    // Digits, and behind them spaces or zeros; null when it is something else.
    private static long? Octal(ReadOnlySpan<byte> field)
    {
        var digits = field.IndexOfAnyExceptInRange((byte)'0', (byte)'7') is >= 0 and var end ? field[..end] : field;
        if (digits.Length == 0 || field[digits.Length..].IndexOfAnyExcept((byte)0, (byte)' ') >= 0)
            return null;
        long value = 0;
        foreach (var digit in digits)
            value = value * 8 + (digit - '0');
        return value;
    }

    private static Refusal Wrong(string reason) => new("receiving", "bundle", reason);
}
