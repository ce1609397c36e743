using System.Collections.Immutable;
using System.Net;
using ChatOps.Core.Gateways;
using ChatOps.Core.Values;

namespace ChatOps.Delivery.Ssh;

/// <summary>How gateways are reached over SSH.</summary>
/// <param name="User">The account on the gateway whose only command is its script.</param>
/// <param name="IdentityFile">The private key, in OpenSSH's format, without a passphrase, for its owner's eyes only.</param>
/// <param name="Dial">
/// Where gateways are dialled instead of at their own addresses, by name: an <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>.
/// </param>
public sealed record SshOptions(string User, string IdentityFile, ImmutableDictionary<Name<Gateway>, EndPoint> Dial)
{
    /// <summary>The private key itself, where a vault gives it; then <see cref="IdentityFile"/> only says where it came from. Null for a file.</summary>
    public SshKeyText? Key { get; init; }

    /// <summary>How long one address may take to answer, and one step of the handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a verb may take, from sending it to its whole answer.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
