using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Values;

/// <summary>The two families of IP addresses.</summary>
public enum Family
{
    /// <summary>Internet Protocol version 4 (RFC 791).</summary>
    IPv4 = 4,

    /// <summary>Internet Protocol version 6 (RFC 8200).</summary>
    IPv6 = 6,
}

/// <summary>A unicast IP address in its canonical form (RFC 5952 for IPv6); no zone, no mapped IPv4.</summary>
[JsonConverter(typeof(TextJsonConverter<Address>))]
public readonly record struct Address : IText<Address>, IComparable<Address>
{
    private readonly IPAddress? _ip;

    private Address(IPAddress ip) => _ip = ip;

    /// <summary>IPv4 or IPv6, by the length of the address.</summary>
    public Family Family => _ip?.AddressFamily == AddressFamily.InterNetworkV6 ? Family.IPv6 : Family.IPv4;

    /// <summary>True in 400::/7, where Mycelium gives out its addresses.</summary>
    public bool IsMycelium => Family == Family.IPv6 && (Bytes[0] & 0xfe) == 0x04;

    /// <summary>The address in network order: 4 or 16 bytes.</summary>
    public byte[] Bytes => (_ip ?? IPAddress.Any).GetAddressBytes();

    /// <inheritdoc/>
    public static string Expected => "an IPv4 or IPv6 address of one machine";

    /// <summary>The address of these bytes, 4 or 16, in network order, whatever it is.</summary>
    internal static Address Of(ReadOnlySpan<byte> bytes) => new(new IPAddress(bytes));

    /// <inheritdoc/>
    public static bool TryParse(string text, out Address value)
    {
        value = default;
        // IPAddress drops a zone, brackets and a port, which are no part of an address.
        if (text.AsSpan().ContainsAny('%', '[', ']') || !IPAddress.TryParse(text, out var ip) || ip.IsIPv4MappedToIPv6)
            return false;
        if (ip.AddressFamily == AddressFamily.InterNetwork)
        {
            // IPAddress reads "1", "010.0.0.1" and "0x7f.1" too; people who type those mean something else.
            var first = ip.GetAddressBytes()[0];
            if (ip.ToString() != text || first is 0 or 127 or >= 224)
                return false;
        }
        else if (ip.IsIPv6Multicast || ip.IsIPv6LinkLocal || ip.GetAddressBytes().AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0)
        {
            // ::, ::1, and IPv4 addresses in a form that no machine has (::10.1.0.2).
            return false;
        }

        value = new Address(ip);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Address other) =>
        Family != other.Family ? Family.CompareTo(other.Family) : Bytes.AsSpan().SequenceCompareTo(other.Bytes);

    /// <inheritdoc/>
    public override string ToString() => _ip?.ToString() ?? "";
}

/// <summary>An address and a port, written as nft, nginx and URLs want it: <c>10.1.0.2:80</c>, <c>[400::2]:80</c>.</summary>
/// <param name="Port">The port on it.</param>
public readonly record struct Socket(Address Address, Port Port) : IComparable<Socket>
{
    /// <inheritdoc/>
    public int CompareTo(Socket other) =>
        Address.CompareTo(other.Address) is var byAddress and not 0 ? byAddress : Port.CompareTo(other.Port);

    /// <inheritdoc/>
    public override string ToString() => Address.Family == Family.IPv6 ? $"[{Address}]:{Port}" : $"{Address}:{Port}";
}

/// <summary>An address with the length of its network's prefix: <c>10.1.0.1/16</c>.</summary>
/// <param name="Address">The machine's own address.</param>
/// <param name="Length">Bits of the prefix.</param>
[JsonConverter(typeof(TextJsonConverter<InterfaceAddress>))]
public readonly record struct InterfaceAddress(Address Address, int Length) : IText<InterfaceAddress>
{
    /// <inheritdoc/>
    public static string Expected => "an address with a prefix length, such as 10.1.0.1/16";

    /// <inheritdoc/>
    public static bool TryParse(string text, out InterfaceAddress value)
    {
        value = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !Address.TryParse(text[..slash], out var address))
            return false;
        var bits = address.Family == Family.IPv4 ? 32 : 128;
        if (
            !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length < 1
            || length > bits
        )
            return false;
        value = new InterfaceAddress(address, length);
        return true;
    }

    /// <summary>Its network: <c>10.1.0.0/16</c>.</summary>
    public Network Network
    {
        get
        {
            var bytes = Address.Bytes;
            for (var bit = Length; bit < bytes.Length * 8; bit++)
                bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
            return new(Text.Parse<Address>(new IPAddress(bytes).ToString()), Length);
        }
    }

    /// <summary>An address of its network by its place: 1 for the first after the network's own, -1 for the last.</summary>
    public Address At(int place)
    {
        var bytes = Network.Address.Bytes;
        var size = System.Numerics.BigInteger.One << (bytes.Length * 8 - Length);
        var at = new System.Numerics.BigInteger(bytes, isUnsigned: true, isBigEndian: true) + (place < 0 ? size + place : place);
        var result = at.ToByteArray(isUnsigned: true, isBigEndian: true);
        return Text.Parse<Address>(new IPAddress([.. new byte[bytes.Length - result.Length], .. result]).ToString());
    }

    /// <summary>How many addresses its network has, as far as that is a number.</summary>
    public int Size => Address.Bytes.Length * 8 - Length is var bits and < 31 ? 1 << bits : int.MaxValue;

    /// <summary>True when <paramref name="other"/> is in this network.</summary>
    public bool Contains(Address other)
    {
        if (other.Family != Address.Family)
            return false;
        var (mine, theirs) = (Address.Bytes, other.Bytes);
        for (var bit = 0; bit < Length; bit++)
        {
            var mask = 0x80 >> (bit % 8);
            if ((mine[bit / 8] & mask) != (theirs[bit / 8] & mask))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Address}/{Length}";
}
