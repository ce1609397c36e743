using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Values;

/// <summary>
/// The addresses under one prefix: <c>198.51.100.0/24</c>, or a single one: <c>203.0.113.66</c>. No bits are set after the prefix.
/// </summary>
/// <param name="Address">The first of them.</param>
/// <param name="Length">Bits of the prefix.</param>
[JsonConverter(typeof(TextJsonConverter<Network>))]
public readonly record struct Network(Address Address, int Length) : IText<Network>, IComparable<Network>
{
    /// <summary>The family of its addresses.</summary>
    public Family Family => Address.Family;

    /// <inheritdoc/>
    public static string Expected => "a network or an address, such as 198.51.100.0/24 or 203.0.113.66";

    /// <inheritdoc/>
    public static bool TryParse(string text, out Network value)
    {
        value = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!Address.TryParse(slash < 0 ? text : text[..slash], out var address))
            return false;
        var bits = address.Family == Family.IPv4 ? 32 : 128;
        var length = bits;
        if (
            slash >= 0
            && (
                !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length)
                || length < 1
                || length > bits
            )
        )
            return false;
        value = new Network(address, length);
        return value.IsFirst;
    }

    /// <summary>True when the address is in this network.</summary>
    public bool Contains(Address address) => new InterfaceAddress(Address, Length).Contains(address);

    /// <summary>True when all addresses of the other are in this network.</summary>
    public bool Contains(Network other) => Length <= other.Length && Contains(other.Address);

    /// <summary>True when the networks share an address.</summary>
    public bool Overlaps(Network other) => Length <= other.Length ? Contains(other.Address) : other.Contains(Address);

    /// <inheritdoc/>
    public int CompareTo(Network other) =>
        Address.CompareTo(other.Address) is var byAddress and not 0 ? byAddress : Length.CompareTo(other.Length);

    /// <inheritdoc/>
    public override string ToString() =>
        Length == (Family == Family.IPv4 ? 32 : 128)
            ? Address.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    // 198.51.100.7/24 is a slip of the pen: it could mean the machine or its network.
    private bool IsFirst
    {
        get
        {
            var bytes = Address.Bytes;
            for (var bit = Length; bit < bytes.Length * 8; bit++)
            {
                if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0)
                    return false;
            }

            return true;
        }
    }
}

/// <summary>Some networks, sorted, each once: <c>198.51.100.0/24,2001:db8:66::/48</c>. Equal when their written forms are.</summary>
[JsonConverter(typeof(TextJsonConverter<Networks>))]
public readonly record struct Networks : IText<Networks>
{
    private readonly string? _text;

    /// <summary>Makes the list; throws <see cref="ArgumentException"/> for an empty one.</summary>
    public Networks(IEnumerable<Network> networks)
    {
        _text = string.Join(',', networks.Distinct().Order());
        ArgumentException.ThrowIfNullOrEmpty(_text, nameof(networks));
    }

    /// <inheritdoc/>
    public static string Expected => $"{Network.Expected} (several with commas between them)";

    /// <summary>Networks of the list, each as it is written.</summary>
    [JsonIgnore]
    public ImmutableArray<Network> All => [.. (_text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Text.Parse<Network>)];

    /// <inheritdoc/>
    public static bool TryParse(string text, out Networks value)
    {
        value = default;
        var networks = new List<Network>();
        foreach (var item in text.Split(','))
        {
            if (!Network.TryParse(item, out var network))
                return false;
            networks.Add(network);
        }

        value = new Networks(networks);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";
}

/// <summary>Addresses of one family from a first to a last one: <c>203.0.113.12-203.0.113.13</c>, or a single one.</summary>
public readonly record struct AddressRange(Address First, Address Last) : IText<AddressRange>
{
    private const int MaxCount = 256;

    /// <inheritdoc/>
    public static string Expected => $"an address or a range of {MaxCount} at most, such as 203.0.113.12-203.0.113.13";

    /// <summary>Each address, lowest first.</summary>
    public ImmutableArray<Address> All
    {
        get
        {
            var all = ImmutableArray.CreateBuilder<Address>();
            var bytes = First.Bytes;
            while (all.Count < MaxCount)
            {
                var address = Text.Parse<Address>(new System.Net.IPAddress(bytes).ToString());
                all.Add(address);
                if (address == Last)
                    break;
                for (var i = bytes.Length - 1; i >= 0 && ++bytes[i] == 0; i--) { }
            }

            return all.ToImmutable();
        }
    }

    /// <inheritdoc/>
    public static bool TryParse(string text, out AddressRange value)
    {
        value = default;
        var ends = text.Split('-');
        if (ends.Length > 2 || !Address.TryParse(ends[0], out var first) || !Address.TryParse(ends[^1], out var last))
            return false;
        value = new AddressRange(first, last);
        return first.Family == last.Family && first.CompareTo(last) <= 0 && Distance(first.Bytes, last.Bytes) < MaxCount;
    }

    /// <inheritdoc/>
    public override string ToString() => First == Last ? First.ToString() : $"{First}-{Last}";

    private static System.Numerics.BigInteger Distance(byte[] first, byte[] last) =>
        new System.Numerics.BigInteger(last, isUnsigned: true, isBigEndian: true)
        - new System.Numerics.BigInteger(first, isUnsigned: true, isBigEndian: true);
}

/// <summary>Ports from a first to a last one: <c>30000-40000</c>, or a single one.</summary>
public readonly record struct PortRange(Port First, Port Last) : IText<PortRange>
{
    /// <inheritdoc/>
    public static string Expected => "a port or a range, such as 30000-40000";

    /// <summary>How many ports it has.</summary>
    public int Count => Last.Number - First.Number + 1;

    /// <summary>Each port, lowest first.</summary>
    public IEnumerable<Port> All => Enumerable.Range(First.Number, Count).Select(n => new Port(n));

    /// <inheritdoc/>
    public static bool TryParse(string text, out PortRange value)
    {
        value = default;
        var ends = text.Split('-');
        if (ends.Length > 2 || !Port.TryParse(ends[0], out var first) || !Port.TryParse(ends[^1], out var last))
            return false;
        value = new PortRange(first, last);
        return first.Number <= last.Number;
    }

    /// <inheritdoc/>
    public override string ToString() => First == Last ? First.ToString() : $"{First}-{Last}";
}
