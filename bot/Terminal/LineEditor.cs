using System.Collections.Immutable;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Terminal;

/// <summary>
/// Reads lines at a terminal while messages come in: the typed text stays on the last line, with history and its search, and with
/// completion by Tab; again and again for the next one.
/// </summary>
/// <param name="people">Who may say a line here: their names stand in front of one, or behind "as".</param>
internal sealed class LineEditor(
    TerminalWriter writer,
    SaidBefore before,
    ImmutableArray<string> people,
    Func<ConsoleKeyInfo> readKey,
    Func<int> width
)
{
    private const int MostListed = 24;
    private const string As = "as ";

    private readonly LineBuffer _line = new(Parser.MaxLine);
    private Vocabulary _known = Vocabulary.Empty;
    private string _prompt = "";
    private string? _searched;
    private int _at;
    private bool _isWarned;

    /// <summary>The next line; null at the end of input: Ctrl-D on an empty line, or Ctrl-C twice on one. Blocks its thread.</summary>
    public string? ReadLine(string prompt, Vocabulary known)
    {
        (_prompt, _known, _at) = (prompt, known, before.Count);
        _line.Replace("");
        while (true)
        {
            Show();
            var key = readKey();
            var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    return Accept();
                case ConsoleKey.D when isControl && _line.Text.Length == 0:
                case ConsoleKey.C when isControl && _line.Text.Length == 0 && _isWarned:
                    writer.Prompt("");
                    return null;
                case ConsoleKey.C when isControl:
                    Interrupt();
                    break;
                default:
                    _isWarned = false;
                    if (_searched is null)
                        Edit(key, isControl);
                    else
                        Search(key, isControl);
                    break;
            }
        }
    }

    private string Accept()
    {
        (_searched, _isWarned) = (null, false);
        before.Add(_line.Text);
        writer.Prompt("");
        return _line.Text;
    }

    // A typed line is taken back; on an empty one it asks for once more, because a hand is quick.
    private void Interrupt()
    {
        _isWarned = _line.Text.Length == 0;
        _searched = null;
        _line.Replace("");
        if (_isWarned)
            writer.Say("Ctrl-C once more ends.");
    }

    private void Edit(ConsoleKeyInfo key, bool isControl)
    {
        switch (key.Key)
        {
            case ConsoleKey.UpArrow:
            case ConsoleKey.P when isControl:
                Recall(_at - 1);
                break;
            case ConsoleKey.DownArrow:
            case ConsoleKey.N when isControl:
                Recall(_at + 1);
                break;
            case ConsoleKey.R when isControl:
                (_searched, _at) = ("", before.Count);
                break;
            case ConsoleKey.Tab:
                Complete();
                break;
            default:
                _line.Take(key);
                break;
        }
    }

    private void Search(ConsoleKeyInfo key, bool isControl)
    {
        switch (key.Key)
        {
            case ConsoleKey.R when isControl:
                Find(_searched!, _at);
                break;
            case ConsoleKey.Escape:
            case ConsoleKey.G when isControl:
                _searched = null;
                _line.Replace("");
                break;
            case ConsoleKey.Backspace:
                Find(_searched![..Math.Max(0, _searched!.Length - 1)], before.Count);
                break;
            case var _ when !char.IsControl(key.KeyChar) && !isControl:
                Find(_searched + key.KeyChar, before.Count);
                break;
            default:
                _searched = null;
                Edit(key, isControl);
                break;
        }
    }

    private void Find(string text, int from)
    {
        _searched = text;
        if (text.Length == 0 || before.Find(text, from) is not { } found)
            return;
        _at = found;
        _line.Replace(before[found]);
    }

    private void Recall(int at)
    {
        _at = Math.Clamp(at, 0, before.Count);
        _line.Replace(_at < before.Count ? before[_at] : "");
    }

    // What all candidates have in common is typed; when that is no more than is there already, they are listed.
    private void Complete()
    {
        // What is said begins after the name of the one who says it.
        var line = _line.Text;
        var start = line.IndexOf(": ", StringComparison.Ordinal) is var name and >= 0 ? name + 2 : 0;
        var found = (start > 0 ? [] : people.Select(p => line.StartsWith(As, StringComparison.OrdinalIgnoreCase) ? As + p : $"{p}:"))
            .Concat(Suggestions.Of(line[start..], _known, MostListed + 1))
            .Where(s => s.StartsWith(line[start..], StringComparison.OrdinalIgnoreCase))
            .ToImmutableArray();
        if (found.IsEmpty)
            return;
        var common = found[0][..found.Min(f => CommonLength(f, found[0]))];
        if (found.Length == 1)
            _line.Replace($"{line[..start]}{found[0]} ");
        else if (common.Length > line.Length - start)
            _line.Replace(line[..start] + common);
        else
            writer.Say(
                $"  {string.Join("  ", found.Take(MostListed).Select(f => f[(f.LastIndexOf(' ') + 1)..]))}{(found.Length > MostListed ? "  ..." : "")}"
            );
    }

    private static int CommonLength(string one, string other) =>
        one.Zip(other).TakeWhile(p => char.ToLowerInvariant(p.First) == char.ToLowerInvariant(p.Second)).Count();

    private void Show()
    {
        var prompt = _searched is null ? _prompt : $"(search \"{_searched}\") ";
        var (shown, at) = _line.In(width() - prompt.Length);
        var back = shown.Length - at;
        writer.Prompt($"{prompt}{shown}{(back > 0 ? $"\u001b[{back}D" : "")}");
    }
}
