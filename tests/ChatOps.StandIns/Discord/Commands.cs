using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>The data of interactions, as Discord's client makes them.</summary>
internal static class Commands
{
    public static JsonObject Data(World world, string command, (string Name, object Value)[] options, string? focused)
    {
        var names = command.Split(' ');
        var given = new JsonArray([.. options.Select(o => (JsonNode)Option(o.Name, o.Value, o.Name == focused))]);
        for (var i = names.Length - 1; i > 0; i--)
            given =
            [
                new JsonObject
                {
                    ["name"] = names[i],
                    ["type"] = i == names.Length - 1 ? 1 : 2,
                    ["options"] = given,
                },
            ];
        lock (world.Lock)
        {
            var registered = world.Commands.FirstOrDefault(c => c!["name"]!.ToString() == names[0]);
            return new JsonObject
            {
                ["id"] = registered?["id"]?.ToString() ?? world.NewId(),
                ["name"] = names[0],
                ["type"] = 1,
                ["guild_id"] = world.Guild,
                ["options"] = given,
            };
        }
    }

    /// <summary>A form that is sent off: the form's own fields, with what was typed.</summary>
    public static JsonObject Submitted(JsonObject form, (string Field, string Value)[] values)
    {
        var fields = form["components"]!.AsArray().Select(c => (Outer: c!, Input: c!["component"] ?? c["components"]![0]!));
        return new JsonObject
        {
            ["custom_id"] = form["custom_id"]!.ToString(),
            ["components"] = new JsonArray([.. fields.Select(f => (JsonNode)Filled(f.Outer, f.Input, values))]),
        };
    }

    private static JsonObject Filled(JsonNode outer, JsonNode input, (string Field, string Value)[] values)
    {
        var id = input["custom_id"]!.ToString();
        var value = values.FirstOrDefault(v => v.Field == id).Value ?? "";
        if (value.Length == 0 && input["required"]?.GetValue<bool>() != false)
            throw new InvalidOperationException($"the field {id} has to be filled in");
        if (value.Length > ((int?)input["max_length"] ?? 4000) || value.Length < ((int?)input["min_length"] ?? 0))
            throw new InvalidOperationException($"{value.Length} characters do not fit the field {id}");
        var typed = new JsonObject
        {
            ["type"] = 4,
            ["id"] = 2,
            ["custom_id"] = id,
            ["value"] = value,
        };
        return outer["component"] is null
            ? new JsonObject
            {
                ["type"] = 1,
                ["id"] = 1,
                ["components"] = new JsonArray(typed),
            }
            : new JsonObject
            {
                ["type"] = 18,
                ["id"] = 1,
                ["component"] = typed,
            };
    }

    private static JsonObject Option(string name, object value, bool isFocused)
    {
        var option = new JsonObject
        {
            ["name"] = name,
            ["type"] = value switch
            {
                string => 3,
                bool => 5,
                _ => 4,
            },
            ["value"] = value switch
            {
                string text => text,
                bool flag => flag,
                int number => number,
                long number => number,
                _ => throw new ArgumentException($"no option is a {value.GetType().Name}"),
            },
        };
        if (isFocused)
            option["focused"] = true;
        return option;
    }
}
