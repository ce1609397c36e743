using System.Text.Json;

namespace ChatOps.Verify;

internal readonly record struct Record(string Id, string Stream, long Version, string Previous, string? Key)
{
    /// <summary>Reads a record's line; null when it is none.</summary>
    public static Record? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            var key =
                json.GetProperty("data").TryGetProperty("key", out var value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString()
                    : null;
            return new Record(Text(json, "id"), Text(json, "stream"), json.GetProperty("version").GetInt64(), Text(json, "prev"), key);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new JsonException(name);
}
