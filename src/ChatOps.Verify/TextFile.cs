using System.Text;

namespace ChatOps.Verify;

/// <summary>Small files of text, read whole.</summary>
internal static class TextFile
{
    private const long Longest = 256L << 20;
    private const int LongestKey = 1024;

    /// <summary>True for a file that begins with a line.</summary>
    public static bool BeginsWith(Stream content, string line)
    {
        content.Position = 0;
        var start = new byte[line.Length];
        return content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(line));
    }

    /// <summary>The first line of a file, as far as it may be a key.</summary>
    public static string FirstLineOf(string path)
    {
        using var content = File.OpenRead(path);
        var start = new byte[LongestKey];
        var length = content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(start.AsSpan(0, length)).Split('\n')[0];
    }

    /// <exception cref="WrongException">It is too long to be what it says.</exception>
    public static string Read(Stream content)
    {
        if (content.Length > Longest)
            throw new WrongException($"the file is not a proof: it has {Words.Bytes(content.Length)}, and none has more than {Longest}.");
        content.Position = 0;
        using var reader = new StreamReader(content, Encoding.UTF8, leaveOpen: true);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>The bytes of a base64 text.</summary>
    /// <exception cref="WrongException">It is none.</exception>
    public static byte[] Bytes(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            throw new WrongException("the file is not a proof: a line is not base64.");
        }
    }

    /// <exception cref="WrongException">One is none.</exception>
    public static List<byte[]> Hashes(IEnumerable<string> lines) =>
        [.. lines.Select(l => Tree.IsRoot(l) ? Bytes(l) : throw new WrongException("the file is not a proof: a line is no hash."))];
}
