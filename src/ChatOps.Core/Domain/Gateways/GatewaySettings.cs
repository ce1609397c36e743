using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Gateways;

/// <summary>How a gateway is reached, and how its peers reach it, where that is said; null where it is not.</summary>
/// <param name="Ssh">Where its sshd answers.</param>
/// <param name="As">The account to log in with.</param>
/// <param name="WireGuard">Its address in the WireGuard network, and the port.</param>
/// <param name="Interface">The network interface that holds further public addresses.</param>
/// <param name="WireGuard6">The IPv6 network of the tunnel.</param>
public sealed record GatewaySettings(
    SshPlace? Ssh = null,
    Login? As = null,
    WireGuardPlace? WireGuard = null,
    InterfaceName? Interface = null,
    Network? WireGuard6 = null
)
{
    /// <summary>Nothing is said.</summary>
    public static GatewaySettings None { get; } = new();

    /// <summary>As typed, each with a space before it.</summary>
    public string Words =>
        (Ssh is { } ssh ? $" ssh {ssh}" : "")
        + (As is { } login ? $" as {login}" : "")
        + (WireGuard is { } wireguard ? $" wireguard {wireguard}" : "")
        + (WireGuard6 is { } six ? $" wireguard6 {six}" : "")
        + (Interface is { } name ? $" interface {name}" : "");
}
