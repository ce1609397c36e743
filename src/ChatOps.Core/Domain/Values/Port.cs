using System.Globalization;
using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Values;

/// <summary>A TCP or UDP port number, 1 to 65535.</summary>
[JsonConverter(typeof(TextJsonConverter<Port>))]
public readonly record struct Port : IText<Port>, IComparable<Port>
{
    /// <summary>Makes a port; throws <see cref="ArgumentOutOfRangeException"/> outside 1 to 65535.</summary>
    public Port(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 65535);
        Number = (ushort)number;
    }

    /// <summary>The number, 1 to 65535.</summary>
    public ushort Number { get; }

    /// <inheritdoc/>
    public static string Expected => "a port (1 to 65535)";

    /// <inheritdoc/>
    public static bool TryParse(string text, out Port value)
    {
        var ok = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65535;
        value = ok ? new Port(number) : default;
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(Port other) => Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The transport protocols that a port belongs to.</summary>
public enum Protocol
{
    /// <summary>TCP, RFC 9293.</summary>
    Tcp,

    /// <summary>UDP, RFC 768.</summary>
    Udp,
}

/// <summary>A port on the public side of a gateway: <c>80</c> (TCP) or <c>53/udp</c>.</summary>
[JsonConverter(typeof(TextJsonConverter<PublicPort>))]
public readonly record struct PublicPort(Protocol Protocol, Port Port) : IText<PublicPort>, IComparable<PublicPort>
{
    /// <summary>The protocol's lower-case name, as nft, nginx and HAProxy write it.</summary>
    public string ProtocolName => Protocol == Protocol.Tcp ? "tcp" : "udp";

    /// <summary>As people read it in a sentence: <c>tcp 80</c>.</summary>
    public string Spoken => $"{ProtocolName} {Port}";

    /// <inheritdoc/>
    public static string Expected => "a port (1 to 65535, with /udp for UDP)";

    /// <inheritdoc/>
    public static bool TryParse(string text, out PublicPort value)
    {
        value = default;
        var (number, protocol) = text.IndexOf('/') is var slash and >= 0
            ? (text[..slash], text[(slash + 1)..].ToLowerInvariant())
            : (text, "tcp");
        if (protocol is not ("tcp" or "udp") || !Port.TryParse(number, out var port))
            return false;
        value = new PublicPort(protocol == "tcp" ? Protocol.Tcp : Protocol.Udp, port);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(PublicPort other) => Protocol != other.Protocol ? Protocol.CompareTo(other.Protocol) : Port.CompareTo(other.Port);

    /// <summary>The shortest written form: <c>80</c> for TCP, <c>53/udp</c> for UDP.</summary>
    public override string ToString() => Protocol == Protocol.Tcp ? Port.ToString() : $"{Port}/udp";
}
