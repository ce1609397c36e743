using System.Text.Json;

namespace ChatOps.Functions.Hosting;

/// <summary>A call of a function by its host: <c>{"Data":{...},"Metadata":{...}}</c>.</summary>
/// <param name="Data">What set it off, by the name of the trigger's binding.</param>
/// <param name="Metadata">What else the trigger says of it.</param>
public sealed record Invocation(IReadOnlyDictionary<string, JsonElement> Data, IReadOnlyDictionary<string, JsonElement> Metadata)
{
    /// <summary>Reads a call; null when it is none.</summary>
    public static Invocation? Read(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(nameof(Data), out var data) && data.ValueKind == JsonValueKind.Object
                ? new(MembersOf(data), root.TryGetProperty(nameof(Metadata), out var metadata) && metadata.ValueKind == JsonValueKind.Object ? MembersOf(metadata) : [])
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// A message's text. The host writes a text as JSON within a JSON string; a text that was encoded once, or comes as JSON, is taken as well.
    /// </summary>
    public string? Text(string binding) => Data.TryGetValue(binding, out var value) ? TextOf(value) : null;

    /// <summary>Something that the trigger says, as text; null when it does not.</summary>
    public string? Said(string name) => Metadata.TryGetValue(name, out var value) ? TextOf(value) : null;

    private static Dictionary<string, JsonElement> MembersOf(JsonElement json) => json.EnumerateObject().ToDictionary(d => d.Name, d => d.Value.Clone(), StringComparer.Ordinal);

    private static string? TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return value.GetRawText();
        var text = value.GetString()!;
        if (!text.StartsWith('"'))
            return text;
        try
        {
            return JsonSerializer.Deserialize<string>(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
