using System.Collections.Concurrent;
using ChatOps.Core.Gateways;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;

namespace ChatOps.Functions.Apply;

/// <summary>
/// Works on a nudge in the function app. For a gateway that does not answer one nudge is kept in the queue, invisible for a pause that grows; a
/// gateway that nobody has looked at yet is looked at.
/// </summary>
internal sealed class Nudged(NudgedWork work, INudgeQueue queue, IHealthBoard board, Func<CancellationToken, Task> lookAsync, TimeProvider clock)
{
    private readonly ConcurrentDictionary<Name<Gateway>, DateTimeOffset> _coming = new();

    /// <summary>True when the gateway is settled, false when it does not answer.</summary>
    public async Task<bool> RunAsync(Nudge nudge, CancellationToken cancel)
    {
        var pause = await work.RunAsync(nudge.Gateway, cancel);
        if (pause is { } wait && IsFirst(nudge.Gateway, clock.GetUtcNow() + wait))
            await queue.SendLaterAsync(nudge, wait, clock, cancel);
        if (board.Get(nudge.Gateway) is null)
            await lookAsync(cancel);
        return pause is null;
    }

    // Nudges that fail together would otherwise each bring a new one, for ever.
    private bool IsFirst(Name<Gateway> gateway, DateTimeOffset due)
    {
        while (true)
        {
            if (_coming.TryGetValue(gateway, out var coming))
            {
                if (coming > clock.GetUtcNow())
                    return false;
                if (_coming.TryUpdate(gateway, due, coming))
                    return true;
            }
            else if (_coming.TryAdd(gateway, due))
            {
                return true;
            }
        }
    }
}
