using System.Text;

namespace ChatOps.Discord;

/// <summary>A file that goes with a message.</summary>
public sealed record Attachment(string Name, ReadOnlyMemory<byte> Content)
{
    private const int MaxName = 100;

    /// <summary>The name as it is sent: other characters than letters, digits, dots, dashes and underscores become underscores.</summary>
    public string SafeName =>
        string.Concat(Name.Take(MaxName).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'))
            is { Length: > 0 } safe
            ? safe
            : "file";

    // Its bytes can be a private key.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Name = ").Append(Name);
        return true;
    }
}
