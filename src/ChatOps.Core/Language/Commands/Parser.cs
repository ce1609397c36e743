using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

/// <summary>What a line came to.</summary>
public abstract record ParseResult
{
    private ParseResult() { }

    /// <summary>The line was a command.</summary>
    /// <param name="Meant">The line that means it, when what was typed is another: to be said with the answer. Null when it was typed as it
    /// is.</param>
    public sealed record Understood(Command Command, string? Meant = null) : ParseResult;

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
        if (clean.Length == 0 || (clean[0] == '#' && !ChangeRef.TryParse(clean, out _)))
            return new ParseResult.Ignored();
        if (clean.Length > MaxLine)
            return No($"a line has {MaxLine} characters at most.", "help");
        if (Tokens.Split(clean) is not { } tokens)
            return No("a quote in this line does not end: the same quote mark stands at both ends of a text.", "help");

        // "list rules" is another name for rules, and not a question about a VM of that name.
        if (Phrasebook.Renamed(clean) is { } renamed && Exactly(renamed) is { } other)
            return other with { Meant = renamed };
        return Exact(clean, tokens) as ParseResult.Understood ?? Meant(clean) ?? Explained(clean, tokens);
    }

    // As it stands; null when it begins with no command.
    private static ParseResult? Exact(string line, ImmutableArray<Token> tokens) =>
        Find(tokens) is { IsEmpty: false } forms ? Read(forms, line, tokens) : null;

    // As people say it. A line is done in another form only when it says everything and means one thing.
    private static ParseResult? Meant(string line)
    {
        var readings = new Phrasebook(Exactly).Read(line);
        var understood = readings.Meant is { } meant && Exactly(meant) is { } read ? read with { Meant = meant } : null;
        return (ParseResult?)understood
            ?? (readings.Offered.IsEmpty ? null : No($"\"{Short(line)}\" leaves something open.", readings.Offered));
    }

    private static ParseResult.NotUnderstood Explained(string line, ImmutableArray<Token> tokens)
    {
        // What a line under another name lacks is explained under the command's own.
        var named = Phrasebook.Named(line);
        var (clean, words) = named is not null && Tokens.Split(named) is { } renamed ? (named, renamed) : (line, tokens);
        var forms = Find(words);
        if (forms.IsEmpty)
            return Unknown(clean, words);
        var refusal = ((ParseResult.NotUnderstood)Read(forms, clean, words)).Refusal;

        // What is offered is made of what was typed: who pastes an example decides about something else.
        return refusal.Next.IsEmpty
            ? No(refusal.Sentence, new LineMender(forms, clean, words, IsLine).Mend() ?? $"help {forms[0].Name}")
            : new(refusal);
    }

    /// <summary>
    /// A line that is offered with "..." where its reason is to come, as if there were one; as it stands it is not understood, so that
    /// nobody says it by mistake.
    /// </summary>
    public static string WithAReason(string line) => line.Replace("\"...\"", "\"reason\"", StringComparison.Ordinal);

    /// <summary>A line that says on which gateway, where it leaves that open; else the line as it is.</summary>
    public static string On(string line, Name<Gateway> gateway) =>
        Exactly(line)?.Command switch
        {
            ChangeOfChange { Change: { Gateway: null } change } => OfChange(line, change, gateway),
            ChangeDecision { Change: { Gateway: null } change } => OfChange(line, change, gateway),
            ShowChange { Change: { Gateway: null } change } => OfChange(line, change, gateway),
            ProveChange { Change: { Gateway: null } change } => OfChange(line, change, gateway),
            ShowPlan { Of: ChangeOfChange { Change: { Gateway: null } change } } => OfChange(line, change, gateway),
            ShowPlan { Of: ChangeOfChange } => line,
            ShowPlan { Of.At: null } => Wording.With(line, $"at {gateway}"),
            GatewayCommand { At: null, Spec: var spec } when spec.Parts.Contains(CommonParts.At) => Wording.With(line, $"at {gateway}"),
            _ => line,
        };

    private static string OfChange(string line, ChangeRef change, Name<Gateway> gateway)
    {
        var token = Tokens.Split(line)!.Value.First(t => ChangeRef.TryParse(t.Text, out var read) && read == change);
        return $"{line[..token.Start]}{change with { Gateway = gateway }}{line[(token.Start + token.Text.Length)..]}";
    }

    /// <summary>A line to offer, when it would be understood; else where its command is explained.</summary>
    internal static string Offered(string line, string name) => Parse(line) is ParseResult.Understood ? line : $"help {name}";

    /// <summary>Reads a change command, for <c>plan</c>; null when it is none.</summary>
    internal static object? ReadChange(string text) => (Parse(text) as ParseResult.Understood)?.Command as ChangeCommand;

    /// <summary>Why a line within <c>plan</c> is not understood; null when it is, and is no change.</summary>
    internal static Refusal? ExplainChange(string text) =>
        Parse(text) is ParseResult.NotUnderstood { Refusal: var no }
            ? no with
            {
                Next = [.. no.Next.Select(n => n.StartsWith("help", StringComparison.Ordinal) ? n : $"plan {n}")],
            }
            : null;

    /// <summary>Reads the name of a command, for <c>help</c>; null when it is none.</summary>
    internal static object? ReadTopic(string text) =>
        (
            Catalogue.All.FirstOrDefault(s => s.Name.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? Catalogue.All.FirstOrDefault(s => s.Aliases.Contains(text, StringComparer.OrdinalIgnoreCase))
        )
            is { } spec
            ? new HelpTopic(spec.Name, [.. Catalogue.All.Where(s => s.Name == spec.Name)])
        : Catalogue.All.Where(s => s.Words.Length > 1 && s.Words[0].Equals(text, StringComparison.OrdinalIgnoreCase)).ToImmutableArray()
            is { IsEmpty: false } family
            ? new HelpTopic(text.ToLowerInvariant(), family)
        : null;

    private static ParseResult Read(ImmutableArray<CommandSpec> forms, string line, ImmutableArray<Token> tokens)
    {
        var readings = forms
            .Select(f => new LineReader(f, line, tokens))
            .Select(r => (Result: r.Read(), r.Understood, r.WordsThere, r.HasHint))
            .ToList();
        return (readings.Find(r => r.Result is ParseResult.Understood) is { Result: { } understood })
            ? understood
            : readings.MaxBy(r => (r.Understood, r.WordsThere, r.HasHint)).Result;
    }

    private static ParseResult.Understood? Exactly(string line) =>
        Tokens.Split(line) is { } tokens ? Exact(line, tokens) as ParseResult.Understood : null;

    private static bool IsLine(string line) => Exactly(line) is not null;

    private static string Short(string text) => text.Length > 60 ? text[..60] + "..." : text;

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
        var guesses = Enumerable
            .Range(1, 2)
            .Where(length => tokens.Length >= length)
            // Half a name is no other name.
            .Where(length => length == 2 || siblings.Count == 0)
            .Select(length => Guess(line, tokens, length))
            .OfType<(string Typed, string Meant, string Next)>()
            .ToList();
        if (guesses.Count > 0)
        {
            var (typed, meant, next) = guesses.Find(g => g.Next != $"help {g.Meant}") is { Next: not null } whole ? whole : guesses[^1];
            return No($"no command \"{typed}\". Did you mean: {(next == $"help {meant}" ? meant : next)}", next);
        }

        // "vm" and "peer" are half a name: say which whole ones there are.
        if (siblings.Count > 0)
        {
            var said = string.Join(' ', tokens.Take(2).Select(t => t.Text));
            return No($"no command \"{said}\".", $"help {siblings[0].Words[0]}");
        }

        return No($"no command \"{tokens[0].Text}\".", "help");
    }

    // What was probably meant by the first words, and the line with them.
    private static (string Typed, string Meant, string Next)? Guess(string line, ImmutableArray<Token> tokens, int length)
    {
        var typed = string.Join(' ', tokens.Take(length).Select(t => t.Text)).ToLowerInvariant();
        var named = Catalogue
            .All.SelectMany(s => s.Names.Select(n => (Name: n, Of: s.Name)))
            .Where(n => n.Name.Split(' ').Length == length)
            .ToList();

        // What has digits is somebody's name or number.
        if (typed.Any(char.IsAsciiDigit) || DidYouMean.Closest(typed, named.Select(n => n.Name)) is not { } closest)
            return null;
        // Half of it may be right as it is; a user is no peer for that.
        if (typed.Split(' ').Zip(closest.Split(' ')).Any(w => DidYouMean.Closest(w.First, [w.Second]) is null))
            return null;
        var meant = named.First(n => n.Name == closest).Of;
        var corrected = $"{closest} {(tokens.Length > length ? line[tokens[length].Start..] : "")}".Trim();
        return Parse(corrected) switch
        {
            ParseResult.NotUnderstood { Refusal.Next: [var better, ..] } => (typed, meant, better),
            ParseResult.Understood { Meant: { } other } => (typed, meant, other),
            _ => (typed, meant, corrected),
        };
    }
}
