namespace ChatOps.Gateway.Checking;

/// <summary>What every file of a bundle is made of: lines of printable ASCII that no program reads in pieces.</summary>
internal static class Lines
{
    /// <summary>How long a line may be, in bytes. dnsmasq reads longer ones in pieces, from 1,025 bytes on; no template comes near
    /// it.</summary>
    public const int Longest = 1000;

    /// <summary>What is wrong with the bytes, or null: "line N: " and a sentence.</summary>
    public static string? Complaint(ReadOnlySpan<byte> text)
    {
        for (var number = 1; !text.IsEmpty; number++)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            var strange = line.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
            if (strange >= 0 && line[strange] == '\r')
                return $"line {number}: a carriage return; lines end with LF";
            if (strange >= 0)
                return $"line {number}: only printable ASCII may be in a file, no tabs";
            if (line.Length > Longest)
                return $"line {number}: is longer than {Longest} bytes";
            if (end < 0)
                return $"line {number}: the last line should end with a newline";
            text = text[(end + 1)..];
        }

        return null;
    }
}
