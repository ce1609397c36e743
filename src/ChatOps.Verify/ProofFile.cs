using System.Globalization;
using System.Text;

namespace ChatOps.Verify;

/// <summary>Proofs of single records, c2sp.org/tlog-proof, one after another, each with its record as extra data.</summary>
internal static class ProofFile
{
    private const string FirstLine = "c2sp.org/tlog-proof@v1";

    /// <summary>True for a file that begins like one.</summary>
    public static bool IsOne(Stream content) => TextFile.BeginsWith(content, FirstLine);

    /// <exception cref="WrongException">One is wrong.</exception>
    public static IEnumerable<string> Check(Stream content, Trust trust)
    {
        var proofs = TextFile.Read(content).Split(FirstLine + "\n", StringSplitOptions.RemoveEmptyEntries);
        if (proofs.Length == 0)
            throw new WrongException("the file has no proof in it: that shows nothing.");
        List<string> found = [];
        foreach (var proof in proofs)
            found.Add(CheckOne(proof, trust));
        found.Add($"proved: {Words.Records(proofs.Length)} {(proofs.Length == 1 ? "is" : "are")} in the log.");
        return found;
    }

    private static string CheckOne(string proof, Trust trust)
    {
        var parts = proof.Split("\n\n", 2);
        var lines = parts[0].Split('\n');
        if (
            parts.Length != 2
            || lines.Length < 2
            || !lines[0].StartsWith("extra ", StringComparison.Ordinal)
            || !lines[1].StartsWith("index ", StringComparison.Ordinal)
        )
            throw new WrongException("the file is not a proof with its record: expected a line \"extra RECORD\", then \"index N\".");
        var record = TextFile.Bytes(lines[0]["extra ".Length..]);
        var said = lines[1]["index ".Length..];
        if (!long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index == long.MaxValue)
            throw new WrongException("the file is not a proof: its index is not the number of a record.");
        if (Note.ReadAll(parts[1]) is not [{ Checkpoint: { } checkpoint } note])
            throw new WrongException($"the proof of record {index + 1} has no checkpoint.");
        trust.Add([note]);
        if (Tree.RootOf(Tree.Leaf(record), index, checkpoint.Size, TextFile.Hashes(lines[2..])) != checkpoint.Root)
            throw new WrongException(
                $"the proof of record {index + 1} does not lead to the checkpoint for {Words.Records(checkpoint.Size)}: this record is not in that log at this place."
            );

        // Two roots for one size are two logs. Whether a smaller checkpoint is an earlier state of this one takes the whole log to say.
        if (trust.Checkpoints.Any(c => c.Size == checkpoint.Size && c.Root != checkpoint.Root))
            throw new WrongException(
                $"there are two different checkpoints for {Words.Records(checkpoint.Size)}: the log was shown to different people in different forms."
            );
        return $"record {index + 1}: {Encoding.UTF8.GetString(record)}";
    }
}
