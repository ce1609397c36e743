using ChatOps.Core.Application.Ports;
using ChatOps.Proof.Notes;
using Microsoft.Extensions.Logging;

namespace ChatOps.Proof.Keeping;

/// <summary>
/// What the log has signed, and the places where that goes. A place that cannot be reached gets it later, by the same process or the next
/// one. Not safe for threads.
/// </summary>
internal sealed partial class CheckpointStore(string origin, IReadOnlyList<ICheckpointSink> sinks, ILogger<CheckpointStore> log)
{
    private readonly Dictionary<ICheckpointSink, List<LogNote>> _pending = sinks.ToDictionary(s => s, _ => new List<LogNote>());

    /// <summary>The last checkpoint that was signed, as far as any place says; null before the first.</summary>
    public (SignedNote Note, Checkpoint Checkpoint)? Last { get; private set; }

    public void Add(ICheckpointSink sink) => _pending.Add(sink, []);

    /// <summary>Reads what is in all places, and remembers what one has and another lacks.</summary>
    public async Task OpenAsync(CancellationToken cancel)
    {
        var there = new Dictionary<ICheckpointSink, HashSet<string>>();
        foreach (var sink in sinks)
            there[sink] = await ReadAsync(sink, cancel) is { } notes ? [.. notes.Where(IsOurs).Select(n => n.ToString())] : [];
        var all = there.Values.SelectMany(n => n).Distinct().SelectMany(SignedNote.ReadAll).ToList();
        foreach (var note in all)
            Know(note);

        // A place where nothing can be read back, such as a chat, does not get old news again.
        foreach (var (sink, notes) in there.Where(t => t.Value.Count > 0))
            _pending[sink].AddRange(all.Where(n => !notes.Contains(n.ToString())).Select(NamedOf).OrderBy(n => n.Size));
    }

    /// <summary>All notes of all places, also those of other logs.</summary>
    public async Task<List<SignedNote>> ReadAllAsync(CancellationToken cancel)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sink in sinks)
        {
            foreach (var note in await ReadAsync(sink, cancel) ?? [])
                all.Add(note.ToString());
        }

        return [.. all.SelectMany(SignedNote.ReadAll)];
    }

    /// <summary>Puts a note in all places, and what they still lack before it.</summary>
    public async Task PutAsync(SignedNote note, CancellationToken cancel)
    {
        Know(note);
        foreach (var pending in _pending.Values)
            pending.Add(NamedOf(note));
        await PutPendingAsync(cancel);
    }

    private async Task PutPendingAsync(CancellationToken cancel)
    {
        foreach (var (sink, pending) in _pending)
        {
            try
            {
                while (pending.Count > 0)
                {
                    await sink.PutAsync(pending[0], cancel);
                    pending.RemoveAt(0);
                }
            }
            catch (IOException e)
            {
                NotPut(pending[0].Name, sink.Place, e.Message);
            }
        }
    }

    private async Task<List<SignedNote>?> ReadAsync(ICheckpointSink sink, CancellationToken cancel)
    {
        try
        {
            return [.. (await sink.ReadAsync(cancel).ToListAsync(cancel)).SelectMany(SignedNote.ReadAll)];
        }
        catch (IOException e)
        {
            NotRead(sink.Place, e.Message);
            return null;
        }
    }

    private bool IsOurs(SignedNote note) => note.Text.StartsWith(origin + "\n", StringComparison.Ordinal);

    private void Know(SignedNote note)
    {
        if (Checkpoint.TryParse(note.Text, out var checkpoint) && (Last is not { } last || checkpoint.Size >= last.Checkpoint.Size))
            Last = (note, checkpoint);
    }

    private static LogNote NamedOf(SignedNote note) =>
        KeyChange.TryParse(note.Text, out var change)
            ? new LogNote(FormattableString.Invariant($"key-{change.Size:D12}"), change.Size, note.ToString())
        : Checkpoint.TryParse(note.Text, out var checkpoint)
            ? new LogNote(FormattableString.Invariant($"checkpoint-{checkpoint.Size:D12}"), checkpoint.Size, note.ToString())
        : throw new InvalidOperationException("a note that is neither a checkpoint nor a change of key");

    [LoggerMessage(1, LogLevel.Warning, "putting {Note} in {Place}: {Problem}. It is tried again with the next one")]
    private partial void NotPut(string note, string place, string problem);

    [LoggerMessage(2, LogLevel.Warning, "reading checkpoints in {Place}: {Problem}. It is left out")]
    private partial void NotRead(string place, string problem);
}
