namespace ChatOps.Gateway.Checking;

/// <summary>
/// A part of a file: the statements that may stand in it, and the parts that it may hold. Some end with a brace of their own, the others
/// where something begins that does not belong to them.
/// </summary>
internal sealed class Section
{
    private readonly Dictionary<string, List<(Pattern Pattern, Section? Inner)>> _byWord = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(Pattern Pattern, Section? Inner)>>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<(Pattern Pattern, Section? Inner)> _other;

    /// <summary>A part with these statements, one a line, and these parts in it, each with the pattern of its first line.</summary>
    public Section(string name, string statements, params (string Opening, Section Inner)[] parts)
    {
        Name = name;
        _lookup = _byWord.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var statement in statements.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            Add(Pattern.Of(statement), null);
        foreach (var (opening, inner) in parts)
            Add(Pattern.Of(opening), inner);

        // What begins with a hole can begin with any word.
        _other = _byWord.GetValueOrDefault("", []);
        foreach (var list in _byWord.Values.Where(l => l != _other))
            list.AddRange(_other);
    }

    /// <summary>What it is called where a statement of it is looked at.</summary>
    public string Name { get; }

    /// <summary>True when it ends with a line "}"; else it ends where something begins that does not belong to it.</summary>
    public bool HasBraces { get; init; } = true;

    public List<(Pattern Pattern, Section? Inner)> For(ReadOnlySpan<char> line) =>
        _byWord.Count == 1 && _other.Count > 0 ? _other
        : _lookup.TryGetValue(Pattern.WordOf(line), out var same) ? same
        : _other;

    private void Add(Pattern pattern, Section? inner)
    {
        if (!_byWord.TryGetValue(pattern.Word, out var list))
            _byWord[pattern.Word] = list = [];
        list.Add((pattern, inner));
    }
}
