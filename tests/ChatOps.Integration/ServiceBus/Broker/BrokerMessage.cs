using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace ChatOps.Integration.ServiceBus.Broker;

/// <summary>A message as the broker keeps it.</summary>
/// <param name="Sequence">Its number in the queue.</param>
/// <param name="Content">As it was sent.</param>
/// <param name="EnqueuedAt">When it came.</param>
internal sealed record BrokerMessage(long Sequence, byte[] Content, DateTime EnqueuedAt)
{
    /// <summary>How often a delivery of it has failed.</summary>
    public int Failures { get; set; }

    /// <summary>The tag of the delivery that is on its way; null when it waits.</summary>
    public byte[]? Tag { get; set; }

    /// <summary>Why it is a dead letter.</summary>
    public (string Reason, string Description)? DeathBy { get; set; }

    /// <summary>The session that a sender put it into.</summary>
    public static string? SessionOf(byte[] content) => Decode(content).Properties?.GroupId;

    /// <summary>What a receiver gets: the content, and what only the broker knows about it.</summary>
    public TaggedMessage ForDelivery(DateTime lockedUntil)
    {
        Tag = Guid.NewGuid().ToByteArray();
        var from = Decode(Content);
        var message = new TaggedMessage(Tag)
        {
            Header = new Header { DeliveryCount = (uint)Failures },
            MessageAnnotations = from.MessageAnnotations ?? new MessageAnnotations(),
            Properties = from.Properties,
            ApplicationProperties = from.ApplicationProperties ?? new ApplicationProperties(),
            BodySection = from.BodySection,
        };
        message.MessageAnnotations[new Symbol("x-opt-sequence-number")] = Sequence;
        message.MessageAnnotations[new Symbol("x-opt-enqueued-time")] = EnqueuedAt;
        message.MessageAnnotations[new Symbol("x-opt-locked-until")] = lockedUntil;
        if (DeathBy is var (reason, description))
        {
            message.ApplicationProperties["DeadLetterReason"] = reason;
            message.ApplicationProperties["DeadLetterErrorDescription"] = description;
        }

        return message;
    }

    private static Message Decode(byte[] content) => Message.Decode(new ByteBuffer(content, 0, content.Length, content.Length));
}

/// <summary>A message on its way to a receiver, with the delivery tag that is its lock's token.</summary>
internal sealed class TaggedMessage(byte[] tag) : Message
{
    public byte[] Tag => tag;
}
