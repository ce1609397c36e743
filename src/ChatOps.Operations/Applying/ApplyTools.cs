using ChatOps.Core.Application.Ports;

namespace ChatOps.Operations.Applying;

/// <summary>What Apply works with.</summary>
/// <param name="Progress">Hears of each step.</param>
/// <param name="Options">How long to wait.</param>
public sealed record ApplyTools(
    IConfigRenderer Renderer,
    IGatewayClient Shell,
    IApplyProgress Progress,
    TimeProvider Clock,
    ApplyOptions Options
)
{
    /// <summary>Keeps other processes away from a gateway; null where there are none.</summary>
    public IGatewayLock? Lease { get; init; }
}
