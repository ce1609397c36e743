using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Gateways;

/// <summary>A VM with public addresses, and how it is reached.</summary>
/// <param name="Addresses">Its public addresses, at most one a family.</param>
/// <param name="HostKey">The pinned SSH host key; null until the first contact when it was added without one.</param>
/// <param name="SshPort">Where its sshd listens.</param>
/// <param name="WireGuard">Its own address in the WireGuard network.</param>
/// <param name="WireGuardPort">The UDP port that peers dial.</param>
/// <param name="Mirrors">The gateway whose VMs, peers, exposures and rules it has too; null for none.</param>
/// <param name="Overlay">Its own Mycelium address, as it said itself; null until then, and when it has none.</param>
/// <param name="SshHost">What its sshd is dialled by; null for its addresses.</param>
/// <param name="Login">The account to log in with; null for the one that <c>install</c> makes.</param>
/// <param name="PublicInterface">The network interface that holds further public addresses; null for the one by which the gateway itself
/// would reach them.</param>
/// <param name="WireGuard6">The IPv6 network of the tunnel; null for none. Who is in it is computed, see <see cref="SixOf"/>.</param>
public sealed record Gateway(
    Name<Gateway> Name,
    ImmutableArray<Address> Addresses,
    HostKey? HostKey,
    Port SshPort,
    InterfaceAddress WireGuard,
    Port WireGuardPort,
    Name<Gateway>? Mirrors = null,
    Address? Overlay = null,
    HostName? SshHost = null,
    Login? Login = null,
    InterfaceName? PublicInterface = null,
    Network? WireGuard6 = null
)
{
    private const string StreamPrefix = "gateway/";

    /// <summary>
    /// The address that a machine behind it sees it by: in the WireGuard network, or on the overlay; null when that is not known.
    /// </summary>
    public Address? InsideFor(Address machine) =>
        WireGuard.Contains(machine) ? WireGuard.Address
        : WireGuard6?.Contains(machine) is true ? SixOf(WireGuard.Address)
        : machine.IsMycelium ? Overlay
        : null;

    /// <summary>
    /// The IPv6 address of a machine of the WireGuard network: its low bits are the machine's number in the IPv4 network, so 10.1.1.5 of
    /// 10.1.0.0/16 is fd77:1::105. Null without an IPv6 network, and for an address that is not in the IPv4 one.
    /// </summary>
    public Address? SixOf(Address four)
    {
        if (WireGuard6 is not { } network || !WireGuard.Contains(four))
            return null;
        var (host, bytes) = (four.Bytes, network.Address.Bytes);
        for (var bit = WireGuard.Length; bit < 32; bit++)
            bytes[12 + (bit / 8)] |= (byte)(host[bit / 8] & (0x80 >> (bit % 8)));
        return Address.Of(bytes);
    }

    /// <summary>The machine of the IPv4 network that would have an address of the IPv6 one; null when none would.</summary>
    public Address? FourOf(Address six)
    {
        if (WireGuard6?.Contains(six) is not true)
            return null;
        var (host, bytes) = (six.Bytes, WireGuard.Network.Address.Bytes);
        for (var bit = WireGuard.Length; bit < 32; bit++)
            bytes[bit / 8] |= (byte)(host[12 + (bit / 8)] & (0x80 >> (bit % 8)));
        var four = Address.Of(bytes);
        return four != WireGuard.Network.Address && four != WireGuard.At(-1) && SixOf(four) == six ? four : null;
    }

    /// <summary>The networks of its tunnel: the IPv4 one, and the IPv6 one where there is one.</summary>
    [JsonIgnore]
    public ImmutableArray<InterfaceAddress> Networks => WireGuard6 is { } six ? [WireGuard, new(six.Address, six.Length)] : [WireGuard];

    /// <summary>The address families in which clients can reach this gateway.</summary>
    public IEnumerable<Family> Families => Addresses.Select(a => a.Family).Distinct().Order();

    /// <summary>A gateway with the usual ports and WireGuard network. A mirror has an address of its own at the end of it.</summary>
    public static Gateway WithDefaults(
        Name<Gateway> name,
        ImmutableArray<Address> addresses,
        HostKey? hostKey,
        Name<Gateway>? mirrors = null
    ) =>
        new(
            name,
            addresses,
            hostKey,
            new Port(22),
            Text.Parse<InterfaceAddress>(mirrors is null ? "10.1.0.1/16" : "10.1.255.254/16"),
            new Port(51820),
            mirrors
        );

    /// <summary>The gateway with what is said of it; what is not stays.</summary>
    public Gateway With(GatewaySettings settings) =>
        this with
        {
            SshHost = settings.Ssh is { } ssh ? ssh.Host : SshHost,
            SshPort = settings.Ssh is { Port: var port } ? port : SshPort,
            Login = settings.As ?? Login,
            PublicInterface = settings.Interface ?? PublicInterface,
            WireGuard = settings.WireGuard is { } network ? network.Address : WireGuard,
            WireGuardPort = settings.WireGuard is { Port: { } dialled } ? dialled : WireGuardPort,
            WireGuard6 = settings.WireGuard6 ?? WireGuard6,
        };

    /// <summary>
    /// How it is reached, and where its public side is, where that is not the usual way; as typed, each with a space before it.
    /// </summary>
    [JsonIgnore]
    public string AccessWords =>
        (SshHost is not null || SshPort.Number != 22 ? $" ssh {new SshPlace(SshHost, SshPort)}" : "")
        + (Login is { } login ? $" as {login}" : "")
        + (PublicInterface is { } name ? $" interface {name}" : "");

    /// <summary>The stream of the log that holds everything about this gateway.</summary>
    public static string StreamOf(Name<Gateway> name) => StreamPrefix + name;

    /// <summary>The gateway that a stream is about; null for other streams.</summary>
    public static Name<Gateway>? OfStream(string stream) =>
        stream.StartsWith(StreamPrefix, StringComparison.Ordinal) && Name<Gateway>.TryParse(stream[StreamPrefix.Length..], out var name)
            ? name
            : null;
}

/// <summary>A machine behind a gateway.</summary>
/// <param name="Addresses">How the gateway reaches it: at most one address a family.</param>
public sealed record Vm(Name<Vm> Name, ImmutableArray<Address> Addresses)
{
    /// <summary>Its address in a family, or null.</summary>
    public Address? In(Family family) => Addresses.Where(a => a.Family == family).Select(a => (Address?)a).FirstOrDefault();
}

/// <summary>A WireGuard peer of the gateway.</summary>
/// <param name="Key">Its public key; the private one never leaves it.</param>
/// <param name="Address">Its address in the WireGuard network.</param>
/// <param name="Routes">Networks behind it, that the gateway reaches through it; null for none.</param>
/// <param name="Preshared">Its preshared key, sealed to the gateways that it connects to; null for none.</param>
public sealed record Peer(Name<Peer> Name, WireGuardKey Key, Address Address, Networks? Routes = null, SealedKeys? Preshared = null)
{
    /// <summary>True when what a gateway sends to the address goes to this peer.</summary>
    public bool Carries(Address address, Gateway gateway) =>
        Address == address || gateway.SixOf(Address) == address || (Routes?.All.Any(n => n.Contains(address)) ?? false);

    /// <summary>
    /// True when a gateway with this key cannot open its preshared key, and so does not let it in; never while that is not known.
    /// </summary>
    public bool IsShutAt(WireGuardKey? gateway) => gateway is { } key && Preshared?.IsFor(key) is false;

    /// <summary>Its addresses in the tunnel of a gateway: the IPv4 one, and the IPv6 one where there is such a network.</summary>
    public IEnumerable<Address> AddressesAt(Gateway gateway) => gateway.SixOf(Address) is { } six ? [Address, six] : [Address];

    /// <summary>True when nothing but name and keys may differ.</summary>
    public bool IsAtThePlaceOf(Peer other) => Address == other.Address && Routes == other.Routes;
}
