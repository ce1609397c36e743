using System.Collections.Immutable;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>Reads the commands that Discord has, to compare them with ours. What it adds to them (ids, versions) is passed over.</summary>
internal static class CommandReader
{
    public static ImmutableArray<CommandDefinition> Read(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(c => new CommandDefinition(c.Text("name") ?? "", c.Text("description") ?? "", Options(c)))]
            : [];

    private static ImmutableArray<CommandOption> Options(JsonElement of) =>
        [
            .. of.List("options")
                .Select(o => new CommandOption((OptionKind)(o.Number("type") ?? 0), o.Text("name") ?? "", o.Text("description") ?? "")
                {
                    IsRequired = o.Flag("required"),
                    HasAutocomplete = o.Flag("autocomplete"),
                    Choices = [.. o.List("choices").Select(c => new Choice(c.Text("name") ?? "", c.Text("value") ?? ""))],
                    MinValue = (int?)o.Number("min_value"),
                    MaxValue = (int?)o.Number("max_value"),
                    MaxLength = (int?)o.Number("max_length"),
                    Options = Options(o),
                }),
        ];
}
