using System.Collections.Immutable;
using ChatOps.Core.Values;

namespace ChatOps.Core.Gateways;

/// <summary>
/// What can happen in a gateway's stream. Events are facts, in the past tense, and are never changed once they are written: their stored
/// names are in <see cref="Log.EventTypes"/>, with a stored sample of each in the tests.
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
}

/// <summary>The gateway is ours to configure.</summary>
public sealed record GatewayAdded(int Change, Gateway Gateway) : Effect;

/// <summary>A VM is known behind the gateway.</summary>
public sealed record VmAdded(int Change, Name<Vm> Vm, ImmutableArray<Address> Addresses) : Effect;

/// <summary>A VM is not known any more.</summary>
public sealed record VmRemoved(int Change, Name<Vm> Vm) : Effect;

/// <summary>A WireGuard peer may connect.</summary>
public sealed record PeerAdded(int Change, Name<Peer> Peer, WireGuardKey Key, Address Address) : Effect;

/// <summary>A WireGuard peer may not connect any more.</summary>
public sealed record PeerRemoved(int Change, Name<Peer> Peer) : Effect;

/// <summary>A public port is open and leads to these endpoints.</summary>
public sealed record ExposureOpened(int Change, PublicPort Port, ImmutableArray<VmEndpoint> Targets) : Effect;

/// <summary>A public port is closed, and its connections are cut.</summary>
public sealed record ExposureClosed(int Change, PublicPort Port) : Effect;

/// <summary>The gateway's SSH host key was seen for the first time and is pinned from now on.</summary>
public sealed record HostKeyPinned(HostKey HostKey) : GatewayEvent;
