using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ChatOps.Proof.Merkle;

namespace ChatOps.Proof.Notes;

/// <summary>What a log was at one size, as the text of a note in the form of c2sp.org/tlog-checkpoint.</summary>
/// <param name="Root">The root over them, base64.</param>
public sealed record Checkpoint(string Origin, long Size, string Root)
{
    /// <summary>The checkpoint with a root.</summary>
    public static Checkpoint Of(string origin, long size, byte[] root) => new(origin, size, Convert.ToBase64String(root));

    /// <summary>Reads the text of a note; false when it is not a checkpoint.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        var lines = text.Split('\n');
        if (
            lines.Length < 4
            || lines[0].Length == 0
            || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        )
            return false;
        var root = new byte[lines[2].Length];
        if (!Convert.TryFromBase64String(lines[2], root, out var length) || length != MerkleHash.Length)
            return false;
        checkpoint = new Checkpoint(lines[0], size, lines[2]);
        return true;
    }

    /// <summary>The text that is signed.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root}\n");
}
