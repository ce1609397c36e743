using System.Globalization;

namespace ChatOps.Verify;

/// <summary>A proof that a log has only grown since a checkpoint that somebody kept.</summary>
internal static class GrowthFile
{
    private const string FirstLine = "chatops-growth@v1";

    /// <summary>True for a file that begins like one.</summary>
    public static bool IsOne(Stream content) => TextFile.BeginsWith(content, FirstLine);

    /// <summary>Checks it against the checkpoint of the former size, which must have been given.</summary>
    /// <exception cref="WrongException">It is wrong.</exception>
    public static IEnumerable<string> Check(Stream content, Trust trust)
    {
        var parts = TextFile.Read(content).Split("\n\n", 2);
        var lines = parts[0].Split('\n');
        if (
            parts.Length != 2
            || lines.Length < 2
            || !lines[1].StartsWith("from ", StringComparison.Ordinal)
            || Note.ReadAll(parts[1]) is not [{ Checkpoint: { } later } note]
        )
            throw new WrongException("the file is not a proof of growth: expected a line \"from N\", hashes, and a checkpoint.");
        if (!long.TryParse(lines[1]["from ".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            throw new WrongException("the file is not a proof of growth: its size is not a number.");
        if (trust.Checkpoints.Where(c => c.Size == size).ToList() is not [var former])
            throw new WrongException($"give the checkpoint for {Words.Records(size)} that you kept with --checkpoint.");
        trust.Add([note]);
        if (Tree.RootsOf(size, former.Root, later.Size, TextFile.Hashes(lines[2..])) != (former.Root, later.Root))
            throw new WrongException(
                $"the log did not only grow: what it says of {Words.Records(later.Size)} now does not begin with the {Words.Records(size)} of your checkpoint."
            );
        return [$"grown: the log for {Words.Records(later.Size)} begins with the {Words.Records(size)} of the former checkpoint."];
    }
}
