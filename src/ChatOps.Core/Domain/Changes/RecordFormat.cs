using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>
/// The stored form of a record: canonical JSON of everything but its hash and its global position. The hash is over exactly these bytes,
/// and each holds the hash of the one before it in its stream, so that nothing can be changed, removed or inserted without breaking the
/// chain.
/// </summary>
public static class RecordFormat
{
    /// <summary>What the first record of a stream has for the hash of the one before it.</summary>
    public static string NoPrevious { get; } = new('0', 64);

    /// <summary>The stored text and its hash for a new record at a place in a stream.</summary>
    public static (string Body, string Hash) Seal(NewRecord record, string stream, long version, string previous)
    {
        // The members in canonical order, written straight away: building a document of them first takes twice as long.
        var text = new StringBuilder(1024);
        text.Append("{\"actor\":{");
        CanonicalJson.WriteMember(text, "id", record.Actor.Id, isFirst: true);
        CanonicalJson.WriteMember(text, "name", record.Actor.Name);
        CanonicalJson.WriteMember(text, "platform", record.Actor.Platform);
        text.Append('}');
        if (record.Causation is { } causation)
            CanonicalJson.WriteMember(text, "causation", causation);
        text.Append(",\"data\":");
        AppendData(text, record);
        CanonicalJson.WriteMember(text, "id", record.Id);
        if (record.Message is { } message)
            CanonicalJson.WriteMember(text, "message", message);
        CanonicalJson.WriteMember(text, "prev", previous);
        CanonicalJson.WriteMember(text, "stream", stream);
        CanonicalJson.WriteMember(text, "time", WriteTime(record.Time));
        CanonicalJson.WriteMember(text, "type", EventTypes.NameOf(record.Event));
        text.Append(",\"version\":").Append(version.ToString(CultureInfo.InvariantCulture)).Append('}');
        var body = text.ToString();
        return (body, HashOf(body));
    }

    /// <summary>The record as <see cref="Open"/> reads what <see cref="Seal"/> made of it.</summary>
    public static Recorded Sealed(NewRecord record, long position, string stream, long version, string previous, string hash) =>
        new(
            position,
            record.Id,
            stream,
            version,
            new DateTimeOffset(record.Time.UtcTicks - (record.Time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero),
            record.Actor,
            record.Message,
            record.Causation,
            record.Event,
            previous,
            hash
        );

    // A record that this program cannot read would close the log for ever, so it is read before it is written.
    private static void AppendData(StringBuilder text, NewRecord record)
    {
        var type = record.Event.GetType();
        var json = JsonSerializer.SerializeToUtf8Bytes(record.Event, type, EventJson.Options);
        try
        {
            JsonSerializer.Deserialize(json, type, EventJson.Options);

            // The serializer sorts, but escapes more than RFC 8785 does and in its own way.
            if (json.AsSpan().Contains((byte)'\\'))
                CanonicalJson.Write(text, EventTypes.ToJson(record.Event));
            else
                text.Append(Encoding.UTF8.GetString(json));
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"record {record.Id} could not be read again ({e.Message}); nothing was written", e);
        }
    }

    /// <summary>SHA-256 of a stored text, lower-case hex.</summary>
    public static string HashOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    /// <summary>Reads a stored text; throws <see cref="JsonException"/> or <see cref="FormatException"/> when it is not one.</summary>
    public static Recorded Open(long position, string body, string hash)
    {
        using var document = JsonDocument.Parse(body);
        try
        {
            return Read(position, document.RootElement, hash);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            // JsonElement's way to say that a member is not there, or is of another kind.
            throw new JsonException($"a member of the record is missing or of the wrong kind: {e.Message}", e);
        }
    }

    private static Recorded Read(long position, JsonElement json, string hash)
    {
        var actor = json.GetProperty("actor");
        return new Recorded(
            position,
            Required(json, "id"),
            Required(json, "stream"),
            json.GetProperty("version").GetInt64(),
            DateTimeOffset.ParseExact(Required(json, "time"), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            new Actor(Required(actor, "platform"), Required(actor, "id"), Required(actor, "name")),
            Optional(json, "message"),
            Optional(json, "causation"),
            EventTypes.FromJson(Required(json, "type"), json.GetProperty("data")),
            Required(json, "prev"),
            hash
        );
    }

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static string WriteTime(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string Required(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new JsonException($"\"{name}\" is null");

    private static string? Optional(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
