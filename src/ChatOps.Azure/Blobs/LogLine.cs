using System.Buffers.Text;

namespace ChatOps.Azure.Blobs;

/// <summary>One line of a segment, taken apart: <c>POSITION NTH/COUNT HASH TEXT</c>.</summary>
internal readonly ref struct LogLine
{
    private const int HashLength = 64;

    private LogLine(long position, int nth, int count, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> body)
    {
        (Position, Nth, Count) = (position, nth, count);
        Hash = hash;
        Body = body;
    }

    public long Position { get; }

    /// <summary>Its place in its block, from 1.</summary>
    public int Nth { get; }

    public int Count { get; }

    public ReadOnlySpan<byte> Hash { get; }

    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Takes a line apart; false when it is none. What it says is not checked here.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out LogLine line)
    {
        line = default;
        if (
            !Number(ref text, (byte)' ', out var position)
            || !Number(ref text, (byte)'/', out var nth)
            || !Number(ref text, (byte)' ', out var count)
        )
            return false;
        if (text.Length <= HashLength || text[HashLength] != (byte)' ' || nth is < 1 or > int.MaxValue || count is < 1 or > int.MaxValue)
            return false;
        line = new LogLine(position, (int)nth, (int)count, text[..HashLength], text[(HashLength + 1)..]);
        return true;
    }

    /// <summary>The position that a line says its segment ends with; null when it is another line.</summary>
    public static long? ReadEnd(ReadOnlySpan<byte> text) =>
        text.StartsWith(LogBlock.End)
        && Utf8Parser.TryParse(text[LogBlock.End.Length..], out long position, out var used)
        && used == text.Length - LogBlock.End.Length
            ? position
            : null;

    private static bool Number(ref ReadOnlySpan<byte> text, byte until, out long number)
    {
        if (!Utf8Parser.TryParse(text, out number, out var used) || used == text.Length || text[used] != until)
            return false;
        text = text[(used + 1)..];
        return true;
    }
}
