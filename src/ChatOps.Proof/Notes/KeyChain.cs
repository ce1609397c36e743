using System.Collections.Immutable;

namespace ChatOps.Proof.Notes;

/// <summary>
/// Which key may sign at which size: the first one, which was handed over, and from there each as the one before it has announced.
/// </summary>
internal sealed class KeyChain
{
    private readonly List<(NoteKey Key, long From)> _keys;

    private KeyChain(List<(NoteKey, long)> keys, string? fault) => (_keys, Fault) = (keys, fault);

    /// <summary>What is wrong with the announcements, or null.</summary>
    public string? Fault { get; }

    /// <summary>The changes of key, by the size at which each happened.</summary>
    public IEnumerable<(long Size, NoteKey Key)> Changes => _keys.Skip(1).Select(k => (k.From, k.Key));

    public NoteKey Last => _keys[^1].Key;

    /// <param name="notes">Any notes; those that announce a key are looked at.</param>
    public static KeyChain Of(NoteKey first, IEnumerable<SignedNote> notes)
    {
        var changes = notes
            .Select(n => (Note: n, Change: KeyChange.TryParse(n.Text, out var change) ? change : null))
            .Where(c => c.Change?.Key.Name == first.Name)
            .ToImmutableArray();
        var keys = new List<(NoteKey Key, long From)> { (first, 0) };
        while (true)
        {
            var (current, from) = keys[^1];
            var next = changes
                .Where(c => c.Change!.Former == current && c.Note.IsSignedBy(current) && c.Note.IsSignedBy(c.Change.Key))
                .Select(c => c.Change!)
                .Distinct()
                .ToList();
            if (next.Count == 0)
                return new KeyChain(keys, null);
            if (next.Count > 1 || next[0].Size <= from || keys.Any(k => k.Key == next[0].Key))
                return new KeyChain(keys, $"the key {current} has announced more than one other: it is in somebody else's hands");
            keys.Add((next[0].Key, next[0].Size));
        }
    }

    /// <summary>True when a checkpoint is signed by the key that was in force at its size.</summary>
    public bool HasSigned(SignedNote note, Checkpoint checkpoint)
    {
        for (var i = 0; i < _keys.Count; i++)
        {
            var until = i + 1 < _keys.Count ? _keys[i + 1].From : long.MaxValue;
            if (_keys[i].From <= checkpoint.Size && checkpoint.Size <= until && note.IsSignedBy(_keys[i].Key))
                return true;
        }

        return false;
    }
}
