using System.Collections.Frozen;
using System.Text.Json;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Storage;

/// <summary>
/// What a record's text says about its place. Opening a log looks at every record; reading only this much is several times as quick as
/// reading the event too. A known type is taken as readable: the hash proves the text to be what was written, what is written is read back
/// before it is committed, and a stored name never changes its shape.
/// </summary>
internal readonly record struct RecordHeader(string Id, string Stream, long Version, string Previous)
{
    private static readonly FrozenSet<string> KnownTypes = EventTypes.Names.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Reads a stored text; throws <see cref="JsonException"/> when it is not one, or its event is of an unknown type.</summary>
    public static RecordHeader Read(string body)
    {
        using var document = JsonDocument.Parse(body);
        var json = document.RootElement;
        try
        {
            var type = Text(json, "type");
            return KnownTypes.Contains(type)
                ? new RecordHeader(Text(json, "id"), Text(json, "stream"), json.GetProperty("version").GetInt64(), Text(json, "prev"))
                : throw new JsonException($"unknown event type \"{type}\": it was written by a newer version of this program");
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException($"a member of the record is missing or of the wrong kind: {e.Message}", e);
        }
    }

    private static string Text(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new JsonException($"\"{name}\" is null");
}
