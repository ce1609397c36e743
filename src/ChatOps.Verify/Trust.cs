namespace ChatOps.Verify;

/// <summary>What is believed: a key, what it has announced, and the checkpoints that these keys have signed.</summary>
internal sealed class Trust
{
    private readonly List<(Key Key, long From)> _keys = [];
    private readonly List<(long Size, string Root)> _checkpoints = [];
    private readonly List<Note> _notes = [];

    /// <exception cref="WrongException">A note is of another log, or not signed as it should be.</exception>
    public Trust(Key first, IReadOnlyList<Note> notes)
    {
        _keys.Add((first, 0));
        Add(notes);
    }

    public string Origin => _keys[0].Key.Name;

    /// <summary>The sizes at which the key changed, with the new key.</summary>
    public IReadOnlyDictionary<long, string> KeyChanges => _keys.Skip(1).ToDictionary(k => k.From, k => k.Key.Text);

    /// <summary>The checkpoints, smallest first.</summary>
    public IReadOnlyList<(long Size, string Root)> Checkpoints => [.. _checkpoints.Distinct().Order()];

    /// <exception cref="WrongException">A note is of another log, or not signed as it should be.</exception>
    public void Add(IReadOnlyList<Note> notes)
    {
        _notes.AddRange(notes);
        if (notes.FirstOrDefault(n => n.Origin != Origin) is { } other)
            throw new WrongException($"a checkpoint is of another log: {other.Origin}, and the key is of {Origin}.");
        FollowKeys();
        foreach (var note in notes)
        {
            if (note.KeyChange is not null)
                continue;
            var (size, root) = note.Checkpoint
                ?? throw new WrongException($"a note is neither a checkpoint nor a change of key: {note.Text}");
            if (!IsSigned(note, size))
                throw new WrongException(
                    $"the checkpoint for {Words.Records(size)} is not signed by the key that the log had at that size."
                );
            _checkpoints.Add((size, root));
        }
    }

    private void FollowKeys()
    {
        while (true)
        {
            var (current, from) = _keys[^1];
            var announced = _notes
                .Where(n =>
                    n.KeyChange is { } change && change.Former.Text == current.Text && current.HasSigned(n) && change.Key.HasSigned(n)
                )
                .Select(n => (n.KeyChange!.Value.Key, n.KeyChange.Value.Size))
                .Distinct()
                .ToList();
            if (announced.Count == 0)
                return;
            if (announced.Count > 1 || announced[0].Size <= from || _keys.Exists(k => k.Key == announced[0].Key))
                throw new WrongException($"the key {current.Text} has announced more than one other: somebody else has it.");
            _keys.Add(announced[0]);
        }
    }

    private bool IsSigned(Note note, long size)
    {
        for (var i = 0; i < _keys.Count; i++)
        {
            var until = i + 1 < _keys.Count ? _keys[i + 1].From : long.MaxValue;
            if (size >= _keys[i].From && size <= until && _keys[i].Key.HasSigned(note))
                return true;
        }

        return false;
    }
}
