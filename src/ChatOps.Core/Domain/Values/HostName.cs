using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Values;

/// <summary>What a machine is dialled by: a DNS name (RFC 1123, lower case) or an address.</summary>
[JsonConverter(typeof(TextJsonConverter<HostName>))]
public readonly record struct HostName : IText<HostName>
{
    private readonly string? _text;

    private HostName(string text) => _text = text;

    /// <inheritdoc/>
    public static string Expected => "a host name or an address, such as gw1.example.net";

    /// <inheritdoc/>
    public static bool TryParse(string text, out HostName value)
    {
        value = default;
        if (Address.TryParse(text, out var address))
        {
            value = new HostName(address.ToString());
            return true;
        }

        var lower = text.ToLowerInvariant().TrimEnd('.');
        var labels = lower.Split('.');
        if (lower.Length is 0 or > 253 || !Array.TrueForAll(labels, IsLabel) || labels[^1].All(char.IsAsciiDigit))
            return false;
        value = new HostName(lower);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    private static bool IsLabel(string label) =>
        label.Length is >= 1 and <= 63
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}

/// <summary>
/// Where an sshd answers: <c>gw1.example.net:2222</c>, <c>[2001:db8::1]:2222</c>, or only the port on addresses that are known:
/// <c>2222</c>.
/// </summary>
/// <param name="Host">The host; null for the known addresses.</param>
public readonly record struct SshPlace(HostName? Host, Port Port) : IText<SshPlace>
{
    private static readonly Port Usual = new(22);

    /// <inheritdoc/>
    public static string Expected =>
        "where sshd answers: a host name or an address with or without a port, or a port alone, such as gw1.example.net:2222";

    /// <inheritdoc/>
    public static bool TryParse(string text, out SshPlace value)
    {
        value = default;
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            if (!Port.TryParse(text, out var only))
                return false;
            value = new SshPlace(null, only);
            return true;
        }

        // IPv6 addresses have colons of their own, so with a port they stand in brackets.
        var (host, number) =
            text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is var end and > 0 ? (text[1..end], text[(end + 1)..])
            : text.Count(c => c == ':') == 1 ? (text[..text.IndexOf(':')], text[text.IndexOf(':')..])
            : (text, "");
        var port = Usual;
        if (!HostName.TryParse(host, out var name) || (number.Length > 0 && (number[0] != ':' || !Port.TryParse(number[1..], out port))))
            return false;
        value = new SshPlace(name, port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Host is not { } host ? Port.ToString()
        : Port == Usual ? host.ToString()
        : host.ToString().Contains(':', StringComparison.Ordinal) ? $"[{host}]:{Port}"
        : $"{host}:{Port}";
}

/// <summary>
/// The name of an account on a machine: a small letter or an underscore, then small letters, digits, dots, hyphens and underscores, 32 at
/// most.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<Login>))]
public readonly record struct Login : IText<Login>
{
    private readonly string? _text;

    private Login(string text) => _text = text;

    /// <inheritdoc/>
    public static string Expected => "an account on the gateway, such as chatops";

    /// <inheritdoc/>
    public static bool TryParse(string text, out Login value)
    {
        var ok =
            text.Length is >= 1 and <= 32
            && (char.IsAsciiLetterLower(text[0]) || text[0] == '_')
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.');
        value = ok ? new Login(text) : default;
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";
}

/// <summary>A gateway's own address in its WireGuard network, and the UDP port that peers dial: <c>10.9.0.1/24:51821</c>.</summary>
/// <param name="Address">The address with its network.</param>
/// <param name="Port">The port; null for the one that it has.</param>
public readonly record struct WireGuardPlace(InterfaceAddress Address, Port? Port) : IText<WireGuardPlace>
{
    /// <inheritdoc/>
    public static string Expected =>
        "the gateway's IPv4 address in its WireGuard network, with or without a port, such as 10.9.0.1/24:51821";

    /// <inheritdoc/>
    public static bool TryParse(string text, out WireGuardPlace value)
    {
        value = default;
        var parts = text.Split(':');
        if (
            parts.Length > 2
            || !InterfaceAddress.TryParse(parts[0], out var address)
            || address.Address.Family != Family.IPv4
            || address.Length is < 8 or > 30
        )
            return false;
        Port? port = null;
        if (parts.Length == 2)
        {
            if (!Values.Port.TryParse(parts[1], out var number))
                return false;
            port = number;
        }

        value = new WireGuardPlace(address, port);

        // The first and the last address of a network are nobody's.
        return address.Address != address.Network.Address && address.Address != address.At(-1);
    }

    /// <inheritdoc/>
    public override string ToString() => Port is { } port ? $"{Address}:{port}" : Address.ToString();
}
