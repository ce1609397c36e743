using System.Collections.Immutable;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

/// <summary>Reads the words after a command's name by its declared parts.</summary>
internal sealed class LineReader(CommandSpec spec, string line, ImmutableArray<Token> tokens)
{
    private const int MostTimeWords = 6;

    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private int _next = spec.Words.Length;

    /// <summary>How many words were understood; of several forms of a command, the one that went furthest explains best.</summary>
    public int Understood { get; private set; }

    /// <summary>How many of the form's own words stand anywhere in the line.</summary>
    public int WordsThere => spec.Parts.OfType<Part.Word>().Count(w => tokens.Any(t => Is(t, w.Text)));

    /// <summary>True when it knows what was meant by the word that stopped it.</summary>
    public bool HasHint { get; private set; }

    public ParseResult Read()
    {
        var result = ReadAll();
        Understood = _next;
        return result;
    }

    private ParseResult ReadAll()
    {
        foreach (var part in spec.Parts)
        {
            var problem = part switch
            {
                Part.Word word => ReadWord(word),
                Part.Value value => ReadValue(value.Name, value.Kind),
                _ => null,
            };
            if (problem is not null)
                return problem;
        }

        while (_next < tokens.Length)
        {
            if (ReadOptional() is { } problem)
                return problem;
        }

        // A form that only lacks its own mark is another form's line.
        var missing = spec.Parts.OfType<Part.Clause>().FirstOrDefault(c => c.Required && !IsThere(c));
        if (missing is null)
            return new ParseResult.Understood(spec.Build(spec, new Arguments(_values)));
        _next = 0;
        return No($"{spec.Name}: expected {missing.Usage} at the end.");
    }

    private bool IsThere(Part.Clause clause) =>
        spec.Parts.OfType<Part.Clause>().Any(c => (c == clause || c.InsteadOf == clause.Keyword) && _values.ContainsKey(c.Keyword));

    private ParseResult.NotUnderstood? ReadWord(Part.Word word)
    {
        if (_next >= tokens.Length)
            return No($"{spec.Name}: expected \"{word.Text}\" after \"{tokens[_next - 1].Text}\".");
        if (!Is(tokens[_next], word.Text))
            return No($"{spec.Name}: expected \"{word.Text}\" instead of \"{tokens[_next].Text}\".");
        _next++;
        return null;
    }

    private ParseResult.NotUnderstood? ReadValue(string name, ArgumentKind kind)
    {
        if (_next >= tokens.Length)
            return No($"{spec.Name}: expected {kind.Placeholder} after \"{tokens[_next - 1].Text}\".");
        var token = tokens[_next];
        var rest = kind.TakesLine || (kind.TakesRest && !token.Quoted);
        var after = rest ? tokens.Length : _next + 1;
        while (kind.TakesWords && after < tokens.Length && !IsKeyword(tokens[after]))
            after++;
        if (kind.IsTime && TimeEnd(kind) is { } end)
            after = end;
        var text = rest ? line[token.Start..] : string.Join(' ', tokens[_next..after].Select(t => t.Text));
        if (kind.Read(text) is not { } value)
            return Wrong(text, kind);
        _next = after;
        _values[name] = value;
        return null;
    }

    private ParseResult.NotUnderstood? ReadOptional()
    {
        var token = tokens[_next];
        foreach (var part in spec.Parts)
        {
            switch (part)
            {
                case Part.Flag flag when Is(token, flag.Text):
                    _values[flag.Text] = true;
                    _next++;
                    return flag.Kind is { } kind && _next < tokens.Length && !IsKeyword(tokens[_next]) ? ReadValue(flag.Text, kind) : null;
                case Part.Clause clause when Is(token, clause.Keyword):
                    if (_values.ContainsKey(clause.Keyword))
                        return No($"{spec.Name}: \"{clause.Keyword}\" is there twice.");
                    if (
                        spec.Parts.OfType<Part.Clause>().FirstOrDefault(c => IsRival(c, clause) && _values.ContainsKey(c.Keyword)) is
                        { } rival
                    )
                        return No($"{spec.Name}: either \"{rival.Keyword}\" or \"{clause.Keyword}\", not both.");
                    _next++;
                    return ReadValue(clause.Keyword, clause.Kind);
            }
        }

        var open = spec.Parts.OfType<Part.Optional>().Where(o => !_values.ContainsKey(o.Name)).ToList();
        if (open.Count > 0)
        {
            var optional = open.FirstOrDefault(o => o.Kind.Read(token.Text) is not null) ?? open[0];
            return ReadValue(optional.Name, optional.Kind);
        }

        var words = spec.Parts.Select(p => p is Part.Flag f ? f.Text : (p as Part.Clause)?.Keyword).OfType<string>();
        var hint = DidYouMean.Closest(token.Text, words) is { } meant ? $" Did you mean \"{meant}\"?" : "";
        return No($"{spec.Name}: \"{token.Text}\" is not expected here.{hint}");
    }

    // A line inside a line (plan COMMAND) and a language of its own (audit CONDITIONS) have their own, better answer.
    private ParseResult.NotUnderstood Wrong(string text, ArgumentKind kind)
    {
        if (kind.Explain?.Invoke(text) is { } why)
            return new(why);
        var meant = kind.IsChoice ? DidYouMean.Closest(text.ToLowerInvariant(), kind.Placeholder.Split('|')) : null;
        HasHint = meant is not null;
        return No(
            $"{(text.Length > 60 ? text[..60] + "..." : text)} is not {kind.Expected}.{(meant is null ? "" : $" Did you mean {meant}?")}"
        );
    }

    // "tomorrow at 18:00 at gw1": the first "at" belongs to the time.
    private int? TimeEnd(ArgumentKind kind)
    {
        for (var end = Math.Min(tokens.Length, _next + MostTimeWords); end > _next; end--)
        {
            if (kind.Read(string.Join(' ', tokens[_next..end].Select(t => t.Text))) is not null)
                return end;
        }

        return null;
    }

    private bool IsKeyword(Token token) => spec.IsClause(token);

    private static bool IsRival(Part.Clause one, Part.Clause other) => one.InsteadOf == other.Keyword || other.InsteadOf == one.Keyword;

    private static bool Is(Token token, string word) => !token.Quoted && token.Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private ParseResult.NotUnderstood No(string sentence) => new(new($"{sentence} Usage: {spec.Usage}"));
}
