using System.Text;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Specs.Docs;

/// <summary>Writes <c>docs/commands.md</c> from the catalogue; a test keeps the file true.</summary>
internal static class CommandReference
{
    public static string Write(IEnumerable<CommandSpec> specs)
    {
        var text = new StringBuilder(
            "# Commands\n\nMade from the catalogue (`src/ChatOps.Core/Language/Commands/Catalogue.cs`) by the tests; do not edit.\n"
        );
        foreach (var spec in specs)
        {
            text.Append($"\n## {spec.Name}\n\n```\n{spec.Usage}\n```\n\n{char.ToUpperInvariant(spec.Summary[0])}{spec.Summary[1..]}.");
            if (spec.Changes.Length > 0)
                text.Append($" Effect: {spec.Changes}.");
            text.Append($"\nWho: {spec.Access.Who.Name()}");
            if (spec.Access.Approvals > 0)
                text.Append($", with {spec.Access.Approvals} approval{(spec.Access.Approvals == 1 ? "" : "s")} by an approver");
            text.Append(".\n\n");
            foreach (var example in spec.Examples)
                text.Append($"- `{example}`\n");
            if (spec.Aliases.Length > 0)
                text.Append($"\nAlso: {string.Join(", ", spec.Aliases.Select(a => $"`{a}`"))}.\n");
        }

        return text.ToString();
    }
}
