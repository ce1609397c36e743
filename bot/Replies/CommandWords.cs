using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Replies;

/// <summary>A command's declaration as templates want it; help and the command reference are made of it.</summary>
/// <param name="Changes">What it changes, or empty.</param>
internal sealed record CommandWords(
    string Name,
    string Usage,
    string Summary,
    string Changes,
    string Who,
    int Approvals,
    string[] Examples,
    string[] Also
)
{
    public static CommandWords Of(CommandSpec spec) =>
        new(
            spec.Name,
            spec.Usage,
            spec.Summary,
            spec.Changes,
            spec.Access.Who.Name(),
            spec.Access.Approvals,
            [.. spec.Examples],
            [.. spec.Aliases.Where(a => a.Length > 2 && char.IsAsciiLetter(a[0]))]
        );
}
