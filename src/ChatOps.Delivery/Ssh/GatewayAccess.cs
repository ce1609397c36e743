using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Delivery.Ssh;

/// <summary>
/// How gateways are reached over SSH, in every edition: with which key, as whom, and where. What the log says of a gateway comes first
/// after what is said here of it by name.
/// </summary>
/// <param name="Identity">The key that ChatOps shows.</param>
public sealed record GatewayAccess(SshIdentity Identity)
{
    /// <summary>The account that <c>infra/gateway/install</c> makes, whose only command is the gateway's program.</summary>
    public const string UsualLogin = "chatops";

    /// <summary>As whom to log in on gateways of which the log does not say it.</summary>
    public string Login { get; init; } = UsualLogin;

    /// <summary>Where gateways are dialled from this machine instead of where the log says, by name.</summary>
    public ImmutableDictionary<Name<Gateway>, DialAddress> Dial { get; init; } = ImmutableDictionary<Name<Gateway>, DialAddress>.Empty;

    /// <summary>How long one address may take to answer, and one step of the handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a verb may take, from sending it to its whole answer.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(60);

    internal string LoginOf(Gateway gateway) => gateway.Login?.ToString() ?? Login;

    /// <summary>
    /// A gateway's places in the order in which they are tried: the one that is said here alone, or its addresses, IPv4 first.
    /// </summary>
    internal IReadOnlyList<DialAddress> PlacesOf(Gateway gateway) =>
        Dial.TryGetValue(gateway.Name, out var said) ? [said]
        : gateway.SshHost is { } host ? [new(host.ToString(), gateway.SshPort.Number)]
        : [.. gateway.Addresses.OrderBy(a => a.Family).Select(a => new DialAddress(a.ToString(), gateway.SshPort.Number))];
}
