namespace ChatOps.Discord;

/// <summary>What is needed to go on with a session after its connection is lost.</summary>
internal sealed class GatewaySession
{
    /// <summary>Its id; null before it has begun.</summary>
    public string? Id { get; private set; }

    /// <summary>Where it can be resumed; null where Discord did not say.</summary>
    public Uri? ResumeAt { get; private set; }

    /// <summary>The number of the last event that was received; null before the first.</summary>
    public long? Sequence { get; private set; }

    public void Begin(string? id, Uri? resumeAt, long? sequence) => (Id, ResumeAt, Sequence) = (id, resumeAt, sequence);

    public void End() => Begin(null, null, null);

    /// <summary>Its own address does not answer: back to the common one.</summary>
    public void ForgetAddress() => ResumeAt = null;

    /// <summary>Counts an event; false when it was received before.</summary>
    public bool IsNew(long? sequence)
    {
        if (sequence <= Sequence)
            return false;
        Sequence = sequence ?? Sequence;
        return true;
    }
}
