namespace ChatOps.Bot.Terminal;

/// <summary>The line that is being typed, and where in it one is. Words end at spaces, as in a shell.</summary>
internal sealed class LineBuffer(int longest)
{
    private string _cut = "";

    public string Text { get; private set; } = "";

    /// <summary>Where the next character goes, from 0.</summary>
    public int Cursor { get; private set; }

    /// <summary>Puts another line in its place, and stands at its end.</summary>
    public void Replace(string text) => (Text, Cursor) = (text, text.Length);

    /// <summary>Does what a key asks for; false when it asks for nothing here.</summary>
    public bool Take(ConsoleKeyInfo key)
    {
        var (isControl, isAlt) = (key.Modifiers.HasFlag(ConsoleModifiers.Control), key.Modifiers.HasFlag(ConsoleModifiers.Alt));
        var isByWord = isControl || isAlt;
        switch (key.Key)
        {
            case ConsoleKey.Backspace when isByWord:
            case ConsoleKey.W when isControl:
                Cut(WordBefore, Cursor);
                break;
            case ConsoleKey.D when isAlt:
                Cut(Cursor, WordAfter);
                break;
            case ConsoleKey.K when isControl:
                Cut(Cursor, Text.Length);
                break;
            case ConsoleKey.U when isControl:
                Cut(0, Cursor);
                break;
            case ConsoleKey.Y when isControl:
                Insert(_cut);
                break;
            case ConsoleKey.Backspace:
            case ConsoleKey.H when isControl:
                Remove(Math.Max(0, Cursor - 1), Cursor);
                break;
            case ConsoleKey.Delete:
            case ConsoleKey.D when isControl:
                Remove(Cursor, Math.Min(Text.Length, Cursor + 1));
                break;
            case ConsoleKey.LeftArrow when isByWord:
            case ConsoleKey.B when isAlt:
                Cursor = WordBefore;
                break;
            case ConsoleKey.RightArrow when isByWord:
            case ConsoleKey.F when isAlt:
                Cursor = WordAfter;
                break;
            case ConsoleKey.LeftArrow:
            case ConsoleKey.B when isControl:
                Cursor = Math.Max(0, Cursor - 1);
                break;
            case ConsoleKey.RightArrow:
            case ConsoleKey.F when isControl:
                Cursor = Math.Min(Text.Length, Cursor + 1);
                break;
            case ConsoleKey.Home:
            case ConsoleKey.A when isControl:
                Cursor = 0;
                break;
            case ConsoleKey.End:
            case ConsoleKey.E when isControl:
                Cursor = Text.Length;
                break;
            default:
                if (char.IsControl(key.KeyChar) || isControl || isAlt)
                    return false;
                Insert(key.KeyChar.ToString());
                break;
        }

        return true;
    }

    /// <summary>
    /// What of it is shown where there is room for so many characters, and at which of them the cursor stands. A line that is longer moves
    /// along under the cursor: it never takes a second row, which what comes in meanwhile could not be printed above.
    /// </summary>
    public (string Shown, int At) In(int room)
    {
        room = Math.Max(room, 8);
        if (Text.Length < room)
            return (Text, Cursor);
        var start = Math.Clamp(Cursor - (room * 2 / 3), 0, Text.Length - room + 1);
        var shown = Text.Substring(start, Math.Min(room - 1, Text.Length - start));
        if (start > 0)
            shown = $"<{shown[1..]}";
        if (start + shown.Length < Text.Length)
            shown = $"{shown[..^1]}>";
        return (shown, Cursor - start);
    }

    private int WordBefore
    {
        get
        {
            var at = Cursor;
            while (at > 0 && Text[at - 1] == ' ')
                at--;
            while (at > 0 && Text[at - 1] != ' ')
                at--;
            return at;
        }
    }

    private int WordAfter
    {
        get
        {
            var at = Cursor;
            while (at < Text.Length && Text[at] == ' ')
                at++;
            while (at < Text.Length && Text[at] != ' ')
                at++;
            return at;
        }
    }

    private void Insert(string text)
    {
        if (Text.Length + text.Length > longest)
            return;
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    private void Cut(int from, int to)
    {
        if (from == to)
            return;
        _cut = Text[from..to];
        Remove(from, to);
    }

    private void Remove(int from, int to)
    {
        Text = Text.Remove(from, to - from);
        Cursor = from;
    }
}
