namespace ChatOps.Gateway.Checking;

/// <summary>Numbers, ports and networks, read from their one written form.</summary>
internal static class Addresses
{
    /// <summary>Reads an address, or a network with its length: 10.0.0.0/8. No bit may be set after the prefix.</summary>
    public static bool TryReadNetwork(ReadOnlySpan<char> text, out Ip address, out int bits)
    {
        var slash = text.IndexOf('/');
        bits = 0;
        if (!Ip.TryRead(slash < 0 ? text : text[..slash], out address))
            return false;
        if (slash < 0)
        {
            bits = address.Width;
            return true;
        }

        return TryReadNumber(text[(slash + 1)..], address.Width, out bits) && address.IsFirst(bits);
    }

    /// <summary>Reads a number without leading zeros, from 0 to a limit.</summary>
    public static bool TryReadNumber(ReadOnlySpan<char> text, int most, out int number)
    {
        number = 0;
        if (text.Length is 0 or > 9 || (text[0] == '0' && text.Length > 1))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            number = (number * 10) + (c - '0');
        }

        return number <= most;
    }

    /// <summary>Reads a port, 1 to 65535.</summary>
    public static bool TryReadPort(ReadOnlySpan<char> text, out int port) => TryReadNumber(text, 65535, out port) && port > 0;
}
