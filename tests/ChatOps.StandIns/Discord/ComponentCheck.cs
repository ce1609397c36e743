using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>Discord's rules for buttons, forms and choices.</summary>
internal static class ComponentCheck
{
    private const int ActionRow = 1;
    private const int Button = 2;
    private const int TextInput = 4;
    private const int Label = 18;
    private const int Link = 5;
    private const int MaxInRow = 5;

    public static void Row(Findings found, JsonObject row, string path, HashSet<string> ids)
    {
        if (!Is(row, ActionRow))
        {
            found.Add($"{path}.type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).");
            return;
        }

        found.Fields(row, path, ["type", "components"], "id");
        if (row["components"] is JsonArray { Count: 0 })
            found.Add($"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
        foreach (var (button, at) in found.List(row, path, "components", MaxInRow))
            CheckButton(found, button, at, ids);
    }

    public static void Form(Findings found, JsonObject form, string path)
    {
        found.Fields(form, path, ["custom_id", "title", "components"]);
        found.Text(form, path, "custom_id", 1, 100);
        found.Text(form, path, "title", 1, 45);
        if (form["components"] is JsonArray { Count: 0 })
            found.Add($"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
        var ids = new HashSet<string>();
        foreach (var (component, at) in found.List(form, path, "components", 5))
        {
            if (Is(component, Label))
            {
                found.Fields(component, at, ["type", "label", "component"], "id", "description");
                found.Text(component, at, "label", 1, 45);
                found.Text(component, at, "description", 0, 100);
                if (component["component"] is JsonObject input)
                    Input(found, input, $"{at}.component", ids, false);
            }
            else if (Is(component, ActionRow))
            {
                found.Fields(component, at, ["type", "components"], "id");
                foreach (var (input, below) in found.List(component, at, "components", 1))
                    Input(found, input, below, ids, true);
            }
            else
                found.Add($"{at}.type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1, 10, 18).");
        }
    }

    public static void Choices(Findings found, JsonObject of, string path)
    {
        if (of["choices"] is null)
            found.Add($"{path}.choices", "BASE_TYPE_REQUIRED", "This field is required");
        foreach (var (choice, at) in found.List(of, path, "choices", 25))
        {
            found.Fields(choice, at, ["name", "value"], "name_localizations");
            found.Text(choice, at, "name", 1, 100);
            if (choice["value"] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 100)
                found.Add($"{at}.value", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.");
        }
    }

    private static void CheckButton(Findings found, JsonObject button, string path, HashSet<string> ids)
    {
        if (!Is(button, Button))
        {
            found.Add($"{path}.type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (2, 3, 5, 6, 7, 8).");
            return;
        }

        var isLink = button["style"] is JsonValue style && style.TryGetValue<int>(out var number) && number == Link;
        found.Fields(button, path, isLink ? ["type", "style", "url"] : ["type", "style", "custom_id"], "id", "label", "emoji", "disabled");
        found.Number(button, path, "style", 1, 5);
        found.Text(button, path, "label", 1, 80);
        found.Flag(button, path, "disabled");
        if (button["label"] is null && button["emoji"] is null)
            found.Add($"{path}.label", "BUTTON_COMPONENT_LABEL_REQUIRED", "A label or an emoji is required");
        Id(found, button, path, ids);
    }

    private static void Input(Findings found, JsonObject input, string path, HashSet<string> ids, bool isInRow)
    {
        if (!Is(input, TextInput))
            found.Add($"{path}.type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (4,).");
        found.Fields(
            input,
            path,
            isInRow ? ["type", "custom_id", "style", "label"] : ["type", "custom_id", "style"],
            "id",
            "min_length",
            "max_length",
            "required",
            "value",
            "placeholder"
        );
        found.Number(input, path, "style", 1, 2);
        found.Number(input, path, "min_length", 0, 4000);
        found.Number(input, path, "max_length", 1, 4000);
        found.Text(input, path, "placeholder", 0, 100);
        found.Text(input, path, "label", 1, 45);
        found.Flag(input, path, "required");
        Id(found, input, path, ids);
    }

    private static void Id(Findings found, JsonObject of, string path, HashSet<string> ids)
    {
        found.Text(of, path, "custom_id", 1, 100);
        if (of["custom_id"] is { } id && !ids.Add(id.ToString()))
            found.Add($"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
    }

    private static bool Is(JsonObject component, int type) =>
        component["type"] is JsonValue value && value.TryGetValue<int>(out var number) && number == type;
}
