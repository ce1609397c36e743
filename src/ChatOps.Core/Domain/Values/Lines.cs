namespace ChatOps.Core.Domain.Values;

/// <summary>A text as lines that are not copied out of it. The last line need not end with a line feed.</summary>
public sealed class Lines
{
    private readonly string _text;
    private readonly List<int> _starts = [];

    /// <summary>Finds where the lines begin.</summary>
    public Lines(string text)
    {
        _text = text;
        for (var at = 0; at < text.Length; )
        {
            _starts.Add(at);
            var end = text.IndexOf('\n', at);
            at = end < 0 ? text.Length : end + 1;
        }

        _starts.Add(text.Length);
    }

    /// <summary>The number of lines.</summary>
    public int Count => _starts.Count - 1;

    /// <summary>True when every line ends with a line feed.</summary>
    public bool AreWhole => _text.Length == 0 || _text[^1] == '\n';

    /// <summary>A line, from 0 on, without its line feed.</summary>
    public ReadOnlySpan<char> this[int index] => Range(index, 1).TrimEnd('\n');

    /// <summary>Lines as they stand in the text, line feeds included.</summary>
    public ReadOnlySpan<char> Range(int from, int count) => _text.AsSpan(_starts[from], _starts[from + count] - _starts[from]);
}
