using System.Globalization;
using System.Text;
using ChatOps.Core.Domain.Changes;
using ChatOps.Storage;

namespace ChatOps.Azure.Blobs;

/// <summary>
/// The records of one append as the one block that carries them, so that they are in the log together or not at all. A record is a line,
/// <c>POSITION NTH/COUNT HASH TEXT</c>: a block that is torn, doubled, missing or out of its place cannot be read as if it were right. The
/// last block of a segment ends with the line <c>end POSITION</c>.
/// </summary>
internal static class LogBlock
{
    public static ReadOnlySpan<byte> End => "end "u8;

    /// <summary>The block's bytes, and the rows as a reader will find them.</summary>
    public static (byte[] Bytes, StoredRow[] Rows, Recorded[] Records) Write(
        LogTail tail,
        string stream,
        StreamEnd end,
        IReadOnlyList<NewRecord> records,
        bool isLast
    )
    {
        var rows = new StoredRow[records.Count];
        var sealedRecords = new Recorded[records.Count];
        var text = new StringBuilder(1024 * records.Count);
        for (var i = 0; i < records.Count; i++)
        {
            var (position, version) = (tail.Position + i + 1, end.Version + 1);
            var (body, hash) = RecordFormat.Seal(records[i], stream, version, end.Hash!);
            text.Append(CultureInfo.InvariantCulture, $"{position} {i + 1}/{records.Count} {hash} ").Append(body).Append('\n');
            rows[i] = new StoredRow(position, stream, version, records[i].Id, hash, body);
            sealedRecords[i] = RecordFormat.Sealed(records[i], position, stream, version, end.Hash!, hash);
            end = new StreamEnd(version, hash);
        }

        if (isLast)
            text.Append(CultureInfo.InvariantCulture, $"end {tail.Position + records.Count}\n");
        return (Encoding.UTF8.GetBytes(text.ToString()), rows, sealedRecords);
    }
}
