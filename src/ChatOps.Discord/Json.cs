using System.Buffers;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>Writes JSON field by field: what is sent is exactly what stands in the code.</summary>
internal static class Json
{
    public static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a string, and nothing at all for null.</summary>
    public static void WriteText(this Utf8JsonWriter w, string name, string? value)
    {
        if (value is not null)
            w.WriteString(name, value);
    }

    /// <summary>Writes a number, and nothing at all for null.</summary>
    public static void WriteNumber(this Utf8JsonWriter w, string name, int? value)
    {
        if (value is { } number)
            w.WriteNumber(name, number);
    }

    /// <summary>Writes true, and nothing at all for false, which is what is meant when it is missing.</summary>
    public static void WriteFlag(this Utf8JsonWriter w, string name, bool value)
    {
        if (value)
            w.WriteBoolean(name, true);
    }
}
