using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Ports;

/// <summary>
/// One apply at a time a gateway, in however many processes. It spares work and keeps answers simple; that an older revision never replaces
/// a newer one is the gateway's own affair, which refuses it.
/// </summary>
public interface IGatewayLock
{
    /// <summary>Waits for the lock. It is free again when the result is disposed of, or a while after its holder has died.</summary>
    Task<IHeldLock> TakeAsync(Name<Gateway> gateway, CancellationToken cancel);
}

/// <summary>The lock of a gateway, held until it is disposed of.</summary>
public interface IHeldLock : IAsyncDisposable
{
    /// <summary>Cancelled when the lock could not be kept, and someone else may have it: stop.</summary>
    CancellationToken Lost { get; }
}
