using System.Text;
using System.Text.Json;
using ChatOps.Core.Domain.Changes;
using ChatOps.Proof.Notes;

namespace ChatOps.Proof.Checking;

/// <summary>
/// A file with the whole log for somebody who checks it without us: a line that says what it is, a line a record with exactly the bytes
/// that were hashed, and then a line a note. Written as it is read.
/// </summary>
internal static class LogExport
{
    private const int ReportEvery = 1024;

    /// <summary>Writes the first records and the notes that are this log's.</summary>
    public static async Task WriteAsync(
        Stream to,
        string origin,
        IAsyncEnumerable<RecordText> texts,
        long size,
        IEnumerable<SignedNote> notes,
        IProgress<long>? progress,
        CancellationToken cancel
    )
    {
        await WriteLineAsync(
            to,
            Encoding.UTF8.GetBytes(
                FormattableString.Invariant($$"""{"export":"chatops-log-v1","origin":{{Quoted(origin)}},"records":{{size}}}""")
            ),
            cancel
        );
        var written = 0L;
        await foreach (var text in texts.Take((int)size).WithCancellation(cancel))
        {
            await WriteLineAsync(to, text.Body, cancel);
            if (++written % ReportEvery == 0)
                progress?.Report(written);
        }

        foreach (
            var note in notes.Where(n => n.Text.StartsWith(origin + "\n", StringComparison.Ordinal)).Select(n => n.ToString()).Distinct()
        )
            await WriteLineAsync(to, Encoding.UTF8.GetBytes($$"""{"note":{{Quoted(note)}}}"""), cancel);
        await to.FlushAsync(cancel);
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text, EventJson.Options);

    private static async ValueTask WriteLineAsync(Stream to, ReadOnlyMemory<byte> line, CancellationToken cancel)
    {
        await to.WriteAsync(line, cancel);
        to.WriteByte((byte)'\n');
    }
}
