using System.Runtime.CompilerServices;
using System.Text;

namespace ChatOps.Core.Domain.Changes;

/// <summary>A record as it lies in the log, unread: the text that its hash is over, and beside it what the log finds it by.</summary>
/// <param name="Position">Its place among all records.</param>
/// <param name="Stream">The stream that the log finds it in.</param>
/// <param name="Version">The version that the log finds it by.</param>
/// <param name="Id">The id that the log finds it by.</param>
/// <param name="Hash">The hash that the log says it has.</param>
/// <param name="Body">Its canonical JSON in UTF-8.</param>
public sealed record RecordText(long Position, string Stream, long Version, string Id, string Hash, ReadOnlyMemory<byte> Body)
{
    /// <summary>The texts of records that were read, made once more. For logs that cannot read them as they are stored.</summary>
    internal static async IAsyncEnumerable<RecordText> OfAsync(
        IAsyncEnumerable<Recorded> records,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await foreach (var record in records.WithCancellation(cancel))
        {
            var again = new NewRecord(record.Id, record.Time, record.Actor, record.Message, record.Causation, record.Event);
            var (body, _) = RecordFormat.Seal(again, record.Stream, record.Version, record.Previous);
            yield return new RecordText(
                record.Position,
                record.Stream,
                record.Version,
                record.Id,
                record.Hash,
                Encoding.UTF8.GetBytes(body)
            );
        }
    }
}
