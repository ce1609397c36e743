using System.Collections.Immutable;
using ChatOps.Core.Language.Commands;
using ChatOps.Discord;

namespace ChatOps.Bot.Discord.Commands;

/// <summary>
/// A declaration of the catalogue as a slash command: which options it has, and how they become a line. The line is then read as any line
/// is, so parsing, policy and refusals are the same as in the terminal.
/// </summary>
/// <param name="Parts">Its parts, in the order of the line.</param>
internal sealed record SlashForm(CommandSpec Spec, ImmutableArray<SlashPart> Parts)
{
    /// <summary>The option for a VM, where its port has one of its own.</summary>
    public const string Vm = "vm";

    public const string Port = "port";

    /// <summary>The form of a declaration. A value after a word goes by that word: <c>on</c> in <c>expose VM:PORT on PORT</c>.</summary>
    public static SlashForm Of(CommandSpec spec)
    {
        var parts = ImmutableArray.CreateBuilder<SlashPart>();
        foreach (var part in spec.Parts)
        {
            if (part is Part.Value { Kind.Fields: { IsEmpty: false } fields })
            {
                parts.AddRange(fields.Select(f => new SlashPart.Value(f.Name, null, f.Kind, true)));
                continue;
            }

            parts.Add(
                part switch
                {
                    Part.Word word => new SlashPart.Word(word.Text),
                    Part.Flag { Kind: { } kind } flag => new SlashPart.Value(flag.Text, flag.Text, kind, false),
                    Part.Flag flag => new SlashPart.Flag(flag.Text),
                    Part.Value { Kind.Placeholder: ['V', 'M', ':' or '[', ..] } target => new SlashPart.Target(target.Kind),
                    Part.Value value => new SlashPart.Value(
                        parts is [.., SlashPart.Word before] ? before.Text : value.Name,
                        null,
                        value.Kind,
                        true
                    ),
                    Part.Optional optional => new SlashPart.Value(optional.Name, null, optional.Kind, false),
                    Part.Clause clause => new SlashPart.Value(
                        clause.Keyword,
                        clause.Keyword,
                        clause.Kind,
                        clause.Required && spec.Parts.OfType<Part.Clause>().All(c => c.InsteadOf != clause.Keyword)
                    ),
                    _ => throw new InvalidOperationException($"no option for {part.GetType().Name}"),
                }
            );
        }

        return new(spec, parts.ToImmutable());
    }

    /// <summary>The options, in the order of the line.</summary>
    public IEnumerable<SlashOption> Options =>
        Parts.SelectMany(p =>
            p switch
            {
                SlashPart.Flag flag => [new SlashOption(flag.Name, null, false)],
                SlashPart.Value value => [new SlashOption(value.Name, value.Kind, value.IsRequired)],
                SlashPart.Target target => [new SlashOption(Vm, target.Kind, true), new SlashOption(Port, target.Kind, false)],
                _ => (IEnumerable<SlashOption>)[],
            }
        );

    /// <summary>How well what was given fits: all of it and nothing missing is best.</summary>
    public int Fit(ImmutableArray<OptionValue> given)
    {
        var known = Options.ToList();
        var strange = given.Count(g => known.All(o => o.Name != g.Name));
        var missing = known.Count(o => o.IsRequired && given.All(g => g.Name != o.Name));
        return -(100 * strange) - missing;
    }

    /// <summary>
    /// The line. What was given and has no place in it stands at its end, where the parser refuses it: nothing that a person asked for is
    /// dropped.
    /// </summary>
    public string Line(ImmutableArray<OptionValue> given)
    {
        var words = new List<string> { Spec.Name };
        foreach (var part in Parts)
            words.AddRange(WordsOf(part, given));
        var known = Options.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var strange in given.Where(g => !known.Contains(g.Name)))
            words.AddRange([strange.Name, Quoted(strange.Value)]);
        return string.Join(' ', words);
    }

    private IEnumerable<string> WordsOf(SlashPart part, ImmutableArray<OptionValue> given) =>
        part switch
        {
            SlashPart.Word word => [word.Text],
            SlashPart.Flag flag => ValueOf(flag.Name, given) == "true" ? [flag.Name] : [],
            SlashPart.Value { Kind.TakesLine: true } rest => ValueOf(rest.Name, given) is { } line ? [line] : [],
            SlashPart.Value value when ValueOf(value.Name, given) is { } text => value.Keyword is { } keyword
                ? [keyword, Quoted(text)]
                : [Quoted(text)],
            SlashPart.Target when ValueOf(Vm, given) is { } vm => [Quoted(ValueOf(Port, given) is { } port ? $"{vm}:{port}" : vm)],
            _ => [],
        };

    private static string? ValueOf(string name, ImmutableArray<OptionValue> given) =>
        given.FirstOrDefault(g => g.Name == name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    // A value is one word of the line, whatever is in it.
    private string Quoted(string text) => IsPlain(text) ? text : Quote.Around(text);

    private bool IsPlain(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || c is '.' or ':' or '/' or ',' or '-' or '_' or '+' or '=' or '#' or '[' or ']')
        && !Spec.Parts.Any(p => text.Equals(p is Part.Clause c ? c.Keyword : (p as Part.Flag)?.Text, StringComparison.OrdinalIgnoreCase));
}

/// <param name="Kind">What its value is; null for yes or no.</param>
/// <param name="IsRequired">True when the command is nothing without it.</param>
internal sealed record SlashOption(string Name, ArgumentKind? Kind, bool IsRequired);
