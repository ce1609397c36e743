using System.Collections.Immutable;
using ChatOps.Core.Policy;

namespace ChatOps.Core.Commands;

/// <summary>What a line came to.</summary>
public abstract record ParseResult
{
    private ParseResult() { }

    /// <summary>A command.</summary>
    public sealed record Understood(Command Command) : ParseResult;

    /// <summary>Not a command; the answer says what was expected.</summary>
    public sealed record NotUnderstood(Refusal Refusal) : ParseResult;

    /// <summary>Nothing to answer: an empty line or a comment.</summary>
    public sealed record Ignored : ParseResult;
}

/// <summary>Reads a line of chat by the catalogue. It never throws, whatever the line.</summary>
public static class Parser
{
    /// <summary>The longest line that is read, in characters.</summary>
    public const int MaxLine = 2000;

    /// <summary>Reads a line.</summary>
    public static ParseResult Parse(string line)
    {
        var clean = Tokens.Clean(line, MaxLine + 1);
        if (clean.Length == 0 || clean[0] == '#')
            return new ParseResult.Ignored();
        if (clean.Length > MaxLine)
            return No($"a line has {MaxLine} characters at most.", "help");
        if (Tokens.Split(clean) is not { } tokens)
            return No("a quote in this line does not end: the same quote mark stands at both ends of a text.", "help");
        var forms = Find(tokens);
        if (forms.IsEmpty)
            return Unknown(clean, tokens);
        return Read(forms, clean, tokens) switch
        {
            // What is offered is made of what was typed: who pastes an example decides about something else.
            ParseResult.NotUnderstood { Refusal: { Next.IsEmpty: true } refusal } => No(refusal.Sentence, new LineMender(forms, clean, tokens, IsLine).Mend() ?? $"help {forms[0].Name}"),
            var result => result,
        };
    }

    /// <summary>A line to offer, when it would be understood; else where its command is explained.</summary>
    internal static string Offered(string line, string name) => Parse(line) is ParseResult.Understood ? line : $"help {name}";

    /// <summary>Reads a change command, for <c>plan</c>; null when it is none.</summary>
    internal static object? ReadChange(string text) => (Parse(text) as ParseResult.Understood)?.Command as ChangeCommand;

    /// <summary>Why a line within <c>plan</c> is not understood; null when it is, and is no change.</summary>
    internal static Refusal? ExplainChange(string text) =>
        Parse(text) is ParseResult.NotUnderstood { Refusal: var no } ? no with { Next = [.. no.Next.Select(n => n.StartsWith("help", StringComparison.Ordinal) ? n : $"plan {n}")] } : null;

    /// <summary>Reads the name of a command, for <c>help</c>; null when it is none.</summary>
    internal static object? ReadTopic(string text) => Catalogue.All.FirstOrDefault(s => s.Name.Equals(text, StringComparison.OrdinalIgnoreCase));

    private static ParseResult Read(ImmutableArray<CommandSpec> forms, string line, ImmutableArray<Token> tokens)
    {
        var readings = forms.Select(f => new LineReader(f, line, tokens)).Select(r => (Result: r.Read(), r.Understood, r.WordsThere, r.HasHint)).ToList();
        return (readings.Find(r => r.Result is ParseResult.Understood) is { Result: { } understood }) ? understood : readings.MaxBy(r => (r.Understood, r.WordsThere, r.HasHint)).Result;
    }

    private static bool IsLine(string line) => Tokens.Split(line) is { } tokens && Find(tokens) is { IsEmpty: false } forms && Read(forms, line, tokens) is ParseResult.Understood;

    private static ParseResult.NotUnderstood No(string sentence, params ImmutableArray<string> next) => new(new Refusal(sentence, next));

    // The longest name wins, so that "vm add" is found before a command "vm" would be. A name may have several forms.
    private static ImmutableArray<CommandSpec> Find(ImmutableArray<Token> tokens) =>
        Catalogue.All.Where(s => BeginsWith(tokens, s.Words)).MaxBy(s => s.Words.Length) is { } longest
            ? [.. Catalogue.All.Where(s => s.Name == longest.Name)]
            : [];

    private static bool BeginsWith(ImmutableArray<Token> tokens, ImmutableArray<string> words) =>
        tokens.Length >= words.Length
        && words.Zip(tokens).All(p => !p.Second.Quoted && p.Second.Text.Equals(p.First, StringComparison.OrdinalIgnoreCase));

    private static ParseResult.NotUnderstood Unknown(string line, ImmutableArray<Token> tokens)
    {
        var siblings = Catalogue.All.Where(s => s.Words.Length > 1 && BeginsWith(tokens, [s.Words[0]])).ToList();
        foreach (var length in new[] { 2, 1 })
        {
            // Half a name is no other name.
            if (tokens.Length < length || (length == 1 && siblings.Count > 0))
                continue;
            var typed = string.Join(' ', tokens.Take(length).Select(t => t.Text)).ToLowerInvariant();
            if (DidYouMean.Closest(typed, Catalogue.All.Where(s => s.Words.Length == length).Select(s => s.Name)) is not { } meant)
                continue;
            var rest = tokens.Length > length ? line[tokens[length].Start..] : "";
            var corrected = $"{meant} {rest}".Trim();
            var next = Parse(corrected) is ParseResult.NotUnderstood { Refusal.Next: [var better, ..] } ? better : corrected;
            return No($"no command \"{typed}\". Did you mean: {(next == $"help {meant}" ? meant : next)}", next);
        }

        // "vm" and "peer" are half a name: say which whole ones there are.
        if (siblings.Count > 0)
        {
            var said = string.Join(' ', tokens.Take(2).Select(t => t.Text));
            return No($"no command \"{said}\".", [.. siblings.Select(s => $"help {s.Name}").Distinct()]);
        }

        return No($"no command \"{tokens[0].Text}\".", "help");
    }
}
