using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ChatOps.Core.Gateways;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;

namespace ChatOps.Storage;

/// <summary>
/// A queue within the process. Nudges that wait for the same gateway are one, with the newest revision, so the queue never holds more
/// than there are gateways. A restart loses it, which does no harm: Reconcile nudges again what the log says is unfinished. Each nudge
/// goes to one receiver; two receivers can have nudges for the same gateway at once, so who applies must still take turns.
/// </summary>
public sealed class InProcessNudgeQueue : INudgeQueue
{
    private readonly Channel<Name<Gateway>> _order = Channel.CreateUnbounded<Name<Gateway>>();
    private readonly Dictionary<Name<Gateway>, Nudge> _waiting = [];

    /// <inheritdoc/>
    public Task SendAsync(Nudge nudge, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (_waiting)
        {
            if (!_waiting.TryGetValue(nudge.Gateway, out var before))
                _order.Writer.TryWrite(nudge.Gateway);
            if (before is null || nudge.Revision.CompareTo(before.Revision) > 0)
                _waiting[nudge.Gateway] = nudge;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TakenNudge> ReceiveAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var gateway in _order.Reader.ReadAllAsync(cancel))
            yield return new Taken(this, Take(gateway));
    }

    // Taken before it is handed out: what is sent from now on may be about something newer than the receiver will read.
    private Nudge Take(Name<Gateway> gateway)
    {
        lock (_waiting)
        {
            _waiting.Remove(gateway, out var nudge);
            return nudge!;
        }
    }

    // It was forgotten when it was taken, so there is nothing to settle; what is abandoned waits again.
    private sealed class Taken(InProcessNudgeQueue queue, Nudge nudge) : TakenNudge
    {
        public override Nudge Nudge => nudge;

        public override int Delivery => 1;

        public override CancellationToken Lost => CancellationToken.None;

        public override Task CompleteAsync() => Task.CompletedTask;

        public override Task AbandonAsync() => queue.SendAsync(nudge, CancellationToken.None);

        public override Task PutAsideAsync(string reason) => Task.CompletedTask;
    }
}
