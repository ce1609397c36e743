namespace ChatOps.Verify;

/// <summary>The lines of a file as they are, byte by byte.</summary>
internal static class ByteLines
{
    private const int FirstSize = 1 << 20;
    private const int Longest = 1 << 28;

    /// <summary>The lines without their line breaks. Each is only good until the next one is asked for.</summary>
    /// <exception cref="WrongException">A line is longer than any record.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(Stream from)
    {
        var buffer = new byte[FirstSize];
        var (start, end) = (0, 0);
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                yield return buffer.AsMemory(start, length);
                start += length + 1;
                continue;
            }

            // What is left of a line moves to the front; a line that fills the whole buffer gets a larger one.
            var rest = buffer.AsSpan(start, end - start);
            if (rest.Length >= Longest)
                throw new WrongException($"the file is not an export: a line of it has more than {Longest} bytes.");
            if (start == 0 && end == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
            else
                rest.CopyTo(buffer);
            (start, end) = (0, rest.Length);
            var read = from.Read(buffer, end, buffer.Length - end);
            if (read == 0)
                break;
            end += read;
        }

        if (end > 0)
            yield return buffer.AsMemory(0, end);
    }
}
