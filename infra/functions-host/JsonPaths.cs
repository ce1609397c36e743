using System.Text.Json;

namespace ChatOps.FunctionsHost;

/// <summary>Looking into JSON for what may be absent.</summary>
internal static class JsonPaths
{
    /// <summary>The value at a path of names, or null.</summary>
    public static JsonElement? At(this JsonElement from, params string[] path)
    {
        var at = from;
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }

        return at;
    }

    /// <summary>The text at a path of names, or null.</summary>
    public static string? TextAt(this JsonElement from, params string[] path) => from.At(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
