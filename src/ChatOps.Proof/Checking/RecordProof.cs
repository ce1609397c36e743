using System.Globalization;
using System.Text;
using ChatOps.Core.Application.Ports;
using ChatOps.Proof.Merkle;
using ChatOps.Proof.Notes;

namespace ChatOps.Proof.Checking;

/// <summary>
/// A file that proves single records to somebody who may not see the others: for each a proof in the form of c2sp.org/tlog-proof, one after
/// another, with the record itself as its extra data.
/// </summary>
internal static class RecordProof
{
    private const string FirstLine = "c2sp.org/tlog-proof@v1";

    public static async Task<string> WriteAsync(
        IEventLog log,
        LogTree tree,
        SignedNote note,
        IEnumerable<long> positions,
        CancellationToken cancel
    )
    {
        if (!Checkpoint.TryParse(note.Text, out var checkpoint))
            throw new ArgumentException("a proof leads to a checkpoint", nameof(note));
        var text = new StringBuilder();
        foreach (var position in positions)
        {
            if (await tree.IndexOfAsync(position, cancel) is not { } index || index >= checkpoint.Size)
                continue;
            var record = await log.ReadTextsAsync(position - 1, cancel).FirstAsync(cancel);
            text.Append(CultureInfo.InvariantCulture, $"{FirstLine}\nextra {Convert.ToBase64String(record.Body.Span)}\nindex {index}\n");
            foreach (var hash in await tree.InclusionAsync(index, checkpoint.Size, cancel))
                text.Append(Convert.ToBase64String(hash)).Append('\n');
            text.Append('\n').Append(note).Append('\n');
        }

        // An empty line between proofs, none after the last.
        return text.ToString() is { Length: > 0 } all ? all[..^1] : "";
    }
}
