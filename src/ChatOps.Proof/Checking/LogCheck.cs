using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Proof.Merkle;
using ChatOps.Proof.Notes;

namespace ChatOps.Proof.Checking;

/// <summary>
/// Checks a whole log in one reading: every link, and the root at the size of every checkpoint. All roots come from one tree, so when each
/// is as it was signed, all checkpoints are consistent with each other as well.
/// </summary>
public sealed class LogCheck
{
    private const int ReportEvery = 1024;

    private readonly KeyChain _keys;
    private readonly Queue<(Checkpoint Checkpoint, string? Fault)> _checkpoints;
    private readonly Dictionary<long, NoteKey> _changes;
    private readonly MerkleEdge _tree = new();
    private readonly LinkCheck _links = new();
    private readonly int _count;
    private readonly int _foreign;
    private long _right;
    private long _lastPosition;
    private long _missing;

    /// <summary>A check against notes from anywhere.</summary>
    /// <param name="first">The key that is trusted.</param>
    /// <param name="notes">Checkpoints and announcements of keys.</param>
    public LogCheck(NoteKey first, IReadOnlyCollection<SignedNote> notes)
    {
        _keys = KeyChain.Of(first, notes);
        _changes = _keys.Changes.ToDictionary(c => c.Size, c => c.Key);
        var ours = notes.Where(n => n.Text.StartsWith(first.Name + "\n", StringComparison.Ordinal)).ToList();
        _foreign = notes.Count - ours.Count;
        _checkpoints = new(
            ours.Select(n => (Note: n, Checkpoint: Checkpoint.TryParse(n.Text, out var c) ? c : null))
                .Where(c => c.Checkpoint is not null)
                .Select(c => (Checkpoint: c.Checkpoint!, Fault: FaultOf(c.Note, c.Checkpoint!)))
                .Distinct()
                .OrderBy(c => c.Checkpoint.Size)
        );
        _count = _checkpoints.Count;
    }

    /// <summary>Reads the log to its end, or to the first thing that is wrong.</summary>
    /// <param name="texts">All records in the order of their positions.</param>
    /// <param name="progress">Told every thousand records how many were checked.</param>
    public async Task<Verdict> RunAsync(IAsyncEnumerable<RecordText> texts, IProgress<long>? progress, CancellationToken cancel)
    {
        if (_keys.Fault is { } fault)
            return Ended(fault);
        try
        {
            await foreach (var text in texts.WithCancellation(cancel))
            {
                if (Take(text) is { } wrong)
                    return Ended(wrong);
                if (_tree.Size % ReportEvery == 0)
                    progress?.Report(_tree.Size);
            }
        }
        catch (Core.Application.Ports.LogCorruptException e)
        {
            return Ended(e.Message);
        }

        return Ended(
            _checkpoints.TryPeek(out var next)
                ? next.Fault
                    ?? $"record {_tree.Size + 1} and all after it are missing: a checkpoint was signed for {Counts.Of(next.Checkpoint.Size, "record")}, and the log has {_tree.Size}. The end was cut off, or an older copy was put back"
                : null
        );
    }

    private string? Take(RecordText text)
    {
        var number = _tree.Size + 1;
        if (text.Position != _lastPosition + 1 && _missing == 0)
            _missing = _lastPosition + 1;
        _lastPosition = text.Position;
        if (_links.Fault(text, out var members) is { } broken)
            return $"record {number} ({text.Stream} version {text.Version}, id {text.Id}, position {text.Position}) cannot be trusted: {broken}";
        _tree.Add(MerkleHash.Leaf(text.Body.Span));
        if (_changes.TryGetValue(number, out var key) && members.Key != key.ToString())
            return $"record {number} does not announce the key {key}, as the note about that key says";
        while (_checkpoints.TryPeek(out var next) && next.Checkpoint.Size == number)
        {
            _checkpoints.Dequeue();
            if (next.Fault is not null)
                return next.Fault;
            var root = Convert.ToBase64String(_tree.Root);
            if (root != next.Checkpoint.Root)
                return Rewritten(number, next.Checkpoint.Root, root);
            _right = number;
        }

        return null;
    }

    private string Rewritten(long number, string signed, string root)
    {
        var which =
            _right + 1 == number
                ? $"record {number} is not the one that was signed"
                : $"records {_right + 1} to {number} are not those that were signed";
        string?[] sentences =
        [
            $"{which}: the checkpoint for {Counts.Of(number, "record")} has the root {signed}, the log now has {root}",
            _missing > 0
                ? $"Position {_missing} is missing"
                : "Each follows the one before it in its stream, so they were written anew or put in another order",
            _right switch
            {
                0 => null,
                1 => "The first is as it was signed",
                _ => $"The first {_right} are as they were signed",
            },
        ];
        return string.Join(". ", sentences.OfType<string>());
    }

    private string? FaultOf(SignedNote note, Checkpoint checkpoint) =>
        _keys.HasSigned(note, checkpoint)
            ? null
            : $"the checkpoint for {Counts.Of(checkpoint.Size, "record")} is not signed by the key of this log at that size ({_keys.Last})";

    private Verdict Ended(string? fault) => new(_tree.Size, Convert.ToBase64String(_tree.Root), _count, _right, _foreign, fault);
}
