using System.Text;

namespace ChatOps.Verify;

/// <summary>Small files of text, read whole.</summary>
internal static class TextFile
{
    /// <summary>True for a file that begins with a line.</summary>
    public static bool BeginsWith(Stream content, string line)
    {
        content.Position = 0;
        var start = new byte[line.Length];
        return content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(line));
    }

    /// <summary>All of it, with one kind of line break.</summary>
    public static string Read(Stream content)
    {
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
}
