namespace ChatOps.Integration.ServiceBus.Broker;

/// <summary>Messages in their order, for one receiver at a time: a session, or the dead letters.</summary>
internal sealed class Lane(string? session)
{
    public string? Session => session;

    /// <summary>All that is not settled. What is delivered keeps its place, so that it comes first again.</summary>
    public LinkedList<BrokerMessage> Messages { get; } = [];

    public ReceiverLink? Holder { get; set; }

    public DateTime LockedUntil { get; set; }

    public bool IsFree => Holder is null && Messages.Count > 0;
}
