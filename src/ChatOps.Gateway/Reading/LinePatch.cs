using System.Buffers;
using System.Text;
using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.Reading;

/// <summary>Makes a file from an older one by a patch in RCS format, as "diff -n OLD NEW" writes it.</summary>
internal static class LinePatch
{
    /// <summary>
    /// The newer file; null when the patch is none or does not fit the older one. "dLINE COUNT" takes lines away, "aLINE COUNT" puts the
    /// lines that follow it behind a line of the old file, in the order of the old file. Whether the outcome is right its hash says.
    /// </summary>
    public static byte[]? Apply(ReadOnlySpan<byte> old, ReadOnlySpan<byte> patch)
    {
        var made = new ArrayBufferWriter<byte>(old.Length + patch.Length + 1);

        // How many lines of the old file are behind us.
        var line = 0;
        while (!patch.IsEmpty)
        {
            if (!TryTake(ref patch, out var command) || !TryRead(command, out var isDeleting, out var at, out var count))
                return null;
            var before = isDeleting ? at - 1 : at;
            if (before < line || !Copy(ref old, before - line, made))
                return null;
            line = before;
            if (isDeleting)
            {
                if (!Copy(ref old, count, null))
                    return null;
                line += count;
            }
            else if (!Copy(ref patch, count, made))
                return null;
        }

        made.Write(old);
        if (!old.IsEmpty && old[^1] != '\n')
            made.Write("\n"u8);
        return made.WrittenSpan.ToArray();
    }

    private static bool TryTake(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (text.IsEmpty)
            return false;
        var end = text.IndexOf((byte)'\n');
        line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return true;
    }

    private static bool Copy(ref ReadOnlySpan<byte> from, int count, ArrayBufferWriter<byte>? to)
    {
        for (; count > 0; count--)
        {
            if (!TryTake(ref from, out var line))
                return false;
            to?.Write(line);
            to?.Write("\n"u8);
        }

        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> command, out bool isDeleting, out int line, out int count)
    {
        (isDeleting, line, count) = (false, 0, 0);
        if (command.Length is < 4 or > 24)
            return false;
        Span<char> text = stackalloc char[command.Length];
        Encoding.Latin1.GetChars(command, text);
        isDeleting = text[0] == 'd';
        var space = text.IndexOf(' ');
        return (isDeleting || text[0] == 'a')
            && space > 1
            && Addresses.TryReadNumber(text[1..space], int.MaxValue, out line)
            && Addresses.TryReadNumber(text[(space + 1)..], int.MaxValue, out count)
            && (!isDeleting || line > 0);
    }
}
