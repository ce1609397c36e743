using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Ports;

/// <summary>Says that a gateway has work in the log. It carries nothing else, so that it may be lost, doubled or late.</summary>
/// <param name="Revision">The revision that was accepted, for tracing only.</param>
public sealed record Nudge(Name<Gateway> Gateway, Revision Revision);

/// <summary>A queue of nudges.</summary>
public interface INudgeQueue
{
    /// <summary>Sends a nudge, which may arrive late, twice or not at all.</summary>
    Task SendAsync(Nudge nudge, CancellationToken cancel);

    /// <summary>Sends one that is not to come before a pause is over. A queue that can keep it meanwhile returns at once.</summary>
    async Task SendLaterAsync(Nudge nudge, TimeSpan pause, TimeProvider clock, CancellationToken cancel)
    {
        await Task.Delay(pause, clock, cancel);
        await SendAsync(nudge, cancel);
    }

    /// <summary>
    /// Nudges as they come, until cancelled. What was taken and not settled by then comes again, where the queue outlives the process.
    /// </summary>
    IAsyncEnumerable<TakenNudge> ReceiveAsync(CancellationToken cancel);
}
