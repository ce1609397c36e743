using System.Collections.Immutable;

namespace ChatOps.Core.Domain.Values;

/// <summary>
/// What an address is besides a number: the gateway's program refuses to lead to one that names no machine of its own, in any spelling, and
/// so it is said before it gets there.
/// </summary>
public static class AddressKind
{
    /// <summary>What NAT64 is made of on every gateway: IPv4 addresses as IPv6 ones, and the addresses inside it.</summary>
    public static ImmutableArray<Network> OfNat64 { get; } =
    [Text.Parse<Network>("fd64:0:0:64::/96"), Text.Parse<Network>("192.168.255.0/24")];

    /// <summary>True for a network that no machine of the internet has an address of.</summary>
    public static bool IsPrivate(this Network network) => Private.Any(p => p.Contains(network));

    private static readonly ImmutableArray<Network> Private =
    [
        .. new[] { "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7" }.Select(Text.Parse<Network>),
    ];

    // NAT64 and 6to4 take the IPv4 address out of these (RFC 6052, RFC 8215, RFC 3056); the last is our own prefix.
    private static readonly (Network Prefix, int At)[] Holding =
    [
        (Text.Parse<Network>("64:ff9b::/96"), 12),
        (Text.Parse<Network>("64:ff9b:1::/48"), 12),
        (OfNat64[0], 12),
        (Text.Parse<Network>("2002::/16"), 2),
    ];

    /// <summary>
    /// Why no machine is known to others by an address, as the end of a sentence that begins with it: <c>is link-local</c>. Null when one
    /// can be.
    /// </summary>
    public static string? WhyNobodys(this Address address)
    {
        var b = address.Bytes;
        if (address.Family == Family.IPv4)
        {
            return b[0] switch
            {
                0 => "is unspecified",
                127 => "is loopback",
                >= 224 => "is multicast or reserved",
                _ => b is [169, 254, ..] ? "is link-local" : null,
            };
        }

        if (b[0] == 0xff)
            return "is multicast";
        if (b[0] == 0xfe && b[1] >= 0x80)
            return "is link-local";

        // ::, ::1, and IPv4 addresses in the forms that no machine has: ::a.b.c.d, ::ffff:a.b.c.d, ::ffff:0:a.b.c.d (RFC 2765).
        if (b.AsSpan(0, 8).IndexOfAnyExcept((byte)0) < 0 && b[8..12] is [0, 0, 0, 0] or [0, 0, 0xff, 0xff] or [0xff, 0xff, 0, 0])
            return "is loopback, unspecified or an IPv4 address";
        return address.Inner() is { } inner && inner.WhyNobodys() is { } why ? $"holds {inner}, which {why}" : null;
    }

    /// <summary>The IPv4 address to which an IPv6 one leads by translation; null when it leads to none.</summary>
    public static Address? Inner(this Address address)
    {
        foreach (var (prefix, at) in Holding)
        {
            if (address.Family == Family.IPv6 && prefix.Contains(address))
                return Address.Of(address.Bytes.AsSpan(at, 4));
        }

        return null;
    }
}
