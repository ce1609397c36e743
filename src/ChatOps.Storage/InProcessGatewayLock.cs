using System.Collections.Concurrent;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Storage;

internal sealed class InProcessGatewayLock : IGatewayLock
{
    private readonly ConcurrentDictionary<Name<Gateway>, SemaphoreSlim> _turns = new();

    /// <inheritdoc/>
    public async Task<IHeldLock> TakeAsync(Name<Gateway> gateway, CancellationToken cancel)
    {
        var turn = _turns.GetOrAdd(gateway, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancel);
        return new HeldLock(turn);
    }

    private sealed class HeldLock(SemaphoreSlim turn) : IHeldLock
    {
        private int _isOver;

        public CancellationToken Lost => CancellationToken.None;

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                turn.Release();
            return ValueTask.CompletedTask;
        }
    }
}
