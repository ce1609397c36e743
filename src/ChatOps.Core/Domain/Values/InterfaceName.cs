using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Values;

/// <summary>
/// The name of a network interface on a gateway, such as <c>eth1</c>: a letter or a digit, then letters, digits, dots, hyphens and
/// underscores, 15 at most. Not one of those that are made there by us or stand for the machine itself.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<InterfaceName>))]
public readonly record struct InterfaceName : IText<InterfaceName>
{
    // The kernel's IFNAMSIZ is 16, with the zero at the end.
    private const int Longest = 15;

    private readonly string? _text;

    private InterfaceName(string text) => _text = text;

    /// <inheritdoc/>
    public static string Expected => "a network interface of the gateway, such as eth1";

    /// <inheritdoc/>
    public static bool TryParse(string text, out InterfaceName value)
    {
        var ok =
            text.Length is >= 1 and <= Longest
            && char.IsAsciiLetterOrDigit(text[0])
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
            && text is not ("lo" or "wg0" or "nat64");
        value = ok ? new InterfaceName(text) : default;
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";
}
