using System.Text.Json;

namespace ChatOps.Proof.Checking;

/// <summary>What a record's text says of its place, and of its event as far as proofs are about it.</summary>
/// <param name="Key">The key that a <c>signing-key-announced</c> names; else null.</param>
internal readonly record struct RecordMembers(string Id, string Stream, long Version, string Previous, string Type, string? Key)
{
    /// <summary>Reads a text; throws <see cref="JsonException"/> when it is none.</summary>
    public static RecordMembers Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        string? id = null,
            stream = null,
            previous = null,
            type = null,
            key = null;
        long? version = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("expected an object");
        try
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (Is(reader, "id"u8))
                    id = Text(ref reader);
                else if (Is(reader, "stream"u8))
                    stream = Text(ref reader);
                else if (Is(reader, "prev"u8))
                    previous = Text(ref reader);
                else if (Is(reader, "type"u8))
                    type = Text(ref reader);
                else if (Is(reader, "version"u8) && reader.Read())
                    version = reader.GetInt64();
                else if (Is(reader, "data"u8) && reader.Read())
                    key = KeyOf(ref reader);
                else
                    reader.Skip();
            }
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new JsonException(e.Message, e);
        }

        return id is null || stream is null || previous is null || type is null || version is null
            ? throw new JsonException("a member of the record is missing")
            : new RecordMembers(id, stream, version.Value, previous, type, key);
    }

    private static bool Is(in Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name);

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    private static string? KeyOf(ref Utf8JsonReader reader)
    {
        string? key = null;
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.CurrentDepth == depth + 1 && Is(reader, "key"u8))
            {
                reader.Read();
                key = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
        }

        return key;
    }
}
