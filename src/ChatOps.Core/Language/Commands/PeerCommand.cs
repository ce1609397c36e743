using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Language.Commands;

/// <summary>A WireGuard peer has another name.</summary>
public sealed record RenamePeer(CommandSpec Spec, Name<Peer> Peer, Name<Peer> To, Name<Gateway>? At, string? Reason)
    : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"peer rename {Peer} {To}";
}

/// <summary>Let a WireGuard peer in.</summary>
/// <param name="Key">Its public key; null when one is to be made for it.</param>
/// <param name="Address">Its address in the WireGuard network; null for the first free one.</param>
/// <param name="Routes">Networks behind it; null for none.</param>
/// <param name="Psk">True for a preshared key, which is made for it.</param>
/// <param name="At">The gateway; null for the only one.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record AddPeer(
    CommandSpec Spec,
    Name<Peer> Peer,
    WireGuardKey? Key,
    Address? Address,
    Networks? Routes,
    bool Psk,
    Name<Gateway>? At,
    string? Reason
) : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line =>
        $"peer add {Peer}{(Key is { } key ? $" {key}" : "")}{(Address is { } address ? $" {address}" : "")}"
        + (Routes is { } routes ? $" routes {routes}" : "")
        + (Psk ? " psk" : "");

    /// <summary>The preshared key that was made for it, sealed; null for none.</summary>
    public SealedKeys? Preshared { get; init; }
}

/// <summary>Give a WireGuard peer another key.</summary>
/// <param name="Key">The new public key; null when one is to be made for it.</param>
/// <param name="Psk">True for a preshared key, which is made for it.</param>
/// <param name="At">The gateway; null for the only one.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record RotatePeer(CommandSpec Spec, Name<Peer> Peer, WireGuardKey? Key, bool Psk, Name<Gateway>? At, string? Reason)
    : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"peer rotate {Peer}{(Key is { } key ? $" {key}" : "")}{(Psk ? " psk" : "")}";

    /// <summary>The preshared key that was made for it, sealed; null for none.</summary>
    public SealedKeys? Preshared { get; init; }
}

/// <summary>Shut a WireGuard peer out.</summary>
public sealed record RemovePeer(CommandSpec Spec, Name<Peer> Peer, Name<Gateway>? At, string? Reason) : ChangeCommand(Spec, At, Reason)
{
    /// <inheritdoc/>
    public override string Line => $"peer remove {Peer}";
}
