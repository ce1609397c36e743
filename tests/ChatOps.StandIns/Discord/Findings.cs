using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>What is wrong with a body, as Discord tells it: error 50035 with a tree of fields.</summary>
internal sealed class Findings
{
    private readonly JsonObject _errors = [];

    public bool Any => _errors.Count > 0;

    public void Add(string path, string code, string message)
    {
        var at = _errors;
        foreach (var step in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (at[step] is not JsonObject next)
                at[step] = next = [];
            at = next;
        }

        if (at["_errors"] is not JsonArray list)
            at["_errors"] = list = [];
        list.Add(new JsonObject { ["code"] = code, ["message"] = message });
    }

    public Reply ToReply() =>
        new(
            400,
            new JsonObject
            {
                ["message"] = "Invalid Form Body",
                ["code"] = 50035,
                ["errors"] = _errors.DeepClone(),
            }
        );

    /// <summary>Unknown fields and missing ones.</summary>
    public void Fields(JsonObject of, string path, string[] required, params string[] optional)
    {
        foreach (var (name, _) in of)
        {
            if (!required.Contains(name) && !optional.Contains(name))
                Add($"{path}.{name}", "UNKNOWN_FIELD", "This field does not exist here");
        }

        foreach (var name in required.Where(r => of[r] is null))
            Add($"{path}.{name}", "BASE_TYPE_REQUIRED", "This field is required");
    }

    /// <summary>A text of a certain length; a missing one is fine.</summary>
    public void Text(JsonObject of, string path, string name, int min, int max)
    {
        if (of[name] is not { } node)
            return;
        if (node is not JsonValue value || !value.TryGetValue<string>(out var text))
            Add($"{path}.{name}", "STRING_TYPE_CONVERT", "Could not interpret value as string.");
        else if (text.Length < min || text.Length > max)
            Add($"{path}.{name}", "BASE_TYPE_BAD_LENGTH", $"Must be between {min} and {max} in length.");
    }

    /// <summary>A whole number in a range; a missing one is fine.</summary>
    public void Number(JsonObject of, string path, string name, long min, long max)
    {
        if (
            of[name] is { } node
            && (node is not JsonValue value || !value.TryGetValue<long>(out var number) || number < min || number > max)
        )
            Add($"{path}.{name}", "NUMBER_TYPE_COERCE", $"Value must be a whole number from {min} to {max}.");
    }

    public void Flag(JsonObject of, string path, string name)
    {
        if (of[name] is { } node && (node is not JsonValue value || !value.TryGetValue<bool>(out _)))
            Add($"{path}.{name}", "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
    }

    /// <summary>The objects of a list with their paths; what is none is a finding.</summary>
    public IEnumerable<(JsonObject Item, string Path)> List(JsonObject of, string path, string name, int max)
    {
        if (of[name] is not { } node)
            yield break;
        if (node is not JsonArray list)
        {
            Add($"{path}.{name}", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
            yield break;
        }

        if (list.Count > max)
            Add($"{path}.{name}", "BASE_TYPE_MAX_LENGTH", $"Must be {max} or fewer in length.");
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is JsonObject item)
                yield return (item, $"{path}.{name}.{i}");
            else
                Add($"{path}.{name}.{i}", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
        }
    }
}
