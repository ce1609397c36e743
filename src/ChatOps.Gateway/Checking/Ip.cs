using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ChatOps.Gateway.Checking;

/// <summary>
/// An address as a number; of IPv4 the lowest 32 bits. It is read from its one written form: that of <see cref="IPAddress"/> (RFC 5952),
/// and any other spelling is none. Without an allocation, because a firewall has 50,000 of them.
/// </summary>
internal readonly record struct Ip(UInt128 Number, bool IsV6)
{
    // The longest that IPAddress writes: eight groups with an IPv4 address at the end.
    private const int Longest = 45;
    private const int Groups = 8;

    /// <summary>4 or 6.</summary>
    public int Family => IsV6 ? 6 : 4;

    public int Width => IsV6 ? 128 : 32;

    /// <summary>The same address; a zone is left out.</summary>
    public static Ip Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? new Ip(BinaryPrimitives.ReadUInt32BigEndian(bytes), false)
            : new Ip(BinaryPrimitives.ReadUInt128BigEndian(bytes), true);
    }

    public static Ip Parse(string text) => Of(IPAddress.Parse(text));

    /// <summary>Reads an address that is written in its one form.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out Ip ip)
    {
        ip = default;
        if (text.Length is 0 or > Longest)
            return false;
        if (!text.Contains(':'))
            return TryRead4(text, out ip);
        if (!TryRead6(text, out ip))
            return false;

        // Those that may be written with an IPv4 address at the end are rare, and IPAddress knows which are.
        return (text.Contains('.') || MayHoldIPv4(ip.Number)) ? TryReadSlowly(text, out ip) : true;
    }

    /// <summary>True when it is among those of the prefix; never across families.</summary>
    public bool IsIn(Ip prefix, int bits)
    {
        if (prefix.IsV6 != IsV6)
            return false;
        var rest = Width - bits;
        return rest >= 128 || prefix.Number >> rest == Number >> rest;
    }

    /// <summary>True when no bit is set after so many.</summary>
    public bool IsFirst(int bits)
    {
        var rest = Width - bits;
        return rest >= 128 ? Number == 0 : Number >> rest << rest == Number;
    }

    public IPAddress ToAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Number);
        return new IPAddress(IsV6 ? bytes : bytes[12..]);
    }

    public override string ToString() => ToAddress().ToString();

    private static bool TryReadSlowly(ReadOnlySpan<char> text, out Ip ip)
    {
        ip = default;
        Span<char> written = stackalloc char[Longest];
        // A zone is read and written by .NET as well.
        if (text.Contains('%') || !IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        ip = Of(address);
        return address.TryFormat(written, out var length) && text.SequenceEqual(written[..length]);
    }

    // ::a.b.c.d, ::ffff:a.b.c.d, ::ffff:0:a.b.c.d and ISATAP's ...:0:5efe:a.b.c.d.
    private static bool MayHoldIPv4(UInt128 number)
    {
        var high = (ulong)(number >> 64);
        var middle = (uint)(number >> 32);
        return middle == 0x5efe || (high == 0 && middle is 0 or 0xffff or 0xffff0000);
    }

    private static bool TryRead4(ReadOnlySpan<char> text, out Ip ip)
    {
        ip = default;
        uint number = 0;
        for (var part = 0; part < 4; part++)
        {
            var end = part < 3 ? text.IndexOf('.') : text.Length;
            if (end < 0 || !Addresses.TryReadNumber(text[..end], 255, out var value))
                return false;
            number = (number << 8) | (uint)value;
            text = part < 3 ? text[(end + 1)..] : default;
        }

        ip = new Ip(number, false);
        return true;
    }

    // Groups of hexadecimal digits without leading zeros; the first of the longest runs of two or more that are zero is "::".
    private static bool TryRead6(ReadOnlySpan<char> text, out Ip ip)
    {
        ip = default;
        Span<ushort> group = stackalloc ushort[Groups];
        var (count, gap, at) = (0, -1, 0);
        if (text.StartsWith("::"))
            (gap, at) = (0, 2);
        while (at < text.Length)
        {
            // What has an IPv4 address at the end is read elsewhere.
            if (text[at..].Contains('.') && text[at..].IndexOf(':') < 0)
                return true;
            if (count == Groups || !TryReadGroup(text, ref at, out group[count++]))
                return false;
            if (at == text.Length)
                break;
            if (text[at++] != ':' || at == text.Length)
                return false;
            if (text[at] != ':')
                continue;
            if (gap >= 0)
                return false;
            (gap, at) = (count, at + 1);
        }

        return Fill(group, count, gap) && IsShortest(group, gap, Groups - count, out ip);
    }

    private static bool TryReadGroup(ReadOnlySpan<char> text, ref int at, out ushort group)
    {
        var start = at;
        var value = 0;
        while (at < text.Length && at - start < 4 && (char.IsAsciiDigit(text[at]) || text[at] is >= 'a' and <= 'f'))
        {
            value = (value << 4) | (text[at] <= '9' ? text[at] - '0' : text[at] - 'a' + 10);
            at++;
        }

        group = (ushort)value;
        return at > start && (text[start] != '0' || at == start + 1);
    }

    // Moves what is behind the gap to the end.
    private static bool Fill(Span<ushort> group, int count, int gap)
    {
        if (gap < 0)
            return count == Groups;
        if (count > Groups - 2)
            return false;
        for (var i = 1; i <= count - gap; i++)
            (group[Groups - i], group[count - i]) = (group[count - i], (ushort)0);
        return true;
    }

    private static bool IsShortest(ReadOnlySpan<ushort> group, int gap, int length, out Ip ip)
    {
        UInt128 number = 0;
        var (run, longest, first) = (0, 1, -1);
        for (var i = 0; i < Groups; i++)
        {
            number = (number << 16) | group[i];
            run = group[i] == 0 ? run + 1 : 0;
            if (run > longest)
                (longest, first) = (run, i - run + 1);
        }

        ip = new Ip(number, true);
        return first == gap && (gap < 0 || longest == length);
    }
}
