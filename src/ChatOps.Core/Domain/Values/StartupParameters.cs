using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Values;

/// <summary>
/// Names of parameters that a PostgreSQL client may send when it connects, sorted, each once: <c>options,search_path</c>. Equal when their
/// written forms are.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<StartupParameters>))]
public readonly record struct StartupParameters : IText<StartupParameters>
{
    private const int MaxCount = 20;
    private const int LongestName = 63;

    private readonly string? _text;

    private StartupParameters(string text) => _text = text;

    /// <inheritdoc/>
    public static string Expected => "names of parameters in small letters, such as options,search_path";

    /// <summary>Names of the parameters.</summary>
    [JsonIgnore]
    public ImmutableArray<string> All => [.. (_text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];

    /// <inheritdoc/>
    public static bool TryParse(string text, out StartupParameters value)
    {
        value = default;
        var names = text.Split(',').Distinct().Order(StringComparer.Ordinal).ToList();
        if (names.Count > MaxCount || !names.All(IsName))
            return false;
        value = new(string.Join(',', names));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName
        && char.IsAsciiLetterLower(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '.');
}
