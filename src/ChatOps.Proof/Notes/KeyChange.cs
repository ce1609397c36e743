using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ChatOps.Proof.Notes;

/// <summary>
/// That a log's checkpoints are signed by another key after a size, as the text of a note that both keys sign. The last record of that size
/// announces it in the log too. Its second line is no number, so that it never passes for a checkpoint.
/// </summary>
internal sealed record KeyChange(NoteKey Former, NoteKey Key, long Size)
{
    private const string Title = "key change";

    /// <summary>Reads the text of a note; false when it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out KeyChange? change)
    {
        change = null;
        var lines = text.Split('\n');
        if (
            lines.Length != 6
            || lines[1] != Title
            || !NoteKey.TryParse(lines[2], out var former)
            || !NoteKey.TryParse(lines[3], out var key)
        )
            return false;
        if (
            lines[0] != former.Name
            || lines[0] != key.Name
            || !long.TryParse(lines[4], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        )
            return false;
        change = new KeyChange(former, key, size);
        return true;
    }

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Key.Name}\n{Title}\n{Former}\n{Key}\n{Size}\n");
}
