using System.Collections.Immutable;
using System.Text.Json;

namespace ChatOps.Bot.Configuration;

/// <summary>
/// A value of a configuration file with its place in it. What it should be and is not goes to the problems, and reads as null.
/// </summary>
/// <param name="place">Such as <c>rules[2].ports</c>; empty for the whole file.</param>
internal sealed class JsonValue(JsonElement json, string place, Problems problems)
{
    public string Place => place;

    /// <summary>True for a list.</summary>
    public bool IsList => json.ValueKind == JsonValueKind.Array;

    public string? Text() => json.ValueKind == JsonValueKind.String ? json.GetString() : Wrong<string>("a text");

    public string? TextOrNumber(string expected) =>
        json.ValueKind is JsonValueKind.String or JsonValueKind.Number ? json.ToString() : Wrong<string>(expected);

    public int? Number(int least, int most)
    {
        if (json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var number) && number >= least && number <= most)
            return number;
        Wrong<string>($"{least} to {most}");
        return null;
    }

    /// <summary>True or false.</summary>
    public bool? Flag()
    {
        if (json.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return json.GetBoolean();
        Wrong<string>("true or false");
        return null;
    }

    /// <summary>A list, each of its values read; those that cannot be are left out.</summary>
    public ImmutableArray<T>? List<T>(string expected, Func<JsonValue, T?> read)
        where T : class => Items(expected) is { } items ? [.. items.Select(read).OfType<T>()] : null;

    /// <inheritdoc cref="List{T}"/>
    public ImmutableArray<T>? Values<T>(string expected, Func<JsonValue, T?> read)
        where T : struct => Items(expected) is { } items ? [.. items.Select(read).OfType<T>()] : null;

    public JsonMembers? Object(string expected = "an object") =>
        json.ValueKind == JsonValueKind.Object ? new(json, place, problems) : Wrong<JsonMembers>(expected);

    public T? Wrong<T>(string expected)
        where T : class
    {
        problems.Add(place.Length == 0 ? "the file" : place, $"expected {expected}, found {Found}");
        return null;
    }

    private IEnumerable<JsonValue>? Items(string expected) =>
        json.ValueKind == JsonValueKind.Array
            ? json.EnumerateArray().Select((v, i) => new JsonValue(v, $"{place}[{i}]", problems))
            : Wrong<IEnumerable<JsonValue>>(expected);

    private string Found =>
        json.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => json.GetString() is { Length: > 0 } text ? $"\"{text}\"" : "nothing",
            _ => json.GetRawText(),
        };
}
