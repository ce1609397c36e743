using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace ChatOps.Integration.ServiceBus.Broker;

/// <summary>
/// A node that is asked by messages and answers by messages, over a pair of links: <c>$cbs</c>, and <c>$management</c> of a queue.
/// </summary>
/// <param name="answers">The answer to a request on a connection.</param>
internal sealed class RequestLink(Func<Connection, Message, Message> answers) : LinkEndpoint
{
    private readonly ConcurrentDictionary<(Connection, string), ListenerLink> _replies = [];

    /// <summary>One of the pair comes.</summary>
    public void Attach(AttachContext attach)
    {
        if (!attach.Link.Role)
        {
            var key = (attach.Link.Session.Connection, ((Target)attach.Attach.Target).Address);
            _replies[key] = attach.Link;
            attach.Link.Closed += (_, _) => _replies.TryRemove(key, out var _);
            attach.Attach.SndSettleMode = SenderSettleMode.Settled;
        }

        attach.Complete(this, 100);
    }

    public override void OnMessage(MessageContext messageContext)
    {
        var (connection, request) = (messageContext.Link.Session.Connection, messageContext.Message);
        if (!_replies.TryGetValue((connection, request.Properties.ReplyTo), out var reply))
        {
            messageContext.Complete(
                new Error(new(ErrorCode.NotFound)) { Description = $"no link for answers to {request.Properties.ReplyTo}" }
            );
            return;
        }

        var answer = answers(connection, request);
        answer.Properties = new Properties();
        answer.Properties.SetCorrelationId(request.Properties.GetMessageId());
        messageContext.Complete();
        reply.SendMessage(answer);
    }

    public override void OnFlow(FlowContext flowContext) { }

    public override void OnDisposition(DispositionContext dispositionContext) { }
}
