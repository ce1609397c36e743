using System.Collections.Immutable;
using System.Text;
using ChatOps.Core.Audit;
using ChatOps.Core.Commands;

namespace ChatOps.Bot.Terminal;

/// <summary>
/// Reads lines at a terminal while messages come in: the typed text stays on the last line, with history, and with completion by Tab; again and
/// again for the next one.
/// </summary>
public sealed class LineEditor(TerminalWriter writer, string prompt)
{
    private ImmutableArray<string> _suggested = [];
    private int _suggestion;
    private Vocabulary _known = Vocabulary.Empty;

    private readonly List<string> _history = [];
    private readonly StringBuilder _text = new();
    private int _cursor;
    private int _at;

    /// <summary>The next line; null at the end of input (Ctrl-D on an empty line). Blocks its thread.</summary>
    /// <param name="known">The names that lines are completed with.</param>
    public string? ReadLine(Vocabulary known)
    {
        _known = known;
        _text.Clear();
        (_cursor, _at) = (0, _history.Count);
        while (true)
        {
            Show();
            var key = Console.ReadKey(intercept: true);
            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    return Accept();
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when _text.Length == 0:
                    return null;
                default:
                    Edit(key);
                    break;
            }
        }
    }

    private string Accept()
    {
        var line = _text.ToString();
        if (line.Trim().Length > 0)
            _history.Add(line);
        writer.Prompt("");
        return line;
    }

    private void Edit(ConsoleKeyInfo key)
    {
        var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        if (key.Key != ConsoleKey.Tab)
            _suggested = [];
        switch (key.Key)
        {
            case ConsoleKey.Backspace when _cursor > 0:
                _text.Remove(--_cursor, 1);
                break;
            case ConsoleKey.Delete when _cursor < _text.Length:
                _text.Remove(_cursor, 1);
                break;
            case ConsoleKey.LeftArrow:
                _cursor = Math.Max(0, _cursor - 1);
                break;
            case ConsoleKey.RightArrow:
                _cursor = Math.Min(_text.Length, _cursor + 1);
                break;
            case ConsoleKey.Home:
            case ConsoleKey.A when isControl:
                _cursor = 0;
                break;
            case ConsoleKey.End:
            case ConsoleKey.E when isControl:
                _cursor = _text.Length;
                break;
            case ConsoleKey.U when isControl:
                Replace("");
                break;
            case ConsoleKey.UpArrow:
                Recall(_at - 1);
                break;
            case ConsoleKey.DownArrow:
                Recall(_at + 1);
                break;
            case ConsoleKey.Tab:
                Complete();
                break;
            default:
                if (!char.IsControl(key.KeyChar) && _text.Length < Parser.MaxLine)
                    _text.Insert(_cursor++, key.KeyChar);
                break;
        }
    }

    private void Recall(int at)
    {
        _at = Math.Clamp(at, 0, _history.Count);
        Replace(_at < _history.Count ? _history[_at] : "");
    }

    private void Complete()
    {
        // What is said begins after the name of the one who says it.
        var line = _text.ToString();
        var start = line.IndexOf(": ", StringComparison.Ordinal) is var name and >= 0 ? name + 2 : 0;
        if (_suggested.IsEmpty)
            (_suggested, _suggestion) = (Suggestions.Of(line[start..], _known), 0);
        if (_suggested.IsEmpty)
            return;
        var suggested = _suggested[_suggestion++ % _suggested.Length];
        Replace($"{line[..start]}{suggested}{(_suggested.Length == 1 ? " " : "")}");
        if (_suggested.Length == 1)
            _suggested = [];
    }

    private void Replace(string text)
    {
        _text.Clear().Append(text);
        _cursor = text.Length;
    }

    private void Show()
    {
        var back = _text.Length - _cursor;
        writer.Prompt($"{prompt}{_text}{(back > 0 ? $"\u001b[{back}D" : "")}");
    }
}
