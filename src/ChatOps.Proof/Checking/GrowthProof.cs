using System.Globalization;
using System.Text;
using ChatOps.Proof.Merkle;
using ChatOps.Proof.Notes;

namespace ChatOps.Proof.Checking;

/// <summary>
/// A file that proves to somebody who kept an earlier checkpoint, and sees no record at all, that the log has only grown since: a
/// consistency proof of RFC 6962, section 2.1.2, with the checkpoint of now.
/// </summary>
internal static class GrowthProof
{
    private const string FirstLine = "chatops-growth@v1";

    /// <summary>The file's text; empty when the log was never that large.</summary>
    public static async Task<string> WriteAsync(LogTree tree, SignedNote note, long former, CancellationToken cancel)
    {
        if (!Checkpoint.TryParse(note.Text, out var checkpoint))
            throw new ArgumentException("a proof leads to a checkpoint", nameof(note));
        if (former > checkpoint.Size)
            return "";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{FirstLine}\nfrom {former}\n");
        foreach (var hash in await tree.ConsistencyAsync(former, checkpoint.Size, cancel))
            text.Append(Convert.ToBase64String(hash)).Append('\n');
        return text.Append('\n').Append(note).ToString();
    }
}
