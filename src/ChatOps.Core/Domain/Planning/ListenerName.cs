using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Planning;

/// <summary>The name of a proxy's listener, in its configuration and in what it says of itself: <c>tcp-7000-ipv4</c>.</summary>
/// <param name="Clients">The family of the clients' addresses.</param>
public readonly record struct ListenerName(PublicPort Port, Family Clients) : IText<ListenerName>
{
    // As templates/haproxy names them, by their place.
    private const string ServerPrefix = "vm";

    /// <inheritdoc/>
    public static string Expected => "the name of a listener, such as tcp-7000-ipv4";

    /// <inheritdoc/>
    public static bool TryParse(string text, out ListenerName value)
    {
        value = default;
        if (
            text.Split('-') is not [var protocol, var number, "ipv4" or "ipv6"]
            || !PublicPort.TryParse($"{number}/{protocol}", out var port)
        )
            return false;
        value = new ListenerName(port, text[^1] == '4' ? Family.IPv4 : Family.IPv6);
        return true;
    }

    /// <summary>The target that a server of this listener is; null when there is none any more.</summary>
    /// <param name="server">The server's name: <c>vm1</c> for the first target.</param>
    public (Exposure Exposure, VmEndpoint Target)? TargetOf(Edge edge, string server) =>
        edge.Exposures.TryGetValue(Port, out var exposure)
        && server.StartsWith(ServerPrefix, StringComparison.Ordinal)
        && int.TryParse(server.AsSpan(ServerPrefix.Length), out var place)
        && place >= 1
        && place <= exposure.Targets.Length
            ? (exposure, exposure.Targets[place - 1])
            : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Port.ProtocolName}-{Port.Port}-ipv{(Clients == Family.IPv4 ? '4' : '6')}";
}
