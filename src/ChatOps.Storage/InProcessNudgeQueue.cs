using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

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
    private readonly Dictionary<Name<Gateway>, int> _abandoned = [];

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
    public Task SendLaterAsync(Nudge nudge, TimeSpan pause, TimeProvider clock, CancellationToken cancel)
    {
        _ = Task.Delay(pause, clock, cancel)
            .ContinueWith(
                _ => SendAsync(nudge, CancellationToken.None),
                cancel,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default
            );
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TakenNudge> ReceiveAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var gateway in _order.Reader.ReadAllAsync(cancel))
        {
            var (nudge, delivery) = Take(gateway);
            yield return new Taken(this, nudge, delivery);
        }
    }

    // Taken before it is handed out: what is sent from now on may be about something newer than the receiver will read.
    private (Nudge Nudge, int Delivery) Take(Name<Gateway> gateway)
    {
        lock (_waiting)
        {
            _waiting.Remove(gateway, out var nudge);
            return (nudge!, _abandoned.GetValueOrDefault(gateway) + 1);
        }
    }

    private void Settle(Name<Gateway> gateway)
    {
        lock (_waiting)
            _abandoned.Remove(gateway);
    }

    private Task AbandonAsync(Nudge nudge, int delivery)
    {
        lock (_waiting)
            _abandoned[nudge.Gateway] = delivery;
        return SendAsync(nudge, CancellationToken.None);
    }

    // It was forgotten when it was taken; what is abandoned waits again.
    private sealed class Taken(InProcessNudgeQueue queue, Nudge nudge, int delivery) : TakenNudge
    {
        public override Nudge Nudge => nudge;

        public override string Text => NudgeText.Write(nudge);

        public override int Delivery => delivery;

        public override CancellationToken Lost => CancellationToken.None;

        public override Task CompleteAsync()
        {
            queue.Settle(nudge.Gateway);
            return Task.CompletedTask;
        }

        public override Task AbandonAsync() => queue.AbandonAsync(nudge, delivery);

        public override Task PutAsideAsync(string reason) => CompleteAsync();
    }
}
