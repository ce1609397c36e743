using System.Collections.Concurrent;
using ChatOps.Core.Gateways;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;

namespace ChatOps.Local;

/// <summary>What was last heard of the gateways, in memory.</summary>
internal sealed class HealthBoard : IHealthBoard
{
    private readonly ConcurrentDictionary<Name<Gateway>, GatewayHealth> _board = new();

    /// <inheritdoc/>
    public void Put(Name<Gateway> gateway, GatewayHealth health) => _board[gateway] = health;

    /// <inheritdoc/>
    public GatewayHealth? Get(Name<Gateway> gateway) => _board.GetValueOrDefault(gateway);
}
