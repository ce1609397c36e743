using System.Collections.Concurrent;
using ChatOps.Core.Application.Ports;

namespace ChatOps.Integration.Faults;

/// <summary>A queue as bad as its promises allow: every message comes twice, each after a pause of its own, so in any order.</summary>
internal sealed class CarelessQueue(INudgeQueue queue, int seed) : INudgeQueue
{
    private readonly Random _random = new(seed);

    public ConcurrentQueue<Nudge> Sent { get; } = new();

    public async Task SendAsync(Nudge nudge, CancellationToken cancel)
    {
        for (var i = 0; i < 2; i++)
        {
            Sent.Enqueue(nudge);
            await queue.SendLaterAsync(nudge, TimeSpan.FromSeconds(_random.Next(0, 4)), TimeProvider.System, cancel);
        }
    }

    public IAsyncEnumerable<TakenNudge> ReceiveAsync(CancellationToken cancel) => queue.ReceiveAsync(cancel);
}
