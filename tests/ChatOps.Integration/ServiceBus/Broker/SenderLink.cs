using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ChatOps.Integration.ServiceBus.Broker;

/// <summary>The broker's end of a sender.</summary>
internal sealed class SenderLink(BrokerQueue queue) : LinkEndpoint
{
    // How Service Bus frames several messages in one transfer.
    private const uint BatchFormat = 0x80013700;

    private const uint LargestMessage = 256 * 1024;

    /// <summary>A sender comes.</summary>
    public static void Attach(AttachContext attach, BrokerQueue queue)
    {
        attach.Attach.MaxMessageSize = LargestMessage;
        attach.Complete(new SenderLink(queue), 100);
    }

    public override void OnMessage(MessageContext messageContext)
    {
        try
        {
            foreach (var content in ContentsOf(messageContext.Message))
            {
                var session = BrokerMessage.SessionOf(content)
                    ?? throw new InvalidOperationException("the queue has sessions, and the message has none");
                queue.Enqueue(session, content);
            }

            messageContext.Complete();
        }
        catch (InvalidOperationException e)
        {
            messageContext.Complete(new Error(new Symbol(ErrorCode.NotAllowed)) { Description = e.Message });
        }
    }

    public override void OnFlow(FlowContext flowContext) { }

    public override void OnDisposition(DispositionContext dispositionContext) { }

    private static IEnumerable<byte[]> ContentsOf(Message message)
    {
        if (message.Format == BatchFormat || message.BodySection is DataList)
            return message.BodySection is DataList list
                ? Enumerable.Range(0, list.Count).Select(i => list[i].Binary)
                : [((Data)message.BodySection).Binary];
        var buffer = message.Encode();
        return [buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray()];
    }
}
