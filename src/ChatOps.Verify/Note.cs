using System.Globalization;
using System.Text;

namespace ChatOps.Verify;

/// <summary>A signed text, c2sp.org/signed-note.</summary>
/// <param name="Signatures">Names of keys, and the four bytes of the key's id with the signature.</param>
internal sealed record Note(string Text, IReadOnlyList<(string Name, byte[] Content)> Signatures)
{
    private const string SignatureStart = "\u2014 ";

    public string Origin => Text[..Text.IndexOf('\n', StringComparison.Ordinal)];

    public static List<Note> ReadAll(string text)
    {
        var notes = new List<Note>();
        var lines = new Queue<string>(text.ReplaceLineEndings("\n").Split('\n'));
        while (lines.Count > 0)
        {
            var said = new StringBuilder();
            while (lines.Count > 0 && lines.Dequeue() is { Length: > 0 } line)
                said.Append(line).Append('\n');
            var signatures = new List<(string, byte[])>();
            while (lines.TryPeek(out var next) && next.StartsWith(SignatureStart, StringComparison.Ordinal))
            {
                var parts = lines.Dequeue()[SignatureStart.Length..].Split(' ');
                var content = new byte[parts[^1].Length];
                if (parts.Length == 2 && Convert.TryFromBase64String(parts[1], content, out var length))
                    signatures.Add((parts[0], content[..length]));
            }

            if (said.Length > 0)
                notes.Add(new Note(said.ToString(), signatures));
        }

        return notes;
    }

    /// <summary>The size and the root that a checkpoint says; null for another note.</summary>
    public (long Size, string Root)? Checkpoint
    {
        get
        {
            var lines = Text.Split('\n');
            return
                lines.Length >= 4
                && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                && Tree.IsRoot(lines[2])
                ? (size, lines[2])
                : null;
        }
    }

    /// <summary>The keys that an announcement is about, and from which size on it holds; null for another note.</summary>
    public (Key Former, Key Key, long Size)? KeyChange =>
        Text.Split('\n') is [var origin, "key change", var former, var key, var size, ""]
        && Key.Read(former) is { } one
        && Key.Read(key) is { } other
        && one.Name == origin
        && other.Name == origin
        && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            ? (one, other, from)
            : null;
}
