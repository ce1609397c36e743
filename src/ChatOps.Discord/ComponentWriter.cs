using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>Writes rows of buttons and forms. The type of a component is Discord's number of it.</summary>
internal static class ComponentWriter
{
    private const int ActionRow = 1;
    private const int Button = 2;
    private const int TextInput = 4;
    private const int Label = 18;

    public static void Write(Utf8JsonWriter w, ButtonRow row)
    {
        w.WriteStartObject();
        w.WriteNumber("type", ActionRow);
        w.WriteStartArray("components");
        foreach (var button in row.Buttons)
        {
            w.WriteStartObject();
            w.WriteNumber("type", Button);
            w.WriteNumber("style", (int)button.Style);
            w.WriteString("label", button.Label);
            w.WriteString("custom_id", button.CustomId);
            w.WriteFlag("disabled", button.IsDisabled);
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter w, Form form)
    {
        w.WriteStartObject();
        w.WriteString("custom_id", form.CustomId);
        w.WriteString("title", form.Title);
        w.WriteStartArray("components");
        foreach (var field in form.Fields)
            Write(w, field);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter w, FormField field)
    {
        w.WriteStartObject();
        w.WriteNumber("type", Label);
        w.WriteString("label", field.Label);
        w.WriteStartObject("component");
        w.WriteNumber("type", TextInput);
        w.WriteString("custom_id", field.CustomId);
        w.WriteNumber("style", field.IsParagraph ? 2 : 1);
        w.WriteNumber("min_length", field.MinLength);
        w.WriteNumber("max_length", field.MaxLength);
        w.WriteBoolean("required", field.IsRequired);
        w.WriteText("placeholder", field.Placeholder);
        w.WriteEndObject();
        w.WriteEndObject();
    }
}
