using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Values;

/// <summary>
/// The name of a <typeparamref name="TOf"/> (a VM, a peer, a gateway): a DNS label (RFC 1123) that starts with a letter, at most 32
/// characters, lower case. The type parameter keeps the name of a VM from being taken for the name of a peer.
/// </summary>
[JsonConverter(typeof(NameJsonConverter))]
public readonly record struct Name<TOf> : IText<Name<TOf>>, IComparable<Name<TOf>>
{
    private readonly string? _text;

    private Name(string text) => _text = text;

    /// <inheritdoc/>
    public static string Expected => "a name (a letter, then letters, digits or hyphens, 32 at most)";

    /// <inheritdoc/>
    public static bool TryParse(string text, out Name<TOf> value)
    {
        var lower = text.ToLowerInvariant();
        var ok =
            lower.Length is >= 1 and <= 32
            && char.IsAsciiLetterLower(lower[0])
            && lower[^1] != '-'
            && lower.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        value = ok ? new Name<TOf>(lower) : default;
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(Name<TOf> other) => string.CompareOrdinal(_text, other._text);

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";
}

/// <summary>Stores names as JSON strings.</summary>
internal sealed class NameJsonConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Name<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(TextJsonConverter<>).MakeGenericType(typeToConvert))!;
}
