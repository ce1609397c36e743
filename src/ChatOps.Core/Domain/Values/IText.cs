using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Values;

/// <summary>A value with exactly one written form: what people type, what the log stores and what templates print.</summary>
public interface IText<TSelf>
    where TSelf : IText<TSelf>
{
    /// <summary>What is expected, for a sentence: <c>"a port (1 to 65535)"</c>.</summary>
    static abstract string Expected { get; }

    /// <summary>Reads the written form; false when <paramref name="text"/> is not one.</summary>
    static abstract bool TryParse(string text, out TSelf value);
}

/// <summary>Reading of <see cref="IText{TSelf}"/> values where a wrong form is a bug, not a person's typing error.</summary>
public static class Text
{
    /// <summary>Parses, or throws <see cref="FormatException"/> with what was expected.</summary>
    public static T Parse<T>(string text)
        where T : IText<T> => T.TryParse(text, out var value) ? value : throw new FormatException($"\"{text}\" is not {T.Expected}");
}

/// <summary>Stores an <see cref="IText{TSelf}"/> as a JSON string.</summary>
internal sealed class TextJsonConverter<T> : JsonConverter<T>
    where T : IText<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString() ?? "";
        return T.TryParse(text, out var value) ? value : throw new JsonException($"\"{text}\" is not {T.Expected}");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
