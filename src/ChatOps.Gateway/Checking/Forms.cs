namespace ChatOps.Gateway.Checking;

/// <summary>What the words of a <see cref="Kind"/> look like, beyond the characters that they are made of.</summary>
internal static class Forms
{
    public static bool IsHost(ReadOnlySpan<char> text)
    {
        var name = text.StartsWith("*.") ? text[2..] : text;
        foreach (var label in name.Split('.'))
        {
            if (name[label] is not { Length: > 0 and <= 63 } part || part[0] == '-' || part[^1] == '-' || part.Contains('*'))
                return false;
        }

        return true;
    }

    // The brackets make it a pattern for nginx, which may match nothing.
    public static bool IsEndedFile(ReadOnlySpan<char> text, string kind) =>
        text.StartsWith(kind) && text.EndsWith(".con[f]") && text[kind.Length..^".con[f]".Length].IndexOfAny('[', ']') < 0;

    public static bool IsKey(ReadOnlySpan<char> text)
    {
        Span<byte> key = stackalloc byte[33];
        return text.Length == 44
            && Convert.TryFromBase64Chars(text, key, out var length)
            && length == 32
            && text.SequenceEqual(Convert.ToBase64String(key[..32]));
    }

    /// <summary>80 bytes in base64, in the one way in which they are written.</summary>
    public static bool IsBox(ReadOnlySpan<char> text)
    {
        const int size = 80;
        Span<byte> box = stackalloc byte[size + 1];
        return text.Length == 108
            && Convert.TryFromBase64Chars(text, box, out var length)
            && length == size
            && text.SequenceEqual(Convert.ToBase64String(box[..size]));
    }

    public static bool IsMoment(ReadOnlySpan<char> text)
    {
        var number = text[0] == '+' ? text[1..] : text;
        return !number.IsEmpty && number[0] != '0' && !number.Contains('+');
    }

    public static bool IsDatabase(ReadOnlySpan<char> text) =>
        text is "*" || (!text.Contains('*') && (char.IsAsciiLetterLower(text[0]) || text[0] == '_'));

    public static bool IsParameters(ReadOnlySpan<char> text)
    {
        foreach (var part in text.Split(','))
        {
            if (text[part] is not { Length: > 0 and <= 63 } name || !char.IsAsciiLetterLower(name[0]))
                return false;
        }

        return true;
    }

    public static bool IsInterface(ReadOnlySpan<char> text) => char.IsAsciiLetterOrDigit(text[0]) && text is not ("lo" or "wg0" or "nat64");
}
