using System.Collections.Immutable;
using ChatOps.Core.Language.Commands;
using ChatOps.Discord;

namespace ChatOps.Bot.Discord.Commands;

/// <summary>The slash commands, made from the catalogue: <c>/expose</c>, <c>/vm add</c>, and <c>/gw</c> for a whole line.</summary>
internal static class SlashCommands
{
    /// <summary>The command that takes a line as the terminal does.</summary>
    public const string WholeLine = "gw";

    /// <summary>The option of <see cref="WholeLine"/>.</summary>
    public const string Line = "line";

    private const int LongestDescription = 100;
    private const int MostOptions = 25;

    /// <summary>
    /// All of them. Names of two words are a command and its subcommand, unless the first word is a command by itself or there are more:
    /// then they are one, <c>/audit-verify</c>.
    /// </summary>
    public static ImmutableArray<CommandDefinition> Of(ImmutableArray<CommandSpec> catalogue)
    {
        var named = catalogue.GroupBy(s => s.Name, StringComparer.Ordinal).ToList();
        var alone = named.Select(n => n.Key).Where(n => !n.Contains(' ', StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var single = named.Where(n => !IsPair(n.Key)).Select(n => new CommandDefinition(OneWord(n.Key), Summary(n), [.. OptionsOf(n)]));
        var pairs = named
            .Where(n => IsPair(n.Key))
            .GroupBy(n => n.Key.Split(' ')[0], StringComparer.Ordinal)
            .Select(g => new CommandDefinition(g.Key, Shorten(string.Join(" · ", g.Select(n => n.Key))), [.. g.Select(SubcommandOf)]));
        var line = new CommandOption(OptionKind.Text, Line, "the line, as in the terminal")
        {
            IsRequired = true,
            HasAutocomplete = true,
            MaxLength = Parser.MaxLine,
        };
        return [.. single, .. pairs, new CommandDefinition(WholeLine, "say a whole line, as in the terminal", line)];

        bool IsPair(string name) => name.Split(' ') is [var first, _] && !alone.Contains(first);
    }

    /// <summary>The line that a slash command says: of several forms of the command, the one that fits best.</summary>
    public static string LineOf(string name, ImmutableArray<OptionValue> given) =>
        name == WholeLine ? given.FirstOrDefault(g => g.Name == Line)?.Value ?? ""
        : FormsOf(name).MaxBy(f => f.Fit(given)) is { } form ? form.Line(given)
        : name;

    private static IEnumerable<SlashForm> FormsOf(string name) =>
        Catalogue.All.Where(s => s.Name == name || OneWord(s.Name) == name).Select(SlashForm.Of);

    private static string OneWord(string name) => name.Replace(' ', '-');

    // With as many of its other names as there is room for: Discord's search finds a command by its description too.
    private static string Summary(IGrouping<string, CommandSpec> forms)
    {
        var summary = Shorten(string.Join(" · ", forms.Select(f => f.Summary)));
        var names = forms.SelectMany(f => f.Aliases).Distinct().ToList();
        while (names.Count > 0 && summary.Length + With().Length > LongestDescription)
            names.RemoveAt(names.Count - 1);
        return summary + (names.Count == 0 ? "" : With());

        string With() => $" ({string.Join(", ", names)})";
    }

    private static CommandOption SubcommandOf(IGrouping<string, CommandSpec> forms) =>
        new(OptionKind.Subcommand, forms.Key.Split(' ')[1], Summary(forms)) { Options = [.. OptionsOf(forms)] };

    // The options of all forms: required is what every form requires, and that comes first.
    private static IEnumerable<CommandOption> OptionsOf(IGrouping<string, CommandSpec> specs)
    {
        var forms = specs.Select(SlashForm.Of).ToList();
        return forms
            .SelectMany(f => f.Options)
            .DistinctBy(o => o.Name)
            .Select(o => OptionOf(specs.Key, o with { IsRequired = forms.All(f => f.Options.Any(x => x.Name == o.Name && x.IsRequired)) }))
            .OrderByDescending(o => o.IsRequired)
            .Take(MostOptions);
    }

    private static CommandOption OptionOf(string command, SlashOption option)
    {
        if (option.Kind is not { } kind)
            return new(OptionKind.Flag, option.Name, $"say \"{option.Name}\"");
        var words = kind.Placeholder.Split('|');
        var choices = words.Length > 1 && words.All(w => w.All(char.IsAsciiLetterLower)) ? words : [];
        return new(OptionKind.Text, option.Name, DescriptionOf(option, kind))
        {
            IsRequired = option.IsRequired,
            HasAutocomplete = choices.Length == 0 && Suggestions.AreMadeFor(command, option.Name),
            Choices = [.. choices.Select(c => new Choice(c, c))],
        };
    }

    private static string DescriptionOf(SlashOption option, ArgumentKind kind) =>
        option.Name == SlashForm.Port && kind.Placeholder.StartsWith("VM", StringComparison.Ordinal) ? "the port on the VM"
        : option.Name == SlashForm.Vm && kind.Placeholder.Contains(':', StringComparison.Ordinal)
            ? "the VM; or several with their ports: vm2:7000,vm3:7000"
        : Shorten(kind.Expected);

    private static string Shorten(string text) => text.Length <= LongestDescription ? text : $"{text[..(LongestDescription - 3)]}...";
}
