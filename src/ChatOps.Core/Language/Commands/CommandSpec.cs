using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

/// <summary>The declaration of a command. Parser, help, did-you-mean, policy, the reference and slash commands all read it.</summary>
/// <param name="Name">The words that it begins with: <c>vm add</c>. Two declarations of one name are two forms of a command.</param>
/// <param name="Summary">What it is for, in half a sentence.</param>
/// <param name="Changes">What it changes, in half a sentence; empty for nothing.</param>
/// <param name="Access">Who may, by default.</param>
/// <param name="Parts">What follows the name, required parts first.</param>
/// <param name="Build">Makes the command of what was read.</param>
public sealed record CommandSpec(
    string Name,
    string Summary,
    string Changes,
    Access Access,
    ImmutableArray<Part> Parts,
    ImmutableArray<string> Examples,
    Func<CommandSpec, Arguments, Command> Build
)
{
    /// <summary>The usage line: <c>expose VM:PORT[,...] on PORT [udp] [because "WHY"]</c>.</summary>
    public string Usage => string.Join(' ', [Name, .. Parts.Select(p => p.Usage)]);

    /// <summary>
    /// Other names that people type for it: <c>open</c> for <c>expose</c>. They mean the same in the same place, and its name is what is
    /// answered.
    /// </summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>Other orders of words that mean it, or leave so little open that lines of it are offered.</summary>
    public ImmutableArray<Phrase> Phrases { get; init; } = [];

    /// <summary>Its name and its other names.</summary>
    public ImmutableArray<string> Names => [Name, .. Aliases];

    /// <summary>True for a word that begins a clause of it, or is one of its flags.</summary>
    internal bool IsClause(Token word) =>
        !word.Quoted
        && Parts.Any(p =>
            word.Text.Equals(p is Part.Clause clause ? clause.Keyword : (p as Part.Flag)?.Text, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>True when it proposes a change, which somebody may have to approve.</summary>
    public bool Proposes => Parser.Parse(Examples[0]) is ParseResult.Understood { Command: ChangeCommand };

    /// <summary>The names' words.</summary>
    public ImmutableArray<string> Words => [.. Name.Split(' ')];
}

/// <summary>A part of a command line after its name.</summary>
public abstract record Part
{
    private Part() { }

    /// <summary>How it stands in a usage line.</summary>
    public abstract string Usage { get; }

    /// <summary>A word that must be there.</summary>
    public sealed record Word(string Text) : Part
    {
        /// <inheritdoc/>
        public override string Usage => Text;
    }

    /// <summary>A value that must be there.</summary>
    public sealed record Value(string Name, ArgumentKind Kind) : Part
    {
        /// <inheritdoc/>
        public override string Usage => Kind.Placeholder;
    }

    /// <summary>A value that may be there, before the clauses.</summary>
    public sealed record Optional(string Name, ArgumentKind Kind) : Part
    {
        /// <inheritdoc/>
        public override string Usage => $"[{Kind.Placeholder}]";
    }

    /// <summary>A word that may be there.</summary>
    /// <param name="Kind">What may stand behind it; null for nothing.</param>
    public sealed record Flag(string Text, ArgumentKind? Kind = null) : Part
    {
        /// <inheritdoc/>
        public override string Usage => Kind is null ? $"[{Text}]" : $"[{Text} [{Kind.Placeholder}]]";
    }

    /// <summary>A word with a value, which may be there; clauses come in any order.</summary>
    /// <param name="Required">True when it, or the one that it stands for, must be there.</param>
    /// <param name="InsteadOf">The keyword of the clause that it stands for; never both.</param>
    public sealed record Clause(string Keyword, ArgumentKind Kind, bool Required = false, string? InsteadOf = null) : Part
    {
        /// <inheritdoc/>
        public override string Usage => Required ? $"{Keyword} {Kind.Placeholder}" : $"[{Keyword} {Kind.Placeholder}]";
    }
}

/// <summary>A kind of argument.</summary>
/// <param name="Placeholder">How it stands in a usage line: <c>PORT</c>.</param>
/// <param name="Expected">What is expected, for a sentence.</param>
/// <param name="Read">Reads it; null when it is not one.</param>
/// <param name="TakesRest">True when an unquoted value goes on to the end of the line.</param>
/// <param name="TakesWords">True when an unquoted value goes on to the next clause.</param>
/// <param name="TakesLine">True when a value is the line to its end, quotes and all.</param>
/// <param name="Explain">Says what is wrong with one that cannot be read, where a language of its own knows better; null for none.</param>
public sealed record ArgumentKind(
    string Placeholder,
    string Expected,
    Func<string, object?> Read,
    bool TakesRest = false,
    bool TakesWords = false,
    bool TakesLine = false,
    Func<string, Refusal?>? Explain = null
)
{
    /// <summary>
    /// The values that it consists of, one after the other, where a form has a field for each; empty for a value that is one.
    /// </summary>
    public ImmutableArray<(string Name, ArgumentKind Kind)> Fields { get; init; } = [];

    /// <summary>True for a time, whose words may be those of clauses too.</summary>
    internal bool IsTime => TakesWords && Placeholder == "TIME";

    /// <summary>True when it is one of a few words: <c>opened|closed</c>.</summary>
    public bool IsChoice => Placeholder.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '|');
}

/// <summary>What was read of a line, by name.</summary>
public sealed class Arguments(IReadOnlyDictionary<string, object> values)
{
    /// <summary>A value that is there.</summary>
    public T Get<T>(string name) => (T)values[name];

    /// <summary>A value that may be there.</summary>
    public T? Find<T>(string name)
        where T : class => values.TryGetValue(name, out var value) ? (T)value : null;

    /// <summary>A value that may be there.</summary>
    public T? FindValue<T>(string name)
        where T : struct => values.TryGetValue(name, out var value) ? (T)value : null;

    /// <summary>True when the flag or value is there.</summary>
    public bool Has(string name) => values.ContainsKey(name);
}
