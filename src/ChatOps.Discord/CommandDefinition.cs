using System.Collections.Immutable;

namespace ChatOps.Discord;

/// <summary>A slash command as Discord shows it to people.</summary>
/// <param name="Name">1 to 32 characters: lower case letters, digits, <c>-</c>, <c>_</c>.</param>
/// <param name="Description">1 to 100 characters.</param>
/// <param name="Options">What can be given, required ones first; at most 25.</param>
public sealed record CommandDefinition(string Name, string Description, params ImmutableArray<CommandOption> Options);

/// <summary>The kinds of options that we use; Discord's numbers.</summary>
public enum OptionKind
{
    /// <summary>A command below the command; it has options of its own.</summary>
    Subcommand = 1,

    /// <summary>Free text, or one of the choices.</summary>
    Text = 3,

    /// <summary>A whole number.</summary>
    Number = 4,

    /// <summary>Yes or no.</summary>
    Flag = 5,
}

/// <summary>What can be given with a command.</summary>
/// <param name="Name">As of a command.</param>
/// <param name="Description">As of a command.</param>
public sealed record CommandOption(OptionKind Kind, string Name, string Description)
{
    /// <summary>True when the command cannot be sent without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>True when the bot suggests what to type. Then there are no <see cref="Choices"/>.</summary>
    public bool HasAutocomplete { get; init; }

    /// <summary>The only values that it can have, at most 25; none for any value.</summary>
    public ImmutableArray<Choice> Choices { get; init; } = [];

    /// <summary>The smallest number; null for any.</summary>
    public int? MinValue { get; init; }

    /// <summary>The largest number; null for any.</summary>
    public int? MaxValue { get; init; }

    /// <summary>Characters at most, up to 6000; null for any.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The options of a subcommand.</summary>
    public ImmutableArray<CommandOption> Options { get; init; } = [];
}
