using System.Collections.Immutable;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>Writes the list of commands in one form, so that two lists are the same when their bytes are.</summary>
internal static class CommandWriter
{
    public static byte[] Write(IEnumerable<CommandDefinition> commands) =>
        Json.Bytes(w =>
        {
            w.WriteStartArray();
            foreach (var command in commands.OrderBy(c => c.Name, StringComparer.Ordinal))
            {
                w.WriteStartObject();
                w.WriteString("name", command.Name);
                w.WriteNumber("type", 1);
                w.WriteString("description", command.Description);
                WriteOptions(w, command.Options);
                w.WriteEndObject();
            }

            w.WriteEndArray();
        });

    /// <summary>Writes the field <c>choices</c>.</summary>
    public static void WriteChoices(Utf8JsonWriter w, ImmutableArray<Choice> choices)
    {
        w.WriteStartArray("choices");
        foreach (var choice in choices)
        {
            w.WriteStartObject();
            w.WriteString("name", choice.Name);
            w.WriteString("value", choice.Value);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }

    private static void WriteOptions(Utf8JsonWriter w, ImmutableArray<CommandOption> options)
    {
        if (options.IsEmpty)
            return;
        w.WriteStartArray("options");
        foreach (var option in options)
        {
            w.WriteStartObject();
            w.WriteNumber("type", (int)option.Kind);
            w.WriteString("name", option.Name);
            w.WriteString("description", option.Description);
            w.WriteFlag("required", option.IsRequired);
            w.WriteFlag("autocomplete", option.HasAutocomplete);
            w.WriteNumber("min_value", option.MinValue);
            w.WriteNumber("max_value", option.MaxValue);
            w.WriteNumber("max_length", option.MaxLength);
            if (!option.Choices.IsEmpty)
                WriteChoices(w, option.Choices);
            WriteOptions(w, option.Options);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }
}
