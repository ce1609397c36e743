using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ChatOps.Core.Domain.Values;

/// <summary>
/// A text that only its person's key opens, as it stands in a record: <c>sealed:v1:KEY:CONTENT</c>. A person's own text is always sealed,
/// so one that looks like this is sealed like any other and comes out as it was.
/// </summary>
/// <param name="Key">The id of the key.</param>
/// <param name="Content">Nonce, ciphertext and tag, base64url without padding.</param>
public readonly record struct SealedText(string Key, string Content)
{
    /// <summary>What stands in the place of a text whose key is gone.</summary>
    public const string Erased = "(erased)";

    /// <summary>What stands in the place of a text where nobody has keys.</summary>
    public const string Kept = "(sealed)";

    private const string Mark = "sealed:v1:";

    private static readonly SearchValues<char> Base64Url = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    /// <summary>Reads one; false for any other text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SealedText value)
    {
        value = default;
        if (text is null || !text.StartsWith(Mark, StringComparison.Ordinal))
            return false;
        var end = text.IndexOf(':', Mark.Length);
        if (end <= Mark.Length || !IsBase64Url(text.AsSpan(Mark.Length, end - Mark.Length)) || !IsBase64Url(text.AsSpan(end + 1)))
            return false;
        value = new SealedText(text[Mark.Length..end], text[(end + 1)..]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Mark}{Key}:{Content}";

    private static bool IsBase64Url(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(Base64Url);
}
