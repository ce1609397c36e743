using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Discord.Commands;

/// <summary>A part of a command line as a slash command gives it.</summary>
internal abstract record SlashPart
{
    private SlashPart() { }

    public sealed record Word(string Text) : SlashPart;

    /// <summary>A word that is there when its option is true.</summary>
    public sealed record Flag(string Name) : SlashPart;

    /// <param name="Keyword">The word in front of it in the line; null when there is none, or when it is a <see cref="Word"/> of its
    /// own.</param>
    /// <param name="IsRequired">True when the line is nothing without it.</param>
    public sealed record Value(string Name, string? Keyword, ArgumentKind Kind, bool IsRequired) : SlashPart;

    /// <summary>A VM and its port, which a line writes as one and a slash command takes as two.</summary>
    public sealed record Target(ArgumentKind Kind) : SlashPart;
}
