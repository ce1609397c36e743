using System.Collections.Immutable;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Discord.Commands;

/// <summary>What could be typed next, as the log says now.</summary>
internal sealed class Suggestions(IReadOnlyList<GatewayState> states)
{
    private const int MaxCount = 25;
    private const int Longest = 100;
    private const int Recent = 10;

    private static readonly string[] Lengths = ["30m", "1h", "2h", "8h", "1d", "7d"];

    /// <summary>True for the options that there is something to suggest for. A new thing has no name yet.</summary>
    public static bool AreMadeFor(string command, string option) =>
        option is "change" or "endpoints" or "subject" or "rule" or "topic" or "command" or "at" or "mirrors" or "for"
        || (option is "vm" or "peer" && !command.EndsWith(" add", StringComparison.Ordinal))
        || (option is "port" && command != "expose");

    public ImmutableArray<string> For(string command, string option, string typed) =>
        (command, option) switch
        {
            (SlashCommands.WholeLine, _) => Lines(typed.TrimStart()),
            ("plan", "command") => Lines(typed.TrimStart()),
            _ => AreMadeFor(command, option) ? Matching(Candidates(command, option), typed) : [],
        };

    private static ImmutableArray<string> Matching(IEnumerable<string> candidates, string typed) =>
        [
            .. candidates
                .Where(c => c.Length <= Longest && c.Contains(typed.Trim(), StringComparison.OrdinalIgnoreCase))
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(c => c.StartsWith(typed.Trim(), StringComparison.OrdinalIgnoreCase))
                .Take(MaxCount),
        ];

    private IEnumerable<string> Candidates(string command, string option) =>
        option switch
        {
            "vm" => Vms,
            "peer" => states.SelectMany(s => s.Desired.Peers.Keys).Select(p => p.ToString()),
            "change" => ChangesFor(command),
            "endpoints" or "port" => Endpoints,
            "subject" => Vms.Concat(Endpoints),
            "rule" => states.SelectMany(s => s.Desired.Rules.Keys),
            "topic" => Catalogue.All.Select(s => s.Name),
            "at" or "mirrors" => states.Where(s => s.Running.Gateway is not null).Select(s => s.Name.ToString()),
            "for" => Lengths,
            _ => [],
        };

    private IEnumerable<string> Vms => states.SelectMany(s => s.Desired.Vms.Keys).Select(v => v.ToString());

    private IEnumerable<string> Endpoints => states.SelectMany(s => s.Desired.Exposures.Keys).Select(e => e.ToString());

    // What can be decided waits for it; what can be undone or extended has been applied. Newest first.
    private IEnumerable<string> ChangesFor(string command) =>
        states.SelectMany(s =>
            (
                command is "approve" or "deny" or "withdraw"
                    ? s.Proposed.Reverse()
                    : s.Changes.NewestFirst().Where(c => IsFor(command, c.Status))
            )
                .Take(command == "show" ? Recent : MaxCount)
                .Select(c => Replies.ChangeCard.KeyOf(s.Name, c.Number))
        );

    private static bool IsFor(string command, ChangeStatus status) =>
        command switch
        {
            "undo" or "extend" => status is ChangeStatus.Applied,
            _ => true,
        };

    // The name of a command, or a line that goes on: its last word is what is being typed.
    private ImmutableArray<string> Lines(string typed)
    {
        if (
            Catalogue.All.Where(s => typed.StartsWith($"{s.Name} ", StringComparison.OrdinalIgnoreCase)).MaxBy(s => s.Name.Length)
            is not { } spec
        )
            return Matching(
                Catalogue.All.Select(s => s.Name).Concat(Catalogue.All.SelectMany(s => s.Examples).Where(_ => typed.Length > 0)),
                typed
            );
        var end = typed.LastIndexOf(' ') + 1;
        var (before, last) = (typed[..end], typed[end..]);
        var option = OptionAt(spec, before);
        var candidates = AreMadeFor(spec.Name, option) ? Candidates(spec.Name, option) : [];
        return [.. Matching(candidates, last).Select(c => before + c).Where(l => l.Length <= Longest)];
    }

    // Which option the word after these is for: a clause's when its keyword stands just before it, else that of the value in this place.
    private static string OptionAt(CommandSpec spec, string before)
    {
        var words = before.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (spec.Parts.OfType<Part.Clause>().Any(c => c.Keyword == words[^1]))
            return words[^1];
        var place = words.Length - spec.Words.Length;
        var options = SlashForm.Of(spec).Parts;
        return place < options.Length
            ? options[place] switch
            {
                SlashPart.Value { Keyword: null, Name: var name, Kind.Placeholder: var placeholder } => placeholder == "VM" ? "vm" : name,
                SlashPart.Target => SlashForm.Vm,
                _ => "",
            }
            : "";
    }
}
