using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Gateways;

/// <summary>
/// What can happen in a gateway's stream. Events are facts, in the past tense, and are never changed once they are written: their stored
/// names, and all else that is known of each kind, are in the table of event types, with a stored sample of each in the tests.
/// </summary>
public abstract record GatewayEvent
{
    private protected GatewayEvent() { }
}

/// <summary>
/// An event that changes what the gateway is to do. It is carried by the proposal first and becomes an event of its own once the gateway
/// has confirmed it, so the log never says that something was open which was not.
/// </summary>
public abstract record Effect : GatewayEvent
{
    private protected Effect() { }

    /// <summary>The number of the change that brings it about; 0 for what configuration says.</summary>
    public abstract int Change { get; init; }
}

/// <summary>The gateway is ours to configure.</summary>
public sealed record GatewayAdded(int Change, Gateway Gateway) : Effect;

/// <summary>The gateway is reached in another way, or its peers reach it in another way; this is all of it now.</summary>
public sealed record GatewayChanged(int Change, Gateway Gateway) : Effect;

/// <summary>The gateway is not ours any more, with all that was known behind it. Nothing was done on the machine.</summary>
public sealed record GatewayRemoved(int Change) : Effect;

/// <summary>A VM is known behind the gateway.</summary>
public sealed record VmAdded(int Change, Name<Vm> Vm, ImmutableArray<Address> Addresses) : Effect;

/// <summary>A VM is not known any more.</summary>
public sealed record VmRemoved(int Change, Name<Vm> Vm) : Effect;

/// <summary>A VM has another name. Who opened what leads to it, and all that holds about it, stays.</summary>
/// <param name="Vm">What it was called.</param>
/// <param name="To">What it is called now.</param>
public sealed record VmRenamed(int Change, Name<Vm> Vm, Name<Vm> To) : Effect;

/// <summary>A WireGuard peer may connect.</summary>
/// <param name="Address">Its address in the WireGuard network.</param>
/// <param name="Routes">Networks behind it; null for none.</param>
/// <param name="Preshared">Its preshared key, sealed to the gateways; null for none.</param>
public sealed record PeerAdded(
    int Change,
    Name<Peer> Peer,
    WireGuardKey Key,
    Address Address,
    Networks? Routes = null,
    SealedKeys? Preshared = null
) : Effect;

/// <summary>A WireGuard peer has other keys: the former ones may not connect any more.</summary>
/// <param name="Preshared">Its preshared key, sealed to the gateways; null for none.</param>
public sealed record PeerRekeyed(int Change, Name<Peer> Peer, WireGuardKey Key, SealedKeys? Preshared = null) : Effect;

/// <summary>A WireGuard peer has another name.</summary>
/// <param name="Peer">What it was called.</param>
/// <param name="To">What it is called now.</param>
public sealed record PeerRenamed(int Change, Name<Peer> Peer, Name<Peer> To) : Effect;

/// <summary>A WireGuard peer may not connect any more.</summary>
public sealed record PeerRemoved(int Change, Name<Peer> Peer) : Effect;

/// <summary>A public endpoint is open and leads to these endpoints.</summary>
/// <param name="Options">How it differs from a plain one; null for a plain one.</param>
public sealed record ExposureOpened(
    int Change,
    [property: JsonPropertyName("port")] PublicEndpoint Endpoint,
    ImmutableArray<VmEndpoint> Targets,
    ExposureOptions? Options = null
) : Effect;

/// <summary>A public endpoint is closed, and its connections are cut.</summary>
public sealed record ExposureClosed(int Change, [property: JsonPropertyName("port")] PublicEndpoint Endpoint) : Effect;

/// <summary>An open endpoint stays open until another time.</summary>
/// <param name="Until">When it ends; for a length of time that has not begun, what it would be if it began at the proposal.</param>
/// <param name="For">A length of time that begins when the gateway confirms it; null for a moment.</param>
public sealed record ExposureExtended(int Change, PublicEndpoint Endpoint, DateTimeOffset Until, TimeSpan? For = null) : Effect;

/// <summary>A rule holds.</summary>
public sealed record RuleAdded(int Change, Rule Rule) : Effect;

/// <summary>A rule holds no more.</summary>
public sealed record RuleRemoved(int Change, Rule Rule) : Effect;

/// <summary>The gateway was made anew what the log says, because it was found to differ.</summary>
public sealed record EdgeRepaired(int Change) : Effect;

/// <summary>The gateway's SSH host key was seen for the first time and is pinned from now on.</summary>
public sealed record HostKeyPinned(HostKey HostKey) : GatewayEvent;

/// <summary>The gateway says by which address it is on the Mycelium overlay; null when it no longer is.</summary>
public sealed record OverlaySeen(Address? Overlay) : GatewayEvent;

/// <summary>
/// The gateway says which certificates lie on it, used or not; written when that changes, or when one of them comes to its end.
/// </summary>
/// <param name="Held">All of them, by name.</param>
public sealed record CertificatesSeen(ImmutableArray<HeldCertificate> Held) : GatewayEvent
{
    /// <summary>Whether another look found the same.</summary>
    public bool SaysTheSame(CertificatesSeen other) =>
        Held.Length == other.Held.Length
        && Held.Zip(other.Held)
            .All(p => p.First with { Hosts = p.Second.Hosts } == p.Second && p.First.Hosts.SequenceEqual(p.Second.Hosts));
}

/// <summary>An alert begins or is over.</summary>
public abstract record AlertEvent : GatewayEvent
{
    private protected AlertEvent() { }

    /// <summary>What it is about, kind first.</summary>
    public abstract string Key { get; init; }
}

/// <summary>Something on the gateway wants a person's attention. Raised once, until it is cleared.</summary>
/// <param name="Key">What it is about: <c>drift</c>, <c>backend tcp/7000 vm3</c>, <c>expiry 80</c>.</param>
/// <param name="Text">A sentence for people.</param>
/// <param name="Detail">More to look at, such as a diff; or null.</param>
/// <param name="Next">Lines to type next.</param>
public sealed record AlertRaised(string Key, string Text, string? Detail, ImmutableArray<string> Next) : AlertEvent;

/// <summary>What an alert was about is over.</summary>
public sealed record AlertCleared(string Key, string Text) : AlertEvent;
