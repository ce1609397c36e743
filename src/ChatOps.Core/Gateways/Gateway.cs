using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ChatOps.Core.Values;

namespace ChatOps.Core.Gateways;

/// <summary>A VM with public addresses, and how it is reached.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Addresses">Its public addresses, at most one a family.</param>
/// <param name="HostKey">The pinned SSH host key; null until the first contact when it was added without one.</param>
/// <param name="SshPort">Where its sshd listens.</param>
/// <param name="WireGuard">Its own address in the WireGuard network.</param>
/// <param name="WireGuardPort">The UDP port that peers dial.</param>
/// <param name="Mirrors">The gateway whose VMs, peers, exposures and rules it has too; null for none.</param>
/// <param name="Overlay">Its own Mycelium address, as it said itself; null until then, and when it has none.</param>
/// <param name="SshHost">What its sshd is dialled by; null for its addresses.</param>
/// <param name="Login">The account to log in with; null for the one that <c>install</c> makes.</param>
/// <param name="PublicInterface">The network interface that holds further public addresses; null for the one by which the gateway itself would reach them.</param>
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
    InterfaceName? PublicInterface = null
)
{
    private const string StreamPrefix = "gateway/";

    /// <summary>The address that a machine behind it sees it by: in the WireGuard network, or on the overlay; null when that is not known.</summary>
    public Address? InsideFor(Address machine) => WireGuard.Contains(machine) ? WireGuard.Address : machine.IsMycelium ? Overlay : null;

    /// <summary>The address families in which clients can reach this gateway.</summary>
    public IEnumerable<Family> Families => Addresses.Select(a => a.Family).Distinct().Order();

    /// <summary>A gateway with the usual ports and WireGuard network. A mirror has an address of its own at the end of it.</summary>
    public static Gateway WithDefaults(Name<Gateway> name, ImmutableArray<Address> addresses, HostKey? hostKey, Name<Gateway>? mirrors = null) =>
        new(name, addresses, hostKey, new Port(22), Text.Parse<InterfaceAddress>(mirrors is null ? "10.1.0.1/16" : "10.1.255.254/16"), new Port(51820), mirrors);

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
        };

    /// <summary>How it is reached, and where its public side is, where that is not the usual way; as typed, each with a space before it.</summary>
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
/// <param name="Name">Its name.</param>
/// <param name="Addresses">How the gateway reaches it: at most one address a family.</param>
public sealed record Vm(Name<Vm> Name, ImmutableArray<Address> Addresses)
{
    /// <summary>Its address in a family, or null.</summary>
    public Address? In(Family family) => Addresses.Where(a => a.Family == family).Select(a => (Address?)a).FirstOrDefault();
}

/// <summary>A WireGuard peer of the gateway.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">Its public key; the private one never leaves it.</param>
/// <param name="Address">Its address in the WireGuard network.</param>
/// <param name="Routes">Networks behind it, that the gateway reaches through it; null for none.</param>
public sealed record Peer(Name<Peer> Name, WireGuardKey Key, Address Address, Networks? Routes = null)
{
    /// <summary>True when what is sent to the address goes to this peer.</summary>
    public bool Carries(Address address) => Address == address || (Routes?.All.Any(n => n.Contains(address)) ?? false);

    /// <summary>True when nothing but name and key may differ.</summary>
    public bool IsAtThePlaceOf(Peer other) => Address == other.Address && Routes == other.Routes;
}
