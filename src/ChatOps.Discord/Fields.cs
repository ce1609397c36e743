using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>
/// Reads what Discord sends without insisting on anything: a field that is missing, null or of another type is simply not there, ids may be
/// strings or numbers, and what we do not know is passed over.
/// </summary>
internal static class Fields
{
    public static JsonElement? Object(this JsonElement from, string name) => Find(from, name, JsonValueKind.Object);

    public static string? Text(this JsonElement from, string name) => Find(from, name)?.AsText();

    public static bool Flag(this JsonElement from, string name) => Find(from, name, JsonValueKind.True) is not null;

    public static long? Number(this JsonElement from, string name) =>
        Find(from, name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
        : long.TryParse(value.AsText(), CultureInfo.InvariantCulture, out number) ? number
        : null;

    public static double? Seconds(this JsonElement from, string name) =>
        Find(from, name, JsonValueKind.Number) is { } value && value.TryGetDouble(out var seconds) && double.IsFinite(seconds)
            ? seconds
            : null;

    public static Snowflake? Id(this JsonElement from, string name) => Find(from, name)?.AsId();

    public static Snowflake? AsId(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number) && number > 0 ? new(number)
        : Snowflake.TryParse(value.AsText(), out var id) ? id
        : null;

    public static string? AsText(this JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is JSON, and no text.
            return null;
        }
    }

    public static IEnumerable<JsonElement> List(this JsonElement from, string name) =>
        Find(from, name, JsonValueKind.Array)?.EnumerateArray() ?? Enumerable.Empty<JsonElement>();

    public static ImmutableArray<Snowflake> Ids(this JsonElement from, string name) =>
        [.. from.List(name).Select(AsId).OfType<Snowflake>()];

    public static JsonElement? Find(this JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private static JsonElement? Find(JsonElement from, string name, JsonValueKind kind) =>
        from.Find(name) is { } value && value.ValueKind == kind ? value : null;
}
