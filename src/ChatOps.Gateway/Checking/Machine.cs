using System.Net;

namespace ChatOps.Gateway.Checking;

/// <summary>This machine, as what a bundle leads to may not be.</summary>
internal sealed class Machine(IEnumerable<IPAddress> own)
{
    // NAT64 takes the IPv4 address out of the last 32 bits of these (RFC 6052, RFC 8215), also tayga with our own prefix; the addresses of
    // 6to4 (RFC 3056) have it behind the first 16.
    private static readonly (Ip Prefix, int Bits)[] Nat64 =
    [
        (Ip.Parse("64:ff9b::"), 96),
        (Ip.Parse("64:ff9b:1::"), 48),
        (Ip.Parse("fd64:0:0:64::"), 96),
    ];
    private static readonly (Ip Prefix, int Bits) Nat64Pool = (Ip.Parse("192.168.255.0"), 24);
    private static readonly (Ip Prefix, int Bits)[] Private =
    [
        (Ip.Parse("10.0.0.0"), 8),
        (Ip.Parse("100.64.0.0"), 10),
        (Ip.Parse("172.16.0.0"), 12),
        (Ip.Parse("192.168.0.0"), 16),
        (Ip.Parse("fc00::"), 7),
    ];
    private static readonly Ip SixToFour = Ip.Parse("2002::");

    private readonly HashSet<Ip> _own = [.. own.Select(Ip.Of)];

    /// <summary>Why an address is not one of another machine, as the end of a sentence that begins with it; null when it is.</summary>
    public string? WhyNot(Ip address)
    {
        if (_own.Contains(address))
            return $"{address} is this gateway itself; lead to another machine";
        if (WhyNobodys(address) is { } why)
            return $"{why}; lead to another machine";
        return Embedded(address) is { } inner && WhyNot(inner) is { } whyInner ? $"{address} holds an IPv4 address: {whyInner}" : null;
    }

    /// <summary>
    /// Why a network cannot lie behind another machine, as a sentence that begins with it; null when it can. All that is for it goes there,
    /// so it is private, and nothing of this machine's own is in it.
    /// </summary>
    public string? WhyNotBehind(Ip network, int bits)
    {
        if (!Private.Any(p => bits >= p.Bits && network.IsIn(p.Prefix, p.Bits)))
            return $"{network}/{bits} is not private; lead to a private network";
        if (Nat64.Append(Nat64Pool).Any(n => network.IsIn(n.Prefix, n.Bits) || n.Prefix.IsIn(network, bits)))
            return $"{network}/{bits} has addresses of NAT64; lead to a private network";
        foreach (var own in _own)
        {
            if (own.IsIn(network, bits))
                return $"{own} in {network}/{bits} is this gateway itself; lead to another network";
        }

        return null;
    }

    /// <summary>Why an address is none that a machine is known by to others, as a sentence that begins with it; null when it can be
    /// one.</summary>
    public static string? WhyNobodys(Ip address)
    {
        if (!address.IsV6)
        {
            var number = (uint)address.Number;
            return (number >> 24) switch
            {
                0 => $"{address} is unspecified",
                127 => $"{address} is loopback",
                >= 224 => $"{address} is multicast or reserved",
                _ => number >> 16 == 0xa9fe ? $"{address} is link-local" : null,
            };
        }

        var top = (uint)(address.Number >> 112);
        if (top is >= 0xfe80 and <= 0xfeff)
            return $"{address} is link-local";
        if (top >= 0xff00)
            return $"{address} is multicast";

        // ::, ::1, and IPv4 addresses in the forms that no machine has: ::a.b.c.d, ::ffff:a.b.c.d, ::ffff:0:a.b.c.d (RFC 2765).
        return address.Number >> 64 == 0 && (uint)(address.Number >> 32) is 0 or 0xffff or 0xffff0000
            ? $"{address} is loopback, unspecified or an IPv4 address"
            : null;
    }

    private static Ip? Embedded(Ip address)
    {
        if (!address.IsV6)
            return null;
        if (address.IsIn(SixToFour, 16))
            return new Ip((uint)(address.Number >> 80), false);
        foreach (var (prefix, bits) in Nat64)
        {
            if (address.IsIn(prefix, bits))
                return new Ip((uint)address.Number, false);
        }

        return null;
    }
}
