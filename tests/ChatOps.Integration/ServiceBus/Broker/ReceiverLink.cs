using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ChatOps.Integration.ServiceBus.Broker;

/// <summary>
/// The broker's end of a receiver: sends what its lane has as far as the receiver's credit goes, and hears what became of it.
/// </summary>
internal sealed class ReceiverLink(BrokerQueue queue, Lane lane, ListenerLink link) : LinkEndpoint
{
    public static readonly Symbol SessionFilter = new("com.microsoft:session-filter");

    private int _credit;

    public Lane Lane => lane;

    /// <summary>Sends what may be sent; under the queue's lock.</summary>
    public void Pump()
    {
        while (_credit > 0 && !link.IsClosed && lane.Messages.FirstOrDefault(m => m.Tag is null) is { } message)
        {
            _credit--;
            link.SendMessage(message.ForDelivery(lane.LockedUntil));
        }
    }

    /// <summary>Ends the link of a receiver whose lock has run out.</summary>
    public void Expel() =>
        _ = link.CloseAsync(
            TimeSpan.FromSeconds(5),
            new Error(new Symbol("com.microsoft:session-lock-lost")) { Description = $"the lock on {lane.Session} has run out" }
        );

    public override void OnFlow(FlowContext flowContext) =>
        queue.Locked(() =>
        {
            _credit = Math.Max(0, _credit + flowContext.Messages);
            if (lane.Holder == this)
                Pump();
            if (link.IsDraining)
            {
                _credit = 0;
                link.CompleteDrain();
            }
        });

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // Settled by the library, because the link has ended: OnLinkClosed knows of it.
        if (dispositionContext.Settled)
            return;
        var state = dispositionContext.DeliveryState;
        var isDone = queue.Settle(this, ((TaggedMessage)dispositionContext.Message).Tag, state);
        DeliveryState answer = isDone
            ? state is Rejected
                ? new Rejected()
                : state
            : new Rejected
            {
                Error = new Error(new Symbol("com.microsoft:session-lock-lost"))
                {
                    Description = $"the lock on {lane.Session} has run out",
                },
            };
        link.DisposeMessage(dispositionContext.Message, answer, settled: true);
    }

    public override void OnLinkClosed(ListenerLink _, Error error) => queue.Release(this, failed: false);
}
