using ChatOps.Core.Gateways;
using ChatOps.Core.Values;

namespace ChatOps.Core.Ports;

/// <summary>Says that a gateway has work in the log. It carries nothing else, so that it may be lost, doubled or late.</summary>
/// <param name="Gateway">Where.</param>
/// <param name="Revision">The revision that was accepted, for tracing only.</param>
public sealed record Nudge(Name<Gateway> Gateway, Revision Revision);

/// <summary>A queue of nudges.</summary>
public interface INudgeQueue
{
    /// <summary>Sends one.</summary>
    Task SendAsync(Nudge nudge, CancellationToken cancel);

    /// <summary>Nudges as they come, until cancelled. What was taken and not settled by then comes again, where the queue outlives the process.</summary>
    IAsyncEnumerable<TakenNudge> ReceiveAsync(CancellationToken cancel);
}
