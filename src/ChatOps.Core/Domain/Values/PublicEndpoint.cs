using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Values;

/// <summary>
/// A host name with a path below which it answers: <c>app.example.com</c>, <c>app.example.com/api</c>, or all names of a domain:
/// <c>*.example.com</c>. Lower case, no port, no trailing slash.
/// </summary>
/// <param name="Host">The host name (RFC 1123, at least one dot).</param>
/// <param name="Path">The path with its slash, or empty for all of it.</param>
[JsonConverter(typeof(TextJsonConverter<WebAddress>))]
public readonly record struct WebAddress(string Host, string Path) : IText<WebAddress>, IComparable<WebAddress>
{
    /// <summary>True for all names of a domain.</summary>
    public bool IsWildcard => Host.StartsWith("*.", StringComparison.Ordinal);

    /// <inheritdoc/>
    public static string Expected => "a host name with or without a path, such as app.example.com/api";

    /// <inheritdoc/>
    public static bool TryParse(string text, out WebAddress value)
    {
        value = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (AsciiOf((slash < 0 ? text : text[..slash]).TrimEnd('.')) is not { } host)
            return false;
        var path = slash < 0 ? "" : text[slash..].TrimEnd('/');
        var labels = (host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host).Split('.');
        var isName = host.Length <= 253 && labels.Length >= 2 && labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit);
        if (
            !isName
            || path.Length > 200
            || path.Contains("//", StringComparison.Ordinal)
            || path.Split('/').Any(s => s is "." or "..")
            || !path.All(IsPathCharacter)
        )
            return false;
        value = new WebAddress(host, path);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(WebAddress other) =>
        string.CompareOrdinal(Host, other.Host) is var byHost and not 0 ? byHost : string.CompareOrdinal(Path, other.Path);

    /// <inheritdoc/>
    public override string ToString() => Host + Path;

    private static bool IsLabel(string label) =>
        label.Length is >= 1 and <= 63
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    // As DNS has it (RFC 5891): bücher.example.com is xn--bcher-kva.example.com.
    private static string? AsciiOf(string host)
    {
        try
        {
            var lower = host.ToLowerInvariant();
            return lower.All(char.IsAscii) ? lower : new IdnMapping().GetAscii(lower);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // Nothing that would need quoting in a configuration file or escaping in a URL.
    private static bool IsPathCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '~';
}

/// <summary>What clients dial: a port of the gateway, or a host name and path that share its web ports with others.</summary>
[JsonConverter(typeof(TextJsonConverter<PublicEndpoint>))]
public readonly record struct PublicEndpoint : IText<PublicEndpoint>, IComparable<PublicEndpoint>
{
    private readonly PublicPort _port;

    private PublicEndpoint(PublicPort port, WebAddress? web) => (_port, Web) = (port, web);

    /// <summary>The host name and path; null for a port.</summary>
    public WebAddress? Web { get; }

    /// <summary>The port; null for a web address.</summary>
    public PublicPort? Port => Web is null ? _port : null;

    /// <summary>As people read it in a sentence: <c>tcp 80</c>, <c>app.example.com/api</c>.</summary>
    public string Spoken => Web?.ToString() ?? _port.Spoken;

    /// <inheritdoc/>
    public static string Expected => "a port (1 to 65535, with /udp for UDP) or a host name";

    /// <summary>Makes an endpoint of a public port.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "the constructor is private on purpose")]
    public static implicit operator PublicEndpoint(PublicPort port) => new(port, null);

    /// <summary>A web address.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "the constructor is private on purpose")]
    public static implicit operator PublicEndpoint(WebAddress web) => new(default, web);

    /// <inheritdoc/>
    public static bool TryParse(string text, out PublicEndpoint value)
    {
        if (PublicPort.TryParse(text, out var port))
            value = port;
        else if (WebAddress.TryParse(text, out var web))
            value = web;
        else
        {
            value = default;
            return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(PublicEndpoint other) =>
        (Web, other.Web) switch
        {
            (null, null) => _port.CompareTo(other._port),
            ({ } mine, { } theirs) => mine.CompareTo(theirs),
            _ => Web is null ? -1 : 1,
        };

    /// <inheritdoc/>
    public override string ToString() => Web?.ToString() ?? _port.ToString();
}

/// <summary>The ports that web addresses share.</summary>
public static class WebPorts
{
    /// <summary>Plain HTTP, and the redirect to HTTPS.</summary>
    public static PublicPort Http { get; } = new(Protocol.Tcp, new Port(80));

    /// <summary>HTTP over TLS.</summary>
    public static PublicPort Https { get; } = new(Protocol.Tcp, new Port(443));
}
