using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Ports;

/// <summary>
/// One apply at a time a gateway, in however many processes. It spares work and keeps answers simple; that an older revision never replaces
/// a newer one is the gateway's own affair, which refuses it.
/// </summary>
public interface IGatewayLock
{
    /// <summary>Waits for the turn. It ends when the result is disposed of, or a while after its holder has died.</summary>
    Task<IGatewayTurn> TakeAsync(Name<Gateway> gateway, CancellationToken cancel);
}

/// <summary>A turn at a gateway, until it is disposed of.</summary>
public interface IGatewayTurn : IAsyncDisposable
{
    /// <summary>Cancelled when the turn could not be kept, and someone else may have it: stop.</summary>
    CancellationToken Lost { get; }
}
