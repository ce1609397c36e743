using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ChatOps.Core.Domain.Changes;

/// <summary>
/// JSON in the one form of RFC 8785 (JCS): members sorted by UTF-16 code units, no white space, the shortest escapes. Numbers are whole
/// numbers within 2^53 here, because nothing that we write has any other.
/// </summary>
internal static class CanonicalJson
{
    private const long MaxExact = 1L << 53;

    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(c => (char)c), '"', '\\']);

    /// <summary>The canonical text; throws <see cref="FormatException"/> for a number that is not whole or not exact.</summary>
    public static string Write(JsonElement element)
    {
        var text = new StringBuilder(256);
        Write(text, element);
        return text.ToString();
    }

    /// <summary>Writes a member whose value is a string; the caller sees to the order.</summary>
    internal static void WriteMember(StringBuilder text, string name, string value, bool isFirst = false)
    {
        if (!isFirst)
            text.Append(',');
        WriteString(text, name);
        text.Append(':');
        WriteString(text, value);
    }

    internal static void Write(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(text, element);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var first = true;
                foreach (var item in element.EnumerateArray())
                {
                    if (!first)
                        text.Append(',');
                    first = false;
                    Write(text, item);
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                WriteString(text, element.GetString()!);
                break;
            case JsonValueKind.Number:
                if (!element.TryGetInt64(out var number) || number is > MaxExact or < -MaxExact)
                    throw new FormatException($"{element.GetRawText()} is not a whole number that JSON readers agree on");
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static JsonProperty[] Sorted(JsonElement element)
    {
        JsonProperty[] members = [.. element.EnumerateObject()];
        var names = Array.ConvertAll(members, m => m.Name);
        Array.Sort(names, members, StringComparer.Ordinal);
        return members;
    }

    private static void WriteObject(StringBuilder text, JsonElement element)
    {
        text.Append('{');
        var first = true;
        foreach (var member in Sorted(element))
        {
            if (!first)
                text.Append(',');
            first = false;
            WriteString(text, member.Name);
            text.Append(':');
            Write(text, member.Value);
        }

        text.Append('}');
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        var rest = value.AsSpan();
        for (var plain = rest.IndexOfAny(Escaped); plain >= 0; plain = rest.IndexOfAny(Escaped))
        {
            text.Append(rest[..plain]);
            var c = rest[plain];
            rest = rest[(plain + 1)..];
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
            };
        }

        text.Append(rest).Append('"');
    }
}
